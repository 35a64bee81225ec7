"""What a worker says: one JSON object a line on standard error, with nothing secret in it."""

import logging
import sys
from datetime import UTC, datetime
from typing import Final

import orjson

from domain.hostile_text import one_line
from domain.secrets import mask_secrets

MOST_CHARACTERS: Final = 600
_OURS: Final = ("jobs", "line", "alerts", "storage", "crawlers", "console")
logger: Final = logging.getLogger("jobs.events")


class JsonLines(logging.Formatter):
    """A record as one JSON object: time, level, logger, event, and the fields given as `extra={"fields": ...}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, masked and cleaned."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": _plain(record.getMessage()),
        }
        for name, value in getattr(record, "fields", {}).items():
            said[name] = _plain(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = _plain(f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}")
        return orjson.dumps(said, default=lambda value: _plain(str(value))).decode()


def log_lines() -> None:
    """Let everything of ours speak as JSON lines from now on, and everybody else only of what is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def say_event(event: str, **fields: object) -> None:
    """Something happened: a name for machines, and its particulars."""
    logger.info(event, extra={"fields": fields})


def _plain(text: str) -> str:
    return one_line(mask_secrets(text), MOST_CHARACTERS)
