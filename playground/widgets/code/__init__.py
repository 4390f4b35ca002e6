"""A window for program text."""
