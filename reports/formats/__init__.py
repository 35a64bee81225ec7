"""One report format per file, found by being on disk and defining `FORMAT`."""
