"""PyTorch without a window: every panel's work, as values in and values out."""
