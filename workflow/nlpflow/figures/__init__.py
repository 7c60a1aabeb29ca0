"""Plots, each a matplotlib figure drawn from tables or arrays."""
