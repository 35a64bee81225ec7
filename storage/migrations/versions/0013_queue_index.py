"""Keep with each alert everything that the queue is filtered and ordered by, in one index."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEX = (
    "lane_rank", "exposure_order", "probability_order", "alert_id", "status", "severity", "lane", "platform", "queue",
    "product", "language", "source", "share_order", "updated_at", "opened_at",
)  # fmt: skip
_ORDERS = ("updated_at", "opened_at", "share_order", "exposure_order")
_OF_FINDING = """
    UPDATE alerts SET
        share_order = coalesce(
            (SELECT findings.lowest_share_rank FROM findings WHERE findings.id = alerts.finding_id), share_order
        ),
        language = coalesce(
            (
                SELECT listing_versions.language FROM findings
                JOIN listing_versions ON listing_versions.id = findings.version_id
                WHERE findings.id = alerts.finding_id
            ),
            language
        )
"""


def upgrade() -> None:
    """Make what this version needs, and fill it for the alerts that there are."""
    unknown = str(types.MOST_NANO)
    op.add_column("alerts", sa.Column("share_order", sa.BigInteger(), nullable=False, server_default=unknown))
    op.add_column("alerts", sa.Column("language", types.HostileText(), nullable=False, server_default="und"))
    op.execute(_OF_FINDING)
    op.create_index("ix_alerts_queue", "alerts", list(_INDEX))
    for column in _ORDERS:
        op.create_index(f"ix_alerts_{column}", "alerts", [column, "alert_id"])


def downgrade() -> None:
    """Take it away again."""
    for column in _ORDERS:
        op.drop_index(f"ix_alerts_{column}", "alerts")
    op.drop_index("ix_alerts_queue", "alerts")
    op.drop_column("alerts", "language")
    op.drop_column("alerts", "share_order")
