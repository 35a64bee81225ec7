"""The street's load site, opened for a benchmark, with a configuration that watches it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from street.running import street_in_process
from street.site import Options
from street.sites.load import page_addresses

CHANNELS = 4
SOURCE = "street/load"
LONGEST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class LoadStreet:
    """Where the pages are, and the files to watch them with."""

    addresses: tuple[str, ...]
    config_file: Path
    folder: Path


@contextmanager
def open_load_street(pages: int, seed: int) -> Iterator[LoadStreet]:
    """The load site with `pages` pages of 20 listings in all, over four channels."""
    each = max(1, pages // CHANNELS)
    arguments = ("--load-pages", str(each), "--load-channels", str(CHANNELS), "--seed", str(seed))
    with TemporaryDirectory(prefix="undercut-bench-") as name, street_in_process(arguments) as street:
        folder = Path(name)
        base = street.sites["load"].rstrip("/")
        options = Options(load_pages=each, load_channels=CHANNELS, seed=seed)
        _write_configuration(folder, base, each)
        yield LoadStreet(tuple(page_addresses(options, base)), folder / "undercut.toml", folder)


def run_module(module: str, *arguments: str) -> dict[str, Any]:
    """Run one of our modules in a process of its own and read the JSON line that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with status {done.returncode}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _write_configuration(folder: Path, base: str, pages: int) -> None:
    channels = ", ".join(f'"{base}/s/load_{number:04}"' for number in range(1, CHANNELS + 1))
    (folder / "sources" / "street").mkdir(parents=True)
    (folder / "sources" / "street" / "load.yml").write_text(
        f"name: {SOURCE}\nfamily: telegram_preview\nstart_urls: [{channels}]\n"
        "purpose: measures the line\nowner: benchmarks\ncadence: PT1H\n"
        f'options: {{pages: ["{pages}"]}}\n'
        "access: public\nterms_limit_programs: true\n"
        "manners: {delay_seconds: 10, pages_per_day: 500}\n",
        encoding="utf-8",
    )
    (folder / "undercut.toml").write_text(
        f'data_folder = "data"\nsources_folder = "sources"\nonly_sources = ["{SOURCE}"]\n'
        f'allowed_hosts = ["{urlsplit(base).netloc}"]\n\n'
        '[terms_reviews.telegram_preview]\nreviewed_by = "benchmarks"\nreviewed_on = 2026-11-24\n',
        encoding="utf-8",
    )
