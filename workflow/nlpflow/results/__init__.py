"""Many runs side by side: comparisons, cards, expected results, archive."""
