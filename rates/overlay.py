"""Reading `rates/providers/*.yml`: what the library lacks, each row with its source and the day it was checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from rates.errors import RatesFileError
from rates.schema import CreditEntry, ModelEntry, NamedEntry, PlanEntry, ProviderFile

PROVIDERS_FOLDER = Path(__file__).parent / "providers"


@dataclass(frozen=True, slots=True)
class OverlayFile:
    """One provider's file: its name, its bytes as read, and what it says."""

    name: str
    content: bytes
    provider: ProviderFile


@lru_cache(maxsize=4)
def read_overlay(folder: Path = PROVIDERS_FOLDER) -> tuple[OverlayFile, ...]:
    """Every provider's file of the folder, in order of name.

    Raises RatesFileError that names the file, the row and the mend for the first file that is not as it should be.
    """
    return tuple(parse_provider(path.name, path.read_bytes()) for path in sorted(folder.glob("*.yml")))


def parse_provider(name: str, content: bytes) -> OverlayFile:
    """One file's content, validated; raises RatesFileError."""
    document = load_yaml(name, content)
    try:
        return OverlayFile(name, content, ProviderFile.model_validate(document))
    except ValidationError as error:
        raise RatesFileError("\n".join(describe(name, error, document))) from error


def named_entries(provider: ProviderFile) -> tuple[ModelEntry | PlanEntry | NamedEntry | CreditEntry, ...]:
    """Everything in a file that has an id and names."""
    return (
        *provider.models,
        *provider.plans,
        *provider.families,
        *provider.free_accounts,
        *provider.credits,
    )


def load_yaml(name: str, content: bytes) -> object:
    """The YAML document (JSON is YAML too); raises RatesFileError naming the line."""
    try:
        return yaml.load(content, Loader=_loader())  # noqa: S506 - both loaders below are the safe ones
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise RatesFileError(f"{name}{place}: not readable as YAML ({problem}); mend the line") from error


def describe(name: str, error: ValidationError, document: object) -> Iterator[str]:
    """One line for every mistake of a document: the file, the row with what it is called, and the mend."""
    for mistake in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in mistake["loc"]) or "the whole file"
        called = _called(document, mistake["loc"])
        mend = _MENDS.get(mistake["type"], "correct it")
        yield f"{name}: {place}{called}: {mistake['msg']}; {mend}"


_MENDS = {
    "missing": "add it",
    "extra_forbidden": "remove it or correct its spelling",
    "url_parsing": "give a full https address",
    "date_from_datetime_parsing": "write the day as YYYY-MM-DD",
}


def _called(document: object, place: tuple[int | str, ...]) -> str:
    """What the nearest enclosing rows call themselves, so that nobody has to count."""
    called: list[str] = []
    here = document
    for step in place:
        try:
            here = here[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(here, dict):
            name = here.get("id") or here.get("name") or here.get("from")
            if name is not None:
                called.append(str(name))
    return f" ({', '.join(called)})" if called else ""


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
