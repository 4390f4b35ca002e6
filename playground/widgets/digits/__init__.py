"""The digit pad: draw a digit, see what the network sees and what it answers."""
