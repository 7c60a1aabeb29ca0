"""Makes datasets of corpora: normalised, split without leakage, filtered."""
