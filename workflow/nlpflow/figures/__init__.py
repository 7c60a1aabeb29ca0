"""Plots from tables."""
