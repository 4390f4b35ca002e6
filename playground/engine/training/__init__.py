"""Training a network: what was asked for (`spec`), what happens (`events`), and the run itself."""
