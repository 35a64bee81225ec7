"""What a report format is: one way to write a dossier down, and the rules by which its output is checked."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from reports.dossier import Dossier, Materials

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}(?:/[a-z0-9][a-z0-9_.-]{0,80}){0,3}")


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file of a report. The name is made by us, never from collected text."""

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        if not _SAFE_NAME.fullmatch(self.name) or ".." in self.name:
            raise ValueError(f"a report's file name must be plain and ours: {self.name!r}")

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A whole rendering. `content_sha256` is what a second person approves and what may be sent: of one file its own
    digest, of several the digest of the lines `<sha256>  <name>`."""

    format: str
    files: tuple[RenderedFile, ...]

    @property
    def content_sha256(self) -> str:
        """The digest that stands for all of it."""
        if len(self.files) == 1:
            return self.files[0].sha256
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return hashlib.sha256(lines.encode("ascii")).hexdigest()


Render = Callable[[Dossier, Materials], tuple[RenderedFile, ...]]
Check = Callable[[tuple[RenderedFile, ...]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """One report format, found by being on disk in `reports/formats/` and defining `FORMAT`.

    `render` is pure and gives the same bytes for the same dossier; it raises NotRenderableError where the case lacks
    what the format must have. `check` names everything in the files that breaks the format's rules, and nothing else.
    """

    name: str
    title: str
    audience: str
    render: Render
    check: Check
