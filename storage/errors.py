"""What can go wrong with the memory, each with what a person can do about it."""

from domain.errors import UndercutError


class StorageError(UndercutError):
    """The memory cannot do what it was asked."""


class DatabaseUnreachableError(StorageError):
    """There is no database at the given URL, or it refuses us."""


class DatabaseLockedError(StorageError):
    """Another process holds the database for longer than we wait."""


class DatabaseFullError(StorageError):
    """The disk or the quota is full: the transaction was rolled back, nothing of it was kept."""


class DatabaseUnwritableError(StorageError):
    """The database or its folder may not be written."""


class DatabaseDamagedError(StorageError):
    """The file is not a database, or its pages contradict one another."""


class DatabaseVersionError(StorageError):
    """The database was made by another version of Undercut, or by another program."""


class MoneyRangeError(StorageError):
    """An amount does not fit the exact integer column it was meant for."""


class EvidenceMissingError(StorageError):
    """No evidence object of that name is kept here."""


class EvidenceDamagedError(StorageError):
    """An evidence object does not hold what its name says."""


class EvidenceUnwritableError(StorageError):
    """An evidence object could not be written whole: a full disk, say. Nothing half stands there."""


class MasterKeyError(StorageError):
    """The key that seals evidence is missing, unreadable, open to others, or another one."""


class CopyError(StorageError):
    """A memory cannot be copied as asked, or its copy is not the same."""


class BackupError(StorageError):
    """A backup cannot be made, is not whole, or may not be restored there."""


class SigningKeyError(StorageError):
    """The key that signs heads and packets cannot be used."""


class SchedulerRunningError(StorageError):
    """Another scheduler works on this store."""


class SchedulerLostError(StorageError):
    """The scheduler's place was taken by another, because its heartbeat was late."""


class WorkerLostError(StorageError):
    """A worker was taken out, because its heartbeat was late; its jobs are others' now."""


class UnknownRecordError(StorageError):
    """Nothing is stored under that name or number."""
