"""`undercut report`: from a case, an alert or a key to what a recipient gets, and what became of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from domain.clock import utc_now
from domain.hostile_text import clean_text, one_line
from jobs.cli import report_recipients, report_weekly
from jobs.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from line.report_desk import Opened
    from storage.reports import KeptReport


class _OrPrepare(TyperGroup):
    """`undercut report 7 --to github` is `undercut report prepare 7 --to github`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = next((arg for arg in args if not arg.startswith("-")), None)
        if first is not None and args[0] == first and first not in self.commands:
            args = ["prepare", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_OrPrepare,
    help="Reports: `undercut report CASE --to RECIPIENT` prepares one; nothing is sent without a second person's word.",
    no_args_is_help=True,
)
app.command("weekly")(report_weekly.weekly)
app.add_typer(report_recipients.app, name="recipients")

Name = Annotated[str, typer.Argument(help="the report's id, or its first characters")]
By = Annotated[str, typer.Option(help="who does it; an account's name once there are accounts", envvar="USER")]
Json = Annotated[bool, typer.Option("--json", help="JSON lines")]


@app.command("prepare")
def prepare(
    case: Annotated[str, typer.Argument(help="a case's number (7), an alert's id, or key:<digest>")],
    to: Annotated[str, typer.Option("--to", help="recipient; `undercut report recipients list` shows them")],
    format_name: Annotated[str, typer.Option("--format", help="the recipient's first choice without it")] = "",
    out: Annotated[Path | None, typer.Option(help="folder for the files; report-<id> here without it")] = None,
    kind: Annotated[str, typer.Option(help="resale, leaked_keys or scam, where a person says so")] = "",
    provider: Annotated[str, typer.Option(help="whose products; the most named one without it")] = "",
    tlp: Annotated[str, typer.Option(help="clear, green, amber, amber+strict or red")] = "",
    denied: Annotated[
        str, typer.Option("--permission-denied", help="the provider said that this seller may not: who said so, when")
    ] = "",
    pictures: Annotated[
        str, typer.Option("--with-pictures", help="let screenshots out: say that you looked, and why they may go")
    ] = "",
    legal_ground: Annotated[str, typer.Option(help="for a legal notice: fraud_or_deception, trademark ...")] = "",
    legal_explanation: Annotated[str, typer.Option(help="why it is illegal, at least 80 characters")] = "",
    legal_citation: Annotated[str, typer.Option(help="the law, where the ground needs one")] = "",
    good_faith: Annotated[bool, typer.Option("--good-faith", help="confirm it, as a legal notice asks")] = False,
    without_account: Annotated[bool, typer.Option("--without-account", help="file without an account there")] = False,
    mail_to: Annotated[str, typer.Option(help="which of the recipient's addresses")] = "",
    by: By = "operator",
    as_json: Json = False,
) -> None:
    """Prepare a draft, write its files to look at, and say what comes next. Nothing is sent."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk
    from line.report_desk import write_files

    wish = {
        "kind": kind, "provider": provider, "tlp": tlp, "denied": denied, "pictures": pictures,
        "legal_ground": legal_ground, "legal_explanation": legal_explanation, "legal_citation": legal_citation,
        "bona_fide": "yes" if good_faith else "", "without_account": "yes" if without_account else "", "to": mail_to,
    }  # fmt: skip
    with open_installation() as installation:
        desk = open_report_desk(installation)
        wished = {name: value for name, value in wish.items() if value}
        opened = desk.prepare(case, to, format_name, wished, desk.actor(by), utc_now())
    folder = out or Path(f"report-{opened.kept.report.report_id[:8]}")
    write_files(opened.files, folder)
    if as_json:
        print_json(_object(opened.kept) | {"folder": str(folder), "content_sha256": opened.content_sha256})
        return
    _show(opened)
    say(f"the files are in {folder}; look at them, then: undercut report review {opened.kept.report.report_id[:8]}")


@app.command("list")
def list_reports(
    state: Annotated[list[str] | None, typer.Option(help="draft, second_review, approved ...; several allowed")] = None,
    as_json: Json = False,
) -> None:
    """List reports, the newest first."""
    from domain.errors import UndercutError
    from domain.report import ReportState
    from jobs.installation import open_installation

    try:
        states = [ReportState(one) for one in state or ()]
    except ValueError as error:
        raise UndercutError(f"{error}; there are {', '.join(ReportState)}") from error
    with open_installation() as installation:
        found = installation.store.reports.all(states)
    if as_json:
        for one in found:
            print_json(_object(one))
        return
    print_table(
        ("report", "case", "recipient", "format", "state", "prepared", "by", "corrects"),
        [
            (r.report_id[:8], r.case_id, r.recipient, r.format, r.state.value, f"{r.prepared_at:%Y-%m-%d %H:%M}",
             r.prepared_by.identity, (r.corrects or "")[:8])
            for r in (one.report for one in found)
        ],
    )  # fmt: skip


@app.command("show")
def show(
    report: Name,
    out: Annotated[Path | None, typer.Option(help="write the files into this folder")] = None,
    content: Annotated[bool, typer.Option("--content", help="print every file that is text")] = False,
    as_json: Json = False,
) -> None:
    """Show where a report stands, its steps and later looks, and exactly what would be sent."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk
    from line.report_desk import write_files

    with open_installation() as installation:
        desk = open_report_desk(installation)
        opened = desk.open(report)
        looks = desk.reports.looks(opened.kept.report.report_id)
    if as_json:
        print_json(_object(opened.kept) | {"content_sha256": opened.content_sha256})
    else:
        _show(opened)
        for look in looks:
            typer.echo(clean_text(f"looked {look.at:%Y-%m-%d %H:%M}  {look.found}: {look.note}"))
    if content:
        for file in opened.files:
            if file.media_type.startswith(("text/", "application/json", "application/x-ndjson")):
                typer.echo(clean_text(f"--- {file.name}\n{file.body.decode('utf-8', 'replace')}"))
    if out is not None:
        write_files(opened.files, out)
        say(f"{len(opened.files)} files are in {out}")


