"""What a family is: the pure parser of one kind of site software, and the first requests it asks for."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source


@dataclass(frozen=True, slots=True)
class Recognition:
    """How sure a family is that a page is its software (0 to 1), and the marks that say so.

    A site that merely imitates one answer is not enough: give over 0.5 only for independent marks.
    """

    family: str
    confidence: float
    marks: tuple[str, ...]


def recognise_nothing(page: Page) -> Recognition | None:
    """For families that are named by a person and never recognised."""
    return None


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of site software.

    `read` is a pure function of the stored bytes and never raises for what a page says: a page that is not
    understood is a Reading in state `not_understood` with the reason. `first_requests` turns a source's addresses
    and options into the first pages to ask for.
    """

    name: str
    software: str
    platform: str
    read: Callable[[Page], Reading]
    first_requests: Callable[[Source], tuple[FurtherRequest, ...]]
    recognise: Callable[[Page], Recognition | None] = recognise_nothing
