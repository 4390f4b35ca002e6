"""Models and pictures that leave the playground."""
