"""The memory as the line sees it: one database, one evidence store, and a small repository for each thing kept."""

from collections.abc import Sequence
from pathlib import Path

from domain.clock import Clock, utc_now
from storage.alerts import Alerts
from storage.channel_log import ChannelLog
from storage.crawl_memory import CrawlMemory
from storage.custody.chain import Head
from storage.custody.log import CustodyLog
from storage.database import Database, open_database
from storage.decisions import Decisions
from storage.evidence import EvidenceStore, open_evidence
from storage.histories import Histories
from storage.leads import Leads
from storage.leaked_keys import LeakedKeys
from storage.outbox import Outbox
from storage.overlay import Overlay
from storage.recording import record_page
from storage.records import PageRecord, Recorded
from storage.rejudging import Rejudging
from storage.reported_listings import ReportedListings
from storage.reports import Reports
from storage.retention.erasure import Erasure
from storage.retention.holds import Holds
from storage.retention.purging import Retention
from storage.schedule import Schedule
from storage.scheduler_lock import SchedulerLock
from storage.search.finder import Finder
from storage.snapshots import Snapshots
from storage.sources import Sources
from storage.verifying import StoreReport, verify_store
from storage.workers import Workers

EVIDENCE_FOLDER = "evidence"
MASTER_KEY_FILE = "master.key"


class Store:
    """Everything that is remembered. Threads may share it; every process opens its own."""

    def __init__(
        self, database: Database, evidence: EvidenceStore, clock: Clock = utc_now, *, actor: str = "line"
    ) -> None:
        self.database = database
        self.evidence = evidence
        self.snapshots = Snapshots(database)
        self.histories = Histories(database)
        self.alerts = Alerts(database)
        self.outbox = Outbox(database, clock)
        self.channel_log = ChannelLog(database)
        self.decisions = Decisions(database, clock)
        self.sources = Sources(database)
        self.crawl_memory = CrawlMemory(database, clock)
        self.leads = Leads(database)
        self.leaked_keys = LeakedKeys(database)
        self.overlay = Overlay(database, clock)
        self.scheduler_lock = SchedulerLock(database, clock)
        self.schedule = Schedule(database, clock)
        self.workers = Workers(database, clock)
        self.custody = CustodyLog(database, clock)
        self.search = Finder(database)
        self.holds = Holds(database, clock)
        self.retention = Retention(database, evidence, self.holds, clock)
        self.erasure = Erasure(database, evidence, self.holds, self.search, clock)
        self.rejudging = Rejudging(database, clock)
        self.reports = Reports(database, clock)
        self.reported = ReportedListings(database)
        self._clock = clock
        self._actor = actor

    def record(self, page: PageRecord) -> Recorded:
        """Write one page in one transaction: snapshot, listings, versions, sightings, findings, alerts and notices.

        All of it is kept or none. When this returns, it survives a power cut. Recording the same page again changes
        nothing but sightings. The body itself is kept before, by `evidence.keep`.
        """
        with self.database.writing() as connection:
            return record_page(connection, page, self._clock(), self._actor)

    def verify(self, anchors: Sequence[Head] = ()) -> StoreReport:
        """Is everything as it was recorded? `anchors` are heads that were kept elsewhere."""
        return verify_store(self.database, self.evidence, self.custody, anchors)

    def close(self) -> None:
        """Let go of the database."""
        self.database.dispose()


def open_store(url: str, data_folder: Path, *, master_key_file: Path | None = None, clock: Clock = utc_now) -> Store:
    """Open (and make, and migrate) the memory: the database at a URL, the evidence under the data folder.

    Raises a StorageError that says what is wrong and what to do.
    """
    database = open_database(url)
    try:
        key_file = master_key_file or data_folder / MASTER_KEY_FILE
        evidence = open_evidence(data_folder / EVIDENCE_FOLDER, key_file)
    except BaseException:
        database.dispose()
        raise
    return Store(database, evidence, clock)
