"""Word vectors, pretrained or from a run, in every format."""
