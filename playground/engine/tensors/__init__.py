"""Tensors seen from inside: what they are, what an operation does, and how gradients come about."""
