"""The golden outputs: `python -m tests.reports.goldens` writes them anew; read the difference before committing it.

A PDF and a packet differ with the fonts of a machine, so what is kept of them is what goes into them: the data that the
page is set from, and the names and the README of the packet.
"""

import io
import zipfile
from pathlib import Path

import orjson

from domain.case import Case
from reports.document import document_data
from reports.render import render
from tests.reports.cases import dossier, key_case, legal_basis, make_case, materials

FOLDER = Path(__file__).parent / "golden"
WHOLE = ("csv", "dsa_notice", "html", "jsonl", "misp", "stix", "text", "xarf")


def golden_case() -> Case:
    """The case that every golden output shows."""
    return make_case(legal_basis=legal_basis())


def golden_outputs() -> dict[str, bytes]:
    """Path below the golden folder to content."""
    made = {}
    for name in WHOLE:
        for file in render(dossier(golden_case()), name, materials()).files:
            made[f"{name}/{file.name}"] = file.content
    made["leaked_keys/leaked_keys.json"] = render(dossier(key_case()), "leaked_keys").files[0].content
    made["xarf/keys/xarf-001.json"] = render(dossier(key_case()), "xarf").files[0].content
    made["text/correction/report.txt"] = (
        render(dossier(golden_case(), correction="the shop is the provider's own", corrects="r-1"), "text")
        .files[0].content
    )  # fmt: skip
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    made["pdf/data.json"] = orjson.dumps(document_data(dossier(golden_case())), option=options)
    packet = render(dossier(golden_case()), "packet", materials()).files[0].content
    with zipfile.ZipFile(io.BytesIO(packet)) as archive:
        made["packet/names.txt"] = "".join(f"{name}\n" for name in archive.namelist()).encode()
        made["packet/README.txt"] = archive.read("README.txt")
        with zipfile.ZipFile(io.BytesIO(archive.read("captures.wacz"))) as wacz:
            for name in ("indexes/index.cdx", "pages/pages.jsonl", "datapackage.json"):
                made[f"packet/wacz/{name.rpartition('/')[2]}"] = wacz.read(name)
    return made


if __name__ == "__main__":
    for path, content in golden_outputs().items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
