"""Experiments as plain PyTorch programs that run without the playground."""
