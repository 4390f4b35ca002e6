"""What several panels share: the palette, messages, small parts."""
