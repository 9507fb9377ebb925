"""English pages use British dates."""
