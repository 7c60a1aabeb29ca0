"""Trained runs in forms that leave the project: a folder for model hubs, and ONNX graphs."""
