"""Templates to pages: everything is escaped, and the words for times, shares and money are made in one place."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from domain.hostile_text import clean_text, defang, one_line
from line.review_page import percent, words
from line.review_reasons import reason_label

FOLDER = Path(__file__).resolve().parent
STATIC = FOLDER / "static"
LANGUAGES = {
    "zh": "Chinese", "en": "English", "ru": "Russian", "vi": "Vietnamese", "fa": "Persian", "ar": "Arabic",
    "es": "Spanish", "pt": "Portuguese", "tr": "Turkish", "ja": "Japanese", "ko": "Korean", "id": "Indonesian",
    "hi": "Hindi", "uk": "Ukrainian", "de": "German", "fr": "French", "th": "Thai", "und": "language unknown",
}  # fmt: skip


def moment(value: datetime | None) -> str:
    """A time as people compare it: `2026-11-24 16:13`, always UTC."""
    return f"{value:%Y-%m-%d %H:%M}" if value else "never"


def iso(value: datetime) -> str:
    """A time for programs."""
    return value.isoformat(timespec="seconds")


@pass_context
def age(context: Context, value: datetime | None) -> str:
    """How long ago: `3 min`, `5 h`, `12 d`."""
    if value is None:
        return "never"
    seconds = max(0, int((context["visit"].now - value).total_seconds()))
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86400} d"


def usd(value: Decimal | None) -> str:
    """An amount of dollars in few letters: `$1.2k`."""
    if value is None:
        return ""
    for limit, letter in ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(1000), "k")):
        if value >= limit:
            return f"${value / limit:.3g}{letter}"
    return f"${value:.3g}"


def shown(text: object, most: int = 200) -> str:
    """Text of others on one line."""
    return one_line(str(text), most)


def probability(value: float) -> str:
    """A probability in words that never claims certainty."""
    if value > 0.99:
        return "over 99 %"
    return "under 1 %" if value < 0.01 else f"{value * 100:.0f} %"


def language(code: str) -> str:
    """A language's name."""
    return LANGUAGES.get(code, code)


def in_address(text: object) -> str:
    """Text of others as part of an address; what has no UTF-8 becomes a question mark."""
    return quote(str(text), safe="", errors="replace")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "moment": moment, "iso": iso, "age": age, "usd": usd, "shown": shown, "percent": percent, "words": words,
        "probability": probability, "defang": defang, "clean": clean_text, "language": language,
        "reason_label": reason_label, "urlencode": in_address,
    }  # fmt: skip
    return environment


_ENVIRONMENT = _environment()


def render_page(template: str, **shown_things: Any) -> str:
    """A page's HTML."""
    html = _ENVIRONMENT.get_template(template).render(**shown_things)
    # A lone surrogate has no UTF-8 and would end the answer half-way.
    return html.encode("utf-8", "replace").decode("utf-8")
