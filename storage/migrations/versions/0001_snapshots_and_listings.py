"""Keep snapshots, listings, their versions and sightings, and findings."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "snapshots",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("snapshot_key", types.Digest(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url_asked", types.HostileText(), nullable=False),
        sa.Column("url_answered", types.HostileText(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("fetched_at", types.UtcTime(), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("sha256", types.Digest(), nullable=False),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("screenshot_sha256", types.Digest(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", types.HostileText(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.UniqueConstraint("snapshot_key", name="uq_snapshots_snapshot_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_snapshots_sha256", "snapshots", ["sha256"], unique=False)
    op.create_index("ix_snapshots_source_fetched_at", "snapshots", ["source", "fetched_at"], unique=False)
    op.create_table(
        "evidence_objects",
        sa.Column("sha256", types.Digest(), nullable=False),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", types.UtcTime(), nullable=False),
        sa.Column("forgotten_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name="pk_evidence_objects"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listings",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("listing_key", types.Digest(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", types.HostileText(), nullable=False),
        sa.Column("platform", types.HostileText(), nullable=False),
        sa.Column("url", types.HostileText(), nullable=False),
        sa.Column("first_seen_at", types.UtcTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcTime(), nullable=False),
        sa.Column("gone_signs", sa.Integer(), nullable=False),
        sa.Column("gone_at", types.UtcTime(), nullable=True),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("current_version_id", types.RowId, nullable=False),
        sa.Column("current_content_hash", types.Digest(), nullable=False),
        sa.Column("current_finding_id", types.RowId, nullable=False),
        sa.Column("current_finding_digest", types.Digest(), nullable=False),
        sa.Column("current_lowest_share", types.ExactDecimal(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_listings"),
        sa.UniqueConstraint("listing_key", name="uq_listings_listing_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "listing_versions",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("listing_id", types.RowId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", types.Digest(), nullable=False),
        sa.Column("first_seen_at", types.UtcTime(), nullable=False),
        sa.Column("platform", types.HostileText(), nullable=False),
        sa.Column("language", types.HostileText(), nullable=False),
        sa.Column("product", types.HostileText(), nullable=True),
        sa.Column("listing_json", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_listing_versions_listing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_listing_versions"),
        sa.UniqueConstraint("listing_id", "content_hash", name="uq_listing_versions_listing_id_content_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sightings",
        sa.Column("version_id", types.RowId, autoincrement=False, nullable=False),
        sa.Column("snapshot_id", types.RowId, autoincrement=False, nullable=False),
        sa.Column("observed_at", types.UtcTime(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name="fk_sightings_snapshot_id"),
        sa.ForeignKeyConstraint(["version_id"], ["listing_versions.id"], name="fk_sightings_version_id"),
        sa.PrimaryKeyConstraint("version_id", "snapshot_id", name="pk_sightings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gone_signs",
        sa.Column("listing_id", types.RowId, autoincrement=False, nullable=False),
        sa.Column("snapshot_id", types.RowId, autoincrement=False, nullable=False),
        sa.Column("signed_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_gone_signs_listing_id"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name="fk_gone_signs_snapshot_id"),
        sa.PrimaryKeyConstraint("listing_id", "snapshot_id", name="pk_gone_signs"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("version_id", types.RowId, nullable=False),
        sa.Column("digest", types.Digest(), nullable=False),
        sa.Column("judged_at", types.UtcTime(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("authorisation", sa.Text(), nullable=False),
        sa.Column("product", types.HostileText(), nullable=True),
        sa.Column("lowest_share", types.ExactDecimal(), nullable=True),
        sa.Column("lowest_share_rank", types.NanoDecimal(), nullable=True),
        sa.Column("exposure_high_usd", types.NanoDecimal(), nullable=True),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("rates_version", sa.Text(), nullable=False),
        sa.Column("overlay_version", sa.Text(), nullable=False),
        sa.Column("finding_json", sa.Text(), nullable=False),
        sa.Column("history_json", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["listing_versions.id"], name="fk_findings_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_findings_version_id", "findings", ["version_id"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("findings")
    op.drop_table("gone_signs")
    op.drop_table("sightings")
    op.drop_table("listing_versions")
    op.drop_table("listings")
    op.drop_table("evidence_objects")
    op.drop_table("snapshots")
