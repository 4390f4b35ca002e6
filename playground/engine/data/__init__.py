"""Data sets: what was asked for (`spec`), their facts, and loading them as resident tensors."""