@app.command("again")
def again(report: Name) -> None:
    """Make a draft anew out of what is known now."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        _show(open_report_desk(installation).render_again(report))


@app.command("review")
def review(report: Name, by: By = "operator") -> None:
    """Put exactly what is kept to the second review."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        desk = open_report_desk(installation)
        opened = desk.submit(report, desk.actor(by), utc_now())
    say(f"another person looks at it, then: undercut report approve {opened.kept.report.report_id[:8]} "
        f"--content {opened.content_sha256}")  # fmt: skip


@app.command("approve")
def approve(
    report: Name,
    content: Annotated[str, typer.Option("--content", help="the SHA-256 of what you looked at")],
    by: By = "operator",
) -> None:
    """Approve exactly that content, as another person than the one who prepared it."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        desk = open_report_desk(installation)
        opened = desk.approve(report, content, desk.actor(by, approving=True), utc_now())
    say(_next_step(opened))


@app.command("send-back")
def send_back(
    report: Name, reason: Annotated[str, typer.Argument(help="what has to change")], by: By = "operator"
) -> None:
    """Send a report back to draft, with the reason."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        desk = open_report_desk(installation)
        opened = desk.send_back(report, reason, desk.actor(by, approving=True), utc_now())
    say(f"{opened.kept.report.report_id[:8]} is a draft again")


@app.command("hand-over")
def hand_over(
    report: Name,
    by_mail: Annotated[
        bool, typer.Option("--mail", help="send the approved mail now; without it: you filed the files yourself")
    ] = False,
    by: By = "operator",
) -> None:
    """Say that you filed exactly the approved files, or send the approved mail."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        desk = open_report_desk(installation)
        if by_mail:
            opened, answer = desk.mail(report, desk.actor(by), utc_now())
            say(answer)
        else:
            opened = desk.handed_over(report, desk.actor(by), utc_now())
    say(f"{opened.kept.report.report_id[:8]} is handed over; the place is looked at again after 1, 3, 7, 14 ... days")


@app.command("heard")
def heard(
    report: Name,
    what: Annotated[str, typer.Argument(help="acknowledged, removed, refused or returned")],
    note: Annotated[str, typer.Option(help="the recipient's reference, or the reason of a refusal")] = "",
    by: By = "operator",
) -> None:
    """Write down what the recipient answered, or that the place shows it again."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        desk = open_report_desk(installation)
        opened = desk.heard(report, what, note, desk.actor(by), utc_now())
    say(f"{opened.kept.report.report_id[:8]} is {opened.kept.report.state.value}")


