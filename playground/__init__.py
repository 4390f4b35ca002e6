"""PyTorch Playground: a first PyTorch course, alive in one window."""

__version__ = "0.1.0"
