"""Typst, held on a short rein: a template of ours, data as JSON, pictures under names of ours, the same bytes again."""

import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import orjson
import typst

from reports.errors import ReportError


class PictureError(ReportError):
    """A picture among the evidence is not one that can be shown."""


def print_pdf(template: str, inputs: Mapping[str, object], pictures: Mapping[str, bytes], prepared_at: str) -> bytes:
    """A tagged PDF. `inputs` are given to the template as JSON text, `pictures` are files beside it.

    Raises ReportError with Typst's message when the template cannot show the data.
    """
    source = files("reports").joinpath("templates", template).read_bytes()
    with tempfile.TemporaryDirectory(prefix="undercut-print-") as folder:
        root = Path(folder)
        (root / "main.typ").write_bytes(source)
        for name, body in pictures.items():
            (root / name).write_bytes(body)
        try:
            made = typst.compile(
                str(root / "main.typ"),
                root=str(root),
                format="pdf",
                sys_inputs={name: orjson.dumps(value).decode("utf-8") for name, value in inputs.items()},
                timestamp=_seconds(prepared_at),
                pdf_tags=True,
            )
        except RuntimeError as error:
            if "image" in str(error) and pictures:
                raise PictureError(f"a picture could not be decoded: {str(error)[:200]}") from error
            raise ReportError(f"the PDF could not be set with {template}: {str(error)[:300]}") from error
    if not isinstance(made, bytes):
        raise ReportError(f"{template} gave no single PDF")
    return made


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
