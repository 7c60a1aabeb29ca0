"""Corpora become datasets: normalised, split without leakage, filtered."""
