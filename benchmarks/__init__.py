"""Ratios measured side by side in one run, each with a target: `make bench`."""
