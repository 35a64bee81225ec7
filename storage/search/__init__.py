"""Search in listings, in any script, with the same answers on both databases."""
