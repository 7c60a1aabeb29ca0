"""Typed settings of configs and of the registry, with their checks and documentation.

The specification of each task, and the paths and parameters of the Snakemake rules, are also here.
"""
