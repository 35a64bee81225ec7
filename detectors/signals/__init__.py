"""Reasons for and against, one file each, found by being on disk and defining `SIGNAL`."""
