"""Readers of raw files: pairs, sentences, tagged words, word lists; bad lines are listed."""
