"""Makes datasets from corpora: normalises the text, splits it without leakage, and filters it."""
