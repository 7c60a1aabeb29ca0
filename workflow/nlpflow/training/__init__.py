"""The training loop, which knows no task, with its state and checkpoints."""