@app.command("outcomes")
def outcomes(file: Annotated[Path, typer.Argument(help="CSV or JSON lines")], by: By = "operator") -> None:
    """Import what recipients answered: accounts matched and closed, keys revoked, listings removed, refusals."""
    from domain.errors import UndercutError
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk
    from line.report_outcomes import import_outcomes

    try:
        body = file.read_bytes()
    except OSError as error:
        raise UndercutError(f"cannot read {file}: {error.strerror}") from error
    with open_installation() as installation:
        desk = open_report_desk(installation)
        lines = import_outcomes(desk, body, desk.actor(by))
    for line in lines:
        typer.echo(clean_text(f"{line.report_id}  {line.state or 'not used'}  {line.said}"))
    raise typer.Exit(1 if any(line.state is None for line in lines) else 0)


@app.command("recheck")
def recheck(
    everything: Annotated[bool, typer.Option("--all", help="also where no look is due yet")] = False,
    as_json: Json = False,
) -> None:
    """Look again at what was handed over: gone, still there, or back (a watching process does this each day)."""
    from dataclasses import asdict

    from jobs.installation import open_installation
    from line.report_recheck import recheck_reports
    from storage.console_memory import ConsoleMemory

    with open_installation() as installation:
        looked = recheck_reports(ConsoleMemory(installation.store), utc_now(), everything=everything)
    if as_json:
        for one in looked:
            print_json(asdict(one))
        return
    print_table(
        ("report", "case", "recipient", "found", "state", "note"),
        [(one.report_id[:8], one.case_id, one.recipient, one.found, one.state.value, one.note) for one in looked],
    )


@app.command("reply")
def reply(
    case: Annotated[str, typer.Argument(help="the case, alert or key it is about")],
    text: Annotated[str, typer.Argument(help="what somebody concerned answered")],
    by: By = "operator",
) -> None:
    """Keep an answer of somebody concerned, and prepare the report anew for everybody who was told."""
    from jobs.installation import open_installation
    from jobs.reporting import open_report_desk

    with open_installation() as installation:
        desk = open_report_desk(installation)
        drafts = desk.reply(case, text, desk.actor(by), utc_now())
    say(f"the answer is kept; {len(drafts)} drafts wait for review: {', '.join(one[:8] for one in drafts) or 'none'}")


def _show(opened: "Opened") -> None:
    report, recipient = opened.kept.report, opened.recipient
    typer.echo(clean_text(f"report {report.report_id}, {report.case_id}, {report.format} to {recipient.name}"))
    if report.corrects:
        typer.echo(clean_text(f"takes back {report.corrects}: {opened.kept.correction}"))
    typer.echo(f"state {report.state.value}, content sha256 {opened.content_sha256}")
    for step in report.steps:
        who = f"{step.actor.identity} ({step.actor.role.value})"
        said = f"  {step.at:%Y-%m-%d %H:%M}  {step.state.value}  {who} {step.note}"
        typer.echo(clean_text(one_line(said, 300)))
    print_table(
        ("file", "type", "bytes", "sha256"),
        [(f.name, f.media_type, str(len(f.body)), _sha256(f.body)) for f in opened.files],
    )
    for way in recipient.ways:
        typer.echo(clean_text(one_line(f"way in: {way.email or way.form or way.account}: {', '.join(way.accepts)}")))
    typer.echo(clean_text(f"who may file: {recipient.who_may_file}"))
    if recipient.limits:
        typer.echo(clean_text(f"limits: {recipient.limits}"))
    say(_next_step(opened))


def _next_step(opened: "Opened") -> str:
    report, short = opened.kept.report, opened.kept.report.report_id[:8]
    submission = opened.recipient.submission.value
    if report.state.value == "approved":
        by_mail = f"undercut report hand-over {short} --mail" if submission == "mail" else ""
        return by_mail or f"a person files it; then: undercut report hand-over {short}"
    return {"draft": f"a draft; nothing was sent (the recipient takes reports as {submission})",
            "second_review": "waits for a second person"}.get(report.state.value, report.state.value)  # fmt: skip


def _object(kept: "KeptReport") -> dict[str, object]:
    report = kept.report
    return {
        "report": report.report_id,
        "case": report.case_id,
        "subject": kept.subject,
        "recipient": report.recipient,
        "format": report.format,
        "state": report.state.value,
        "submission": report.submission.value,
        "prepared_at": report.prepared_at.isoformat(),
        "handed_over_at": report.handed_over_at.isoformat() if report.handed_over_at else None,
        "reference": report.reference,
        "corrects": report.corrects,
        "steps": [
            {"state": s.state.value, "at": s.at.isoformat(), "role": s.actor.role.value, "note": s.note}
            for s in report.steps
        ],
    }


def _sha256(body: bytes) -> str:
    from hashlib import sha256

    return sha256(body).hexdigest()
