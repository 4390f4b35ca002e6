"""Exports are made in one child process, and prove themselves in another."""
