"""What the console is served with: its address, the names it answers to, and a search index that keeps up."""

import socket
import time
from pathlib import Path

import pytest

from jobs.console import ConsoleError, hosts_of, is_loopback, keeping_search_up, listen
from storage.search.query import Search
from storage.store import open_store


def test_a_taken_port_is_refused_with_a_word_or_gone_around() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(ConsoleError, match=f"port {taken}"):
            listen("127.0.0.1", taken)
        with listen("127.0.0.1", taken, or_free_port=True) as free:
            assert free.getsockname()[1] not in {0, taken}


@pytest.mark.parametrize(
    ("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("192.0.2.1", False), ("x", False)]
)
def test_what_stays_on_this_machine(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_names_it_answers_to() -> None:
    assert hosts_of("127.0.0.1", 80, ("Desk.example.test",)) == {
        "127.0.0.1:80", "localhost:80", "[::1]:80", "desk.example.test",
    }  # fmt: skip
    assert hosts_of("10.0.0.1", 80, ()) == {"10.0.0.1:80"}


def test_the_search_index_keeps_up_and_lets_go(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)
    with keeping_search_up(store.search):
        until = time.monotonic() + 10
        while store.search.behind() and time.monotonic() < until:
            pass
    assert store.search.search(Search("nothing")).hits == ()
    store.close()
