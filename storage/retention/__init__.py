"""Keeping and forgetting: how long bodies are kept, what holds them longer, and erasing a listing on request."""
