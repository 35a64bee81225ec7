"""Files that a person saved, taken apart into the answers they hold; nothing is ever unpacked to a disk."""
