"""Trains the classic neural NLP models reproducibly from raw public data."""

VERSION = "0.2.0"
