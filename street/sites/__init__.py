"""The sites, one file per kind of software; a new one is a file here that defines `open_sites`, and its content."""
