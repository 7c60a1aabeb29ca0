"""Typed configs and registry, their checks and docs; specs of tasks; the plan of the rules."""
