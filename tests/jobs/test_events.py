"""A crawl and its worker understand each other."""

import pytest

from jobs.events import CrashEvent, CrawlEvent, EndEvent, EventError, FailureEvent, PageEvent, read_event, write_event


@pytest.mark.parametrize(
    "event",
    [
        PageEvent("http://shop.example.test/", "fresh", "", 20, ("a-1", "a-2"), 4),
        FailureEvent("http://shop.example.test/\n", "timeout", "no answer\nin 30 s"),
        EndEvent(3, 2, 1, "blocked: a challenge"),
        CrashEvent("the disk is full"),
    ],
)
def test_every_event_is_one_line_and_comes_back(event: CrawlEvent) -> None:
    line = write_event(event)
    assert line.count(b"\n") == 1
    assert read_event(line.rstrip(b"\n")) == event


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b'{"kind":"page"}', b'{"kind":"bake"}', b"Traceback"])
def test_anything_else_is_named(line: bytes) -> None:
    with pytest.raises(EventError, match="no event"):
        read_event(line)
