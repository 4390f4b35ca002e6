"""Networks: what was asked for (`spec`), the catalogue of layers, building and analysing them."""
