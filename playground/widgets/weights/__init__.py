"""What of a file's weights fits."""
