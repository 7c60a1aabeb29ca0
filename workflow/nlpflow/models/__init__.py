"""Networks only: they know tensors, no settings and no files."""
