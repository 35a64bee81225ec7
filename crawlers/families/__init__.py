"""One pure parser per kind of site software, found by being on disk and defining `FAMILY`."""
