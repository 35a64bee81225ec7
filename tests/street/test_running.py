"""`python -m street`: one line that says where it stands, and an end when its keeper goes."""

import http.client
import json
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from street.running import REPOSITORY, street_in_process


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "street", *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("end", ["stdin", "sigterm"])
def test_it_announces_itself_and_ends_with_its_keeper(end: str) -> None:
    with started("--port", "0", "--announce") as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["process_id"] == process.pid
        place = urlsplit(said["sites"]["telegram"])
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=10)
        connection.request("GET", "/s/quiet_room_example")
        assert connection.getresponse().status == 200
        connection.close()
        if end == "stdin":
            assert process.stdin is not None
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.slow
def test_sites_can_stand_on_addresses_of_their_own() -> None:
    with started("--announce", "--spread") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert process.stdin is not None
        process.stdin.close()
        if not line:
            pytest.skip("this system has one loopback address only")
        hosts = [address.split(":")[1] for address in json.loads(line)["sites"].values()]
        assert len(set(hosts)) == len(hosts)


@pytest.mark.slow
def test_a_port_that_is_taken_gives_one_message_and_status_1() -> None:
    with street_in_process() as opened:
        port = opened.sites["directory"].rpartition(":")[2]
        with started("--port", port) as process:
            assert process.wait(20) == 1
            assert process.stderr is not None
            assert process.stderr.read().startswith("street: cannot open directory on 127.0.0.1:")
