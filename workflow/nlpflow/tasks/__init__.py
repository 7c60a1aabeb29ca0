"""The tasks: each trains, evaluates and plots its runs."""
