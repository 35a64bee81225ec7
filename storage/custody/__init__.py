"""The custody log: commitments, the chain of entries, and finding out whether anything was changed since."""
