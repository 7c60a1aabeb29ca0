"""Scores of all tasks, and the significance of a difference between two systems."""
