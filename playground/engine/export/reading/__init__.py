"""Weights and models of anyone, read without running any of them."""
