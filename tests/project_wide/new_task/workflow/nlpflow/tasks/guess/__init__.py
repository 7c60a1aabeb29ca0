"""The task guess."""
