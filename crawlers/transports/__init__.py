"""Ways of getting a page, each a seam that can be swapped."""
