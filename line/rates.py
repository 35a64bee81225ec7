"""Official prices as people ask for them."""

from dataclasses import dataclass
from datetime import date

from domain.rate import Rate
from rates.book import RateBook, load_rate_book
from rates.catalogue import Product
from rates.errors import UnknownProductError
from rates.updates import RateUpdate, parse_update
from storage.overlay import OverlayKind
from storage.store import Store


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """What was asked for, and every official row of it that holds on the day."""

    product: Product
    on: date
    rows: tuple[Rate, ...]
    floor: Rate | None


def show_rates(book: RateBook, name: str, on: date) -> RateAnswer:
    """The rows of a product, by any spelling of its name; raises UnknownProductError with the nearest names."""
    product_id = book.resolve(name) or name
    rows = tuple(sorted(book.rates(product_id, on), key=_standard_first))
    product = book.product(product_id)
    if product is None:
        raise UnknownProductError(f"no product {name[:80]!r} in the rates")
    return RateAnswer(product, on, rows, book.regional_floor(product_id, on))


def _standard_first(rate: Rate) -> tuple[bool, str, bool, str, str]:
    return rate.tier != "standard", rate.tier, rate.region != "global", rate.region, rate.unit.value


def rate_fields(rate: Rate) -> dict[str, object]:
    """A row in the form that programs read: amounts as strings, dates as ISO 8601, an unknown validity said."""
    return {
        "product": rate.product,
        "provider": rate.provider,
        "amount": f"{rate.price.amount:f}",
        "currency": rate.price.currency,
        "unit": rate.unit.value,
        "tier": rate.tier,
        "region": rate.region,
        "period_days": rate.period_days,
        "valid_from": rate.valid_from.isoformat() if rate.valid_from else None,
        "valid_to": rate.valid_to.isoformat() if rate.valid_to else None,
        "validity": validity(rate),
        "source": rate.source_url,
        "checked": rate.checked_on.isoformat() if rate.checked_on else None,
        "notes": dict(rate.notes),
    }


def validity(rate: Rate) -> str:
    """The days on which a row holds, in words."""
    if rate.valid_from is None and rate.valid_to is None:
        return "validity unknown"
    start = rate.valid_from.isoformat() if rate.valid_from else "unknown"
    return f"{start} to {rate.valid_to.isoformat()}" if rate.valid_to else f"since {start}"


def add_update(store: Store, held: tuple[RateUpdate, ...], name: str, content: bytes, *, author: str) -> int:
    """Keep a file of updates, once it is seen to fit what is held; the version it has in the store.

    Raises RatesFileError for a file that cannot be read or that contradicts a row that is there.
    """
    update = parse_update(name, content)
    load_rate_book([*(one for one in held if one.name != name), update])
    return store.overlay.put(OverlayKind.RATE_UPDATE, name, content.decode("utf-8"), author=author).version
