"""Functions on text: normalisations, n-grams, windows, tag schemes, streams, addresses."""
