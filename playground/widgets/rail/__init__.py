"""The bar at the left that switches workspaces."""
