"""One figure per file, found by being on disk and defining `FIGURE`."""
