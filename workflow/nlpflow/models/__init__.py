"""Neural networks as PyTorch modules. They take tensors and know no settings and no files."""
