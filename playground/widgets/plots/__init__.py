"""The plots of a run: loss and accuracy."""
