"""The model card: a run as one HTML file."""
