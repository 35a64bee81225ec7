"""Fitted weights as reviewed data."""
