"""How fast each device is, felt."""
