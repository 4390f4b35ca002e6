"""What leaves the playground: plain PyTorch programs and models."""
