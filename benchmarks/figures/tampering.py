"""Random tamperings of a store and of a packet: how many were not found, or not located."""

import random
import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Measurement
from benchmarks.recorded_store import fill, load_judge, open_in
from benchmarks.report_cases import draw_case, options
from benchmarks.tamperings import tamper_packet, tamper_store
from line.verify import UnreadablePlaceError, verify_memory, verify_packet
from reports.dossier import Materials
from reports.prepare import prepare
from reports.render import render
from storage.custody.log import SignedHead

FULL, QUICK = 1000, 60
PAGES = 6
SIGNING_KEY = bytes(range(32))


def measure(quick: bool, seed: int) -> Measurement:
    """A half of them in a store, a half in a packet; each against a fresh copy."""
    tries = QUICK if quick else FULL
    chance = random.Random(seed)
    missed: Counter[str] = Counter()
    done: Counter[str] = Counter()
    with TemporaryDirectory(prefix="undercut-bench-") as name:
        folder = Path(name)
        head = _template(folder / "template", seed)
        for _ in range(tries // 2):
            what, found = _in_store(folder, head, chance)
            done[what] += 1
            missed[what] += not found
        packet = _packet(seed)
        for _ in range(tries - tries // 2):
            what, found = _in_packet(folder / "packet.zip", packet, chance)
            done[what] += 1
            missed[what] += not found
    named = {f"missed: {what}": float(count) for what, count in sorted(missed.items()) if count}
    return Measurement(float(missed.total()), {"tamperings": float(tries), "kinds": float(len(done)), **named})


def _template(folder: Path, seed: int) -> SignedHead:
    folder.mkdir()
    store = open_in(folder)
    try:
        fill(store, load_judge(), PAGES, seed)
        return store.custody.signed_heads()[-1]
    finally:
        store.close()


def _in_store(folder: Path, head: SignedHead, chance: random.Random) -> tuple[str, bool]:
    place = folder / "tampered"
    shutil.copytree(folder / "template", place)
    try:
        done = tamper_store(place, chance)
        store = open_in(place)
        try:
            problems = verify_memory(store, [head]).problems
        finally:
            store.close()
        return done.what, any(done.must_name.strip() in f"{problem} " for problem in problems)
    finally:
        shutil.rmtree(place)


def _in_packet(place: Path, packet: bytes, chance: random.Random) -> tuple[str, bool]:
    changed, done = tamper_packet(packet, chance)
    if changed == packet:
        return done.what, True
    place.write_bytes(changed)
    try:
        problems = verify_packet(place).problems
    except UnreadablePlaceError:
        return done.what, True  # what cannot be read at all is found too
    return done.what, any(done.must_name in problem for problem in problems)


def _packet(seed: int) -> bytes:
    dossier = prepare(draw_case(seed).case, options())
    return render(dossier, "packet", Materials(signing_key=SIGNING_KEY)).files[0].content


FIGURE = Figure(
    "tampering", "random tamperings of a store and a packet that were not found and located", goal=0.0,
    unit="missed", measure=measure, at_least=False,
)  # fmt: skip
