"""Searches over a decoder: greedy and beam."""
