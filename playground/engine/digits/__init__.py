"""Digits drawn by hand: from a picture to what the net sees, and its answer."""
