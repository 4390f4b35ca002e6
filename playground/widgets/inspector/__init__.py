"""The inspector panel: one tensor from inside: its memory, its numbers, and what they look like."""
