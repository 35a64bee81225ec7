"""The root of every error that Undercut raises on purpose, so that edges can tell ours from a defect."""


class UndercutError(Exception):
    """Something went wrong that a person can act on: the message says what, where and what to do."""
