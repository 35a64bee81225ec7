"""Every command that the how-tos on reports name, run as it stands there."""

import re
import shlex
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from domain.clock import utc_now
from domain.decision import Outcome
from domain.listing import Handle, HandleRole
from jobs.cli.app import app
from line.decide import Verdict, decide
from line.report_weekly import monday_of
from storage.console_memory import ConsoleMemory
from storage.leaked_keys import LeakedKeyRecord, add_leaked_keys
from storage.store import open_store
from tests.storage.conftest import SOURCE, Builder

pytestmark = pytest.mark.slow
HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to"
SHA = "ab" * 32
SETTINGS = '[reports]\norganisation = "Example Watch"\nemail = "reports@watch.example"\ndomain = "watch.example"\n'
SECURITY_TXT = "Contact: mailto:security@openai.example\nExpires: 2099-01-01T00:00:00Z\n"
WHOIS = (
    "Domain Name: SHOP.EXAMPLE\nRegistrar: Example Registrar\nRegistrar Abuse Contact Email: abuse@registrar.example\n"
)
NEEDS_A_REPORT = ("review", "show", "approve", "hand-over", "send-back", "again", "heard", "outcomes", "reply")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "undercut.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNDERCUT_CONFIG", str(tmp_path / "undercut.toml"))
    build = Builder()
    build.clock.now = utc_now()
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'undercut.sqlite'}", _made(tmp_path / "data"))
    memory = ConsoleMemory(store)
    listing = build.listing("1", url="https://t.me/lantern_shop/1", platform="telegram",
                            handles=(Handle("telegram", "lantern_shop", HandleRole.SELLER),))  # fmt: skip
    key = build.listing(f"leaked-key/{SHA[:16]}@9", url="https://github.com/example/demo/blob/main/a.py")
    page = build.page(build.assessed(listing=listing), build.assessed(listing=key))
    sold, leaked = (alert.alert_id for alert in store.record(page).opened)
    record = LeakedKeyRecord(SHA, SOURCE, "9", "openai_project_key", "openai", "sk-proj-", key.url, "text", utc_now())
    with store.database.writing() as connection:
        add_leaked_keys(connection, [record])
    for alert in (sold, leaked):
        decide(memory, alert, Verdict(Outcome.CONFIRMED, "resold_access", "seen"), "carla", utc_now())
    for number in range(1, 10):
        memory.cases.open(f"Case {number}", (leaked if number == 9 else sold,), "carla", utc_now())
    store.close()
    (tmp_path / "security.txt").write_text(SECURITY_TXT)
    (tmp_path / "rdap.json").write_text(WHOIS)
    recipient = re.search(r"    id: example-host\n(?:    .*\n)+", (HOW_TO / "report-recipients.md").read_text())
    assert recipient is not None
    (tmp_path / "example-host.yml").write_text(re.sub(r"(?m)^    ", "", recipient.group()))
    return tmp_path


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def commands() -> list[list[str]]:
    lines = [line for path in sorted(HOW_TO.glob("report-*.md")) for line in path.read_text().splitlines()]
    found = [shlex.split(line.strip(), comments=True)[1:] for line in lines if re.match(r" {4,}undercut report ", line)]
    return [one for one in found if one[1] not in NEEDS_A_REPORT]


def test_every_command_of_the_how_tos_does_what_it_says(house: Path) -> None:
    named = commands()
    assert len(named) > 15
    for number, command in enumerate(named):
        wanted = list(command)
        if wanted[1] == "weekly":
            wanted[-1] = monday_of(utc_now().date()).isoformat()
        if wanted[1].isdigit() or wanted[1] == "weekly":
            wanted += ["--out", str(house / f"out-{number}")]
        done = run(*wanted)
        allowed = {0, 1} if wanted[1:3] == ["recipients", "check"] else {0}
        assert done.exit_code in allowed, (wanted, done.output, done.exception)


def test_the_workflow_of_the_how_to_goes_from_draft_to_answer(house: Path) -> None:
    made = run("report", "7", "--format", "text", "--to", "github", "--by", "anna", "--out", "o", "--json")
    draft = orjson.loads(made.stdout.splitlines()[-1])
    name, content = draft["report"], draft["content_sha256"]
    assert run("report", "review", name, "--by", "anna").exit_code == 0
    assert "CORRECTION" not in run("report", "show", name, "--content").stdout
    assert run("report", "approve", name, "--content", content, "--by", "anna").exit_code != 0
    assert run("report", "send-back", name, "wrong title", "--by", "ben").exit_code == 0
    assert run("report", "again", name).exit_code == 0
    assert run("report", "review", name, "--by", "anna").exit_code == 0
    now = re.search(r"content sha256 ([0-9a-f]{64})", run("report", "show", name).stdout)
    assert now is not None
    assert run("report", "approve", name, "--content", now[1], "--by", "ben").exit_code == 0
    assert run("report", "hand-over", name, "--mail", "--by", "ben").exit_code != 0
    assert run("report", "hand-over", name, "--by", "ben").exit_code == 0
    assert run("report", "heard", name, "acknowledged", "--note", "T-1").exit_code == 0
    (house / "answers.csv").write_text(
        f"report_id,at,listings_removed\n{name},{utc_now().isoformat()},1\n", encoding="utf-8"
    )
    assert "removed" in run("report", "outcomes", "answers.csv").stdout
    assert run("report", "recheck", "--all").exit_code == 0
    assert run("report", "reply", "7", "we are a partner").exit_code == 0
    states = {orjson.loads(line)["state"] for line in run("report", "list", "--json").stdout.splitlines()}
    assert states == {"removed", "draft"}
