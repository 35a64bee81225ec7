"""What can go wrong between a case and a file."""

from domain.errors import UndercutError


class ReportError(UndercutError):
    """A report cannot be made; the message names the case and what is missing."""


class NotRenderableError(ReportError):
    """This case has nothing that this format could carry, or lacks what the format must have."""


class InvalidReportError(ReportError):
    """A rendered report broke its format's own rules; it must not leave."""


class AuthorisedListingError(ReportError):
    """A listing that is sold with permission stands in a case that would accuse it."""


class DirectoryError(ReportError):
    """A recipient is unknown, or its file is not as the directory needs it."""
