"""What all tables share: one MetaData whose constraints have names, so that migrations can change them."""

from sqlalchemy import Column, MetaData

from storage.types import RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def row_id() -> Column[int]:
    """The number of a row, given by `storage.numbering` and never given twice."""
    return Column("id", RowId, primary_key=True, autoincrement=True)
