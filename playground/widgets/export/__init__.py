"""Models that leave the playground, each with the proof that it computes what the net computes."""
