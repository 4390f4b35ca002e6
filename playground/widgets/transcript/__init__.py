"""What was run and clicked, as a script."""
