"""The desk where reports are made: prepare, look, review, approve, hand over, hear back. Nothing leaves by itself.

The command line and the console call these functions and nothing beneath. What is approved is a digest over exactly
the files that are kept, the mail's text and address among them; what is sent is those files.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from domain.case import Role
from domain.errors import UndercutError
from domain.report import (
    Actor,
    HandOver,
    Report,
    Submission,
    acknowledge,
    approve,
    hand_over,
    record_refused,
    record_removed,
    record_returned,
    send_back,
    submit_for_review,
)
from line.access import Permission, permissions_of
from line.report_case import Gathered, Matter, gather, matter_of
from line.report_mail import letter_of
from rates.book import RateBook
from reports.covering import covering_mail
from reports.directory import Recipient, RecipientKind, load_directory, options_for, read_recipient
from reports.dossier import Materials, Reporter
from reports.format import Rendered, RenderedFile
from reports.prepare import ReportOptions, persons_of, prepare, report_uuid
from reports.render import check_materials, formats, render
from storage.console_memory import ConsoleMemory
from storage.overlay import OverlayKind
from storage.reports import KeptFile, KeptReport, Reply

NOT_CONFIGURED = Reporter("Reporter not configured", "reports@reporter.invalid", "reporter.invalid")
WISHES = frozenset(
    {"kind", "provider", "tlp", "denied", "pictures", "legal_ground", "legal_explanation", "legal_citation",
     "legal_role", "bona_fide", "without_account", "to", "alerts"}
)  # fmt: skip
Post = Callable[[EmailMessage], str]


class ReportDeskError(UndercutError):
    """What was asked for cannot be done with this report; the message says what can."""


@dataclass(frozen=True, slots=True)
class ReportHouse:
    """Who reports, and with what: keys, prices, and how mail leaves (`post` is None where no mail server is set)."""

    reporter: Reporter
    pseudonym_key: bytes
    signing_key: bytes
    rates: RateBook
    mail_from: str = ""
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as it stands, with exactly what would be sent and the digest that stands for all of it."""

    kept: KeptReport
    files: tuple[KeptFile, ...]
    recipient: Recipient
    content_sha256: str


