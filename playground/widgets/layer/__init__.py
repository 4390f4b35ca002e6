"""The layer panel: filters, weights, activations and the arithmetic of one value."""
