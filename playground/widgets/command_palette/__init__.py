"""Every command by name: type a few letters, press Return."""
