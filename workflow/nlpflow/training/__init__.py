"""The training loop shared by all tasks, with its state, schedules and checkpoints."""