class ReportDesk:
    """The desk of one installation."""

    def __init__(self, memory: ConsoleMemory, house: ReportHouse) -> None:
        self.memory = memory
        self.house = house
        self.reports = memory.store.reports

    def recipients(self) -> Mapping[str, Recipient]:
        """Everybody who takes reports: shipped ones, and the operator's own over them."""
        entries = self.memory.store.overlay.current(OverlayKind.RECIPIENT)
        return load_directory(read_recipient(entry.content, f"{entry.name} in the store") for entry in entries)

    def recipient(self, identifier: str) -> Recipient:
        """One recipient; raises ReportDeskError that lists the known ones."""
        known = self.recipients()
        if identifier not in known:
            raise ReportDeskError(f"no recipient {identifier[:60]!r}; known: {', '.join(sorted(known))}")
        return known[identifier]

    def actor(self, name: str, *, approving: bool = False) -> Actor:
        """Who acts and in which role; raises ReportDeskError for somebody who may not.

        Where nobody has an account yet, whoever works at this machine is taken at their word.
        """
        role = Role.REVIEWER if approving else Role.ANALYST
        if not self.memory.accounts.all():
            return Actor(name, role)
        account = self.memory.accounts.named(name)
        granted = permissions_of(account.roles) if account is not None and account.active else frozenset()
        if account is None or Permission.DECIDE not in granted:
            raise ReportDeskError(f"{name[:60]!r} is nobody who may report here; name an analyst or lead with --by")
        return Actor(account.name, Role.LEAD if Permission.LEAD in granted else role)

    def prepare(
        self, name: str, recipient_id: str, format_name: str, wish: Mapping[str, str], actor: Actor, now: datetime
    ) -> Opened:
        """A draft about a case, an alert or a key, rendered and kept. An empty format is the desk's favourite.

        Raises a ReportError, ReportCaseError or ReportDeskError that says what is missing.
        """
        unknown = sorted(set(wish) - WISHES)
        if unknown:
            raise ReportDeskError(f"unknown wishes: {', '.join(unknown)}")
        recipient = self.recipient(recipient_id)
        chosen = format_name or recipient.formats[0]
        if chosen not in formats():
            raise ReportDeskError(f"no report format {chosen[:40]!r}; there are {', '.join(sorted(formats()))}")
        matter = matter_of(self.memory, name)
        serial = f"{chosen} {len(self.reports.about(matter.subject))}"
        report = Report(
            report_id=str(report_uuid(matter.case_id, recipient.id, now.isoformat(), serial)),
            case_id=matter.case_id, recipient=recipient.id, format=chosen, submission=recipient.submission,
            prepared_by=actor, prepared_at=now,
        )  # fmt: skip
        kept = KeptReport(report, matter.subject, dict(wish), None, ())
        files, gathered = self._render(kept, recipient)
        kept = replace(kept, places=gathered.places)
        self.reports.add(kept, files)
        return self.open(report.report_id)

    def open(self, name: str) -> Opened:
        """A report by its id or the first characters of it, rendered now if it never was. Raises ReportDeskError."""
        kept = self.find(name)
        recipient = self.recipient(kept.report.recipient)
        files = self.reports.files(kept.report.report_id)
        if not files and kept.report.content_sha256 is None:
            files, gathered = self._render(kept, recipient)
            self.reports.render_again(kept.report, files, gathered.places)
        return Opened(kept, files, recipient, _digest(kept.report.format, files))

    def find(self, name: str) -> KeptReport:
        """A report by its id or the first characters of it."""
        found = self.reports.find(name.strip(), limit=2) if name.strip() else ()
        exact = [one for one in found if one.report.report_id == name.strip()]
        if len(found) != 1 and not exact:
            what = "no report's id begins" if not found else "more than one report begins"
            raise ReportDeskError(f"{what} with {name[:40]!r}; `undercut report list` shows them")
        return (exact or list(found))[0]

    def render_again(self, name: str, wish: Mapping[str, str] | None = None) -> Opened:
        """A draft made anew out of what is known now; what stood in it before is gone."""
        kept = self.find(name)
        if wish is not None and dict(wish) != dict(kept.wish):
            raise ReportDeskError("what a report is for does not change; prepare another one")
        files, gathered = self._render(kept, self.recipient(kept.report.recipient))
        self.reports.render_again(kept.report, files, gathered.places)
        return self.open(kept.report.report_id)

    def submit(self, name: str, actor: Actor, now: datetime) -> Opened:
        """Put exactly what is kept to review; refused while an alert is not confirmed or no reporter is named."""
        opened = self.open(name)
        if self.house.reporter == NOT_CONFIGURED:
            raise ReportDeskError(
                "nobody is named as reporter; set [reports] organisation, email and domain in undercut.toml, then "
                "`undercut report again` makes the draft anew"
            )
        if opened.kept.report.corrects is None:
            undecided = self._gather(opened.kept, opened.recipient)[0].undecided
            if undecided:
                raise ReportDeskError(
                    f"{len(undecided)} of its alerts are not confirmed ({undecided[0][:12]} is one); decide them "
                    "first: a report rests on what a person confirmed"
                )
        return self._moved(opened, submit_for_review(opened.kept.report, actor, opened.content_sha256, now))

    def approve(self, name: str, content_sha256: str, actor: Actor, now: datetime) -> Opened:
        """A second person approves exactly that content."""
        opened = self.open(name)
        if opened.content_sha256 != opened.kept.report.content_sha256:
            raise ReportDeskError("what is kept is not what was put to review; send it back and make it anew")
        return self._moved(opened, approve(opened.kept.report, actor, content_sha256.strip().lower(), now))

    def send_back(self, name: str, reason: str, actor: Actor, now: datetime) -> Opened:
        """Back to draft, with the reason."""
        opened = self.open(name)
        return self._moved(opened, send_back(opened.kept.report, actor, reason, now))

    def handed_over(self, name: str, actor: Actor, now: datetime) -> Opened:
        """A person filed exactly these files in the recipient's own way."""
        opened = self.open(name)
        return self._moved(opened, hand_over(opened.kept.report, actor, opened.content_sha256, HandOver.BY_PERSON, now))

    def mail(self, name: str, actor: Actor, now: datetime) -> tuple[Opened, str]:
        """Send the approved mail with its files, once a person said so; gives the server's answer.

        Raises TransitionError for what is not approved or a recipient that takes no mail from programs, and whatever
        the mail server refuses with; then it is still approved. A repeat after a crash is the same message to mail
        programs (one Message-ID for one content).
        """
        opened = self.open(name)
        after = hand_over(opened.kept.report, actor, opened.content_sha256, HandOver.MAIL, now)
        if self.house.post is None:
            raise ReportDeskError("no mail server is set; add a channel of the kind email, or hand the files over")
        letter = letter_of(
            opened.kept.report.report_id, opened.content_sha256, opened.files, self.house.mail_from,
            self.house.reporter, now,
        )  # fmt: skip
        answer = self.house.post(letter)
        return self._moved(opened, after), answer

    def heard(self, name: str, what: str, note: str, actor: Actor, now: datetime) -> Opened:
        """What became of it: `acknowledged`, `removed`, `refused` (with the reason) or `returned`."""
        moves = {
            "acknowledged": acknowledge, "removed": record_removed, "refused": record_refused,
            "returned": record_returned,
        }  # fmt: skip
        if what not in moves:
            raise ReportDeskError(f"{what[:40]!r} is nothing that is heard; there are {', '.join(moves)}")
        opened = self.open(name)
        return self._moved(opened, moves[what](opened.kept.report, actor, note, now))

    def reply(self, name: str, text: str, actor: Actor, now: datetime) -> tuple[str, ...]:
        """Keep an answer of somebody concerned, and prepare the report anew for everybody who was told of the matter.

        Gives the ids of the drafts.
        """
        if not text.strip() or len(text) > 4000:
            raise ReportDeskError("an answer has 1 to 4000 characters")
        matter = matter_of(self.memory, name)
        self.reports.answer(matter.subject, Reply(text.strip(), actor.identity, now))
        told = {
            (one.report.recipient, one.report.format): one
            for one in reversed(self.reports.about(matter.subject))
            if one.report.handed_over_at is not None and one.report.corrects is None
        }
        drafts = [
            self.prepare(matter.subject, recipient, format_name, one.wish, actor, now)
            for (recipient, format_name), one in told.items()
        ]
        return tuple(draft.kept.report.report_id for draft in drafts)

    def _moved(self, opened: Opened, after: Report) -> Opened:
        self.reports.move(opened.kept.report, after)
        return self.open(after.report_id)

    def _gather(self, kept: KeptReport, recipient: Recipient) -> tuple[Gathered, ReportOptions]:
        matter = matter_of(self.memory, kept.subject)
        if kept.wish.get("alerts"):
            matter = _only(matter, kept.wish["alerts"].split(","))
        options = replace(
            options_for(
                recipient, self.house.reporter, kept.report.prepared_at, self.house.pseudonym_key,
                with_account=kept.wish.get("without_account") != "yes",
            ),
            report_id=kept.report.report_id, correction=kept.correction, corrects=kept.report.corrects,
        )  # fmt: skip
        provider = recipient.id if recipient.kind is RecipientKind.PROVIDER else None
        return gather(self.memory, matter, kept.wish, self.house.rates, options, provider), options

    def _render(self, kept: KeptReport, recipient: Recipient) -> tuple[tuple[KeptFile, ...], Gathered]:
        gathered, options = self._gather(kept, recipient)
        options = replace(options, tlp=gathered.case.tlp)
        dossier = prepare(gathered.case, options)
        materials = check_materials(
            dossier, Materials(gathered.bodies, self.house.signing_key), persons_of(gathered.case)
        )
        files: Sequence[RenderedFile] = render(dossier, kept.report.format, materials).files
        to = _address(recipient, kept.wish.get("to", ""))
        if recipient.submission is Submission.MAIL and to:
            files = (covering_mail(dossier, to, files), *files)
        return tuple(KeptFile(file.name, file.media_type, file.content) for file in files), gathered


