"""The one error of the street; its message says what is wrong in the content or the start-up, and where."""


class StreetError(Exception):
    """The street cannot open, or something in its content does not hold together."""
