"""Pretrained and own word vectors, in every format."""
