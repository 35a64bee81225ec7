"""One way to tell a person per file, found by being on disk and defining `CHANNEL`."""
