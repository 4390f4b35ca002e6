"""Which minimum every start reaches, as a picture."""
