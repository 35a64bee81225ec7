"""Secrets planted in texts: how many stand anywhere in the store's folder or its exports after the line."""

import random
import string
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Measurement
from benchmarks.planted import count_found, exports_of
from benchmarks.recorded_store import load_judge, open_in, record_page

PLANTED = 20
_SHAPES = (
    "sk-ant-api03-{}", "sk-proj-{}", "sk-or-v1-{}", "sk-{}", "hf_{}", "ghp_{}", "xai-{}", "gsk_{}", "pplx-{}", "r8_{}",
)  # fmt: skip


def measure(quick: bool, seed: int) -> Measurement:
    """Twenty secrets of ten kinds, each in a listing of its own."""
    chance = random.Random(seed)
    secrets = [_SHAPES[number % len(_SHAPES)].format(_letters(chance)) for number in range(PLANTED)]
    judge = load_judge()
    with TemporaryDirectory(prefix="undercut-bench-") as name:
        folder = Path(name)
        store = open_in(folder)
        try:
            for number, secret in enumerate(secrets):
                record_page(store, judge, number, [f"Claude API key for sale, $5: {secret} works, DM @shop_example"])
            store.search.catch_up()
            exports = exports_of(store)
            found = count_found(secrets, folder, [exports])
            # The sealed bodies hold them: that they can be found where they must be shows that the search works.
            kept = sum(secret.encode() in body for secret in secrets
                       for body in map(store.evidence.open, store.evidence.names()))  # fmt: skip
        finally:
            store.close()
        found = max(found, count_found(secrets, folder, [exports]))
    return Measurement(float(found), {"planted": float(PLANTED), "in_sealed_bodies": float(kept)})


def _letters(chance: random.Random) -> str:
    return "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(40))


FIGURE = Figure(
    "planted_secrets", "planted secrets found in database, files and exports", goal=0.0, unit="found",
    measure=measure, at_least=False,
)  # fmt: skip
