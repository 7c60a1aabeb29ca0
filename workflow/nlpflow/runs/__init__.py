"""A run on disk, its card, and the machine that it was made on."""
