"""Text without corpora: normalisations, n-grams, windows, tag schemes, streams, addresses."""
