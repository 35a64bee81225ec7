"""From a text to the offers it makes, with every span into the original."""
