"""Functions of one number with their derivatives: activations, losses, one's own formula."""
