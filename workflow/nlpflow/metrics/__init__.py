"""Scores, and whether a difference between two systems is luck."""
