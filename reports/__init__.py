"""One case model and its renderings."""
