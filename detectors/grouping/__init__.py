"""Which listings are the same advert, and which handles the same seller."""