def _only(matter: Matter, alert_ids: Sequence[str]) -> Matter:
    return replace(matter, alert_ids=tuple(one for one in matter.alert_ids if one in alert_ids) or tuple(alert_ids))


def _address(recipient: Recipient, wanted: str) -> str:
    known = [way.email for way in recipient.ways if way.email]
    if wanted and wanted not in known:
        raise ReportDeskError(
            f"{recipient.id} has no address {wanted[:80]!r} in the directory; there are {', '.join(known) or 'none'}"
        )
    return wanted or (known[0] if known else "")


def _digest(format_name: str, files: Sequence[KeptFile]) -> str:
    return Rendered(format_name, tuple(RenderedFile(f.name, f.media_type, f.body) for f in files)).content_sha256


def write_files(files: Sequence[KeptFile], folder: Path) -> tuple[Path, ...]:
    """The files in a folder, which is made; raises ReportDeskError rather than write over another file."""
    written = []
    for file in files:
        path = folder / file.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.read_bytes() == file.body:
                written.append(path)
                continue
            with path.open("xb") as opened:
                opened.write(file.body)
        except FileExistsError as error:
            raise ReportDeskError(f"{path} is there already with other content; choose another folder") from error
        except OSError as error:
            raise ReportDeskError(f"cannot write {path}: {error.strerror}") from error
        written.append(path)
    return tuple(written)
