"""Asking the outside world, politely, and saying what its pages say."""
