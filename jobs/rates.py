"""The rates as this installation sees them: what is shipped, and the updates that its store holds."""

from rates.book import RateBook, load_rate_book


def load_rates() -> RateBook:
    """The rate book that every command of this installation uses."""
    return load_rate_book()
