"""Both ways: what the window did as PyTorch lines, and what a console cell did as edits of the document."""
