"""The memory: the only place that knows SQL, and the store of evidence files."""
