"""Reads the market's content: YAML, JSON and text files below `street/content/`."""

import functools
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from street.errors import StreetError

FOLDER = Path(__file__).resolve().parent / "content"

# The C loader reads the same language several times faster; it is absent where PyYAML was built without libyaml.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAKE_KEY = re.compile(r"⟦key ([a-z]{1,20}) ([0-9]{1,4})⟧")
_KEY_SHAPES = {
    # kind: (prefix, how many hexadecimal characters follow)
    "anthropic": ("sk-ant-api03-", 64),
    "openai": ("sk-proj-", 48),
    "google": ("AIza", 35),
    "xai": ("xai-", 64),
}


@functools.cache
def text_of(name: str) -> str:
    """A content file as text, its fake keys filled in; raises StreetError where it is missing or not UTF-8."""
    path = FOLDER / name
    try:
        return fill_fake_keys(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StreetError(f"cannot read the street's content {name}: {error}") from error


@functools.cache
def yaml_of(name: str) -> Any:
    """A YAML content file."""
    try:
        return yaml.load(text_of(name), Loader=_Loader)  # noqa: S506 - both loaders are the safe one
    except yaml.YAMLError as error:
        raise StreetError(f"the street's content {name} is not YAML: {error}") from error


@functools.cache
def json_of(name: str) -> Any:
    """A JSON content file."""
    try:
        return json.loads(text_of(name))
    except json.JSONDecodeError as error:
        raise StreetError(f"the street's content {name} is not JSON: {error}") from error


def files_in(folder: str, suffix: str) -> Iterator[str]:
    """Names of the content files in a folder that end in `suffix`, in order."""
    yield from (f"{folder}/{path.name}" for path in sorted((FOLDER / folder).glob(f"*{suffix}")))


def folders_in(folder: str) -> Iterator[str]:
    """Names of the folders within a content folder, in order."""
    yield from (f"{folder}/{path.name}" for path in sorted((FOLDER / folder).iterdir()) if path.is_dir())


def fill_fake_keys(text: str) -> str:
    """`⟦key anthropic 1⟧` becomes a made-up key of that shape, so that no key-like string stands in the repository."""
    return _FAKE_KEY.sub(_fake_key, text) if "⟦" in text else text


def _fake_key(match: re.Match[str]) -> str:
    kind, number = match.group(1), match.group(2)
    if kind not in _KEY_SHAPES:
        raise StreetError(f"no shape for a fake key of kind {kind!r}; the shapes are {', '.join(_KEY_SHAPES)}")
    prefix, characters = _KEY_SHAPES[kind]
    return prefix + sha256(f"street {kind} {number}".encode()).hexdigest()[:characters]
