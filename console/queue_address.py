"""The queue's filter and its address: a view is its address, so that it can be shared, saved and gone back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import parse_qs, urlencode

from domain.alert import AlertStatus
from storage.accounts import Account
from storage.queue_filter import FACETS, SORTS, QueueFilter
from storage.reviews import Need

SEVERAL: Final = (*FACETS, "source")
COLUMNS: Final = {
    "share": "Share", "severity": "Severity", "lane": "Lane", "product": "Product", "value": "Value",
    "platform": "Platform", "language": "Language", "source": "Source", "age": "Age", "status": "Status",
}  # fmt: skip
DEFAULT_COLUMNS: Final = ("share", "severity", "product", "value", "platform", "age", "status")
OPEN: Final = (AlertStatus.OPEN.value, AlertStatus.CLAIMED.value)
MOST_VALUES, MOST_LETTERS = 20, 200
PAGE = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a filter in words, and the address without it."""

    name: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue's address, read: `chosen` holds what it names, in order."""

    chosen: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, query: str) -> "QueueView":
        """A view from the part of an address behind the question mark; what it does not understand is left out."""
        known = {*SEVERAL, "seller", "q", "below", "new", "mine", "needs", "sort", "cols"}
        # PostgreSQL compares nothing with NUL.
        fields = parse_qs(query[:4000].replace("%00", "%EF%BF%BD"), max_num_fields=200, errors="replace")
        pairs = [(name, value[:MOST_LETTERS]) for name, values in fields.items() for value in values[:MOST_VALUES]]
        return cls(tuple((name, value) for name, value in pairs if name in known and value))

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a part."""
        return tuple(value for key, value in self.chosen if key == name)

    def one(self, name: str) -> str:
        """The first value of a part, empty without one."""
        return next(iter(self.all(name)), "")

    @property
    def query(self) -> str:
        """The part of the address behind the question mark."""
        return urlencode(self.chosen, errors="surrogatepass")

    def with_(self, name: str, value: str) -> str:
        """The address with a part set to one value (taken out by an empty one)."""
        kept = [(key, old) for key, old in self.chosen if key != name]
        return urlencode([*kept, (name, value)] if value else kept, errors="surrogatepass")

    def toggled(self, name: str, value: str) -> str:
        """The address with one value of a part put in, or taken out where it stands."""
        if (name, value) in self.chosen:
            return urlencode([pair for pair in self.chosen if pair != (name, value)], errors="surrogatepass")
        return urlencode([*self.chosen, (name, value)], errors="surrogatepass")

    @property
    def sort(self) -> str:
        """The order asked for."""
        wanted = self.one("sort")
        return wanted if wanted in SORTS else SORTS[0]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns asked for."""
        chosen = tuple(name for name in self.all("cols") if name in COLUMNS)
        return chosen or DEFAULT_COLUMNS

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The filter's parts, each with the address without it."""
        shown = [(key, value) for key, value in self.chosen if key not in {"sort", "cols"}]
        return tuple(Chip(key, _label(key, value), self.toggled(key, value)) for key, value in shown)

    def filter(self, account: Account | None) -> QueueFilter:
        """What the memory is asked for; without a status the open alerts are meant, `any` means all."""
        several = {name: frozenset(self.all(name)) for name in SEVERAL}
        status = several["status"] or frozenset(OPEN)
        several["status"] = frozenset() if "any" in status else status
        return QueueFilter(
            **several,
            seller=self.one("seller"),
            text=self.one("q"),
            share_below=_share(self.one("below")),
            new_since=_new_since(account) if self.one("new") else None,
            holder=account.name if account and self.one("mine") else "",
            needs=Need(self.one("needs")) if self.one("needs") in set(Need) else Need.NOTHING,
        )


def _new_since(account: Account | None) -> datetime | None:
    return account.looked_at if account else None


def _share(text: str) -> Decimal | None:
    try:
        share = Decimal(text) / 100 if text else None
    except InvalidOperation:
        return None
    return share if share is not None and share.is_finite() and 0 <= share < 1000 else None


_LABELS: Final[Mapping[str, str]] = {
    "q": "text", "below": "share below", "new": "new since you looked", "mine": "held by me", "needs": "waits for",
}  # fmt: skip


def _label(key: str, value: str) -> str:
    name = _LABELS.get(key, key)
    if key in {"new", "mine"}:
        return name
    return f"{name} {value.replace('_', ' ')}" + (" %" if key == "below" else "")


BUILT_IN: Final[Sequence[tuple[str, str]]] = (
    ("All open", ""),
    ("New since you looked", "new=1"),
    ("Held by me", "mine=1"),
    ("Awaiting second review", "needs=second"),
    ("For a lead", "needs=lead"),
    ("Closed", "status=closed"),
)
