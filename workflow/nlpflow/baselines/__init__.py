"""Baselines that networks are compared with: count-based models and a feature-based CRF."""
