"""Search for the best output of a decoder: greedy search and beam search."""
