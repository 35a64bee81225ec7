"""The index of each database behind the same few verbs: FTS5 on SQLite, `tsvector` on PostgreSQL.

Documents are numbered by listing version. Both get finished tokens: FTS5's `ascii` tokenizer only cuts at spaces here,
and PostgreSQL is handed the vector itself, so that neither has a mind of its own about words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import Connection

from storage.search.query import Term

_GAP: Final = 10


@dataclass(frozen=True, slots=True)
class Document:
    """One version as tokens."""

    number: int
    title: tuple[str, ...]
    body: tuple[str, ...]
    facets: tuple[str, ...]


class TextIndex(Protocol):
    """What search asks of a database."""

    def add(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Index new documents."""
        ...

    def remove(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Take documents out again; each as it was added."""
        ...

    def newest(
        self, connection: Connection, terms: Sequence[Term], facets: Sequence[Sequence[str]], *, title: bool, limit: int
    ) -> list[int]:
        """The highest numbers of the documents (or of their titles) that hold all terms and one facet of each group."""
        ...


class Fts5Index:
    """SQLite's index. It keeps no texts: a document is removed by saying once more what it held."""

    def add(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Index new documents."""
        rows = [self._row(one) for one in documents]
        if rows:
            statement = "INSERT INTO search_index (rowid, title, body, facets) VALUES (?, ?, ?, ?)"
            connection.exec_driver_sql(statement, rows)

    def remove(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Take documents out again."""
        rows = [self._row(one) for one in documents]
        if rows:
            statement = (
                "INSERT INTO search_index (search_index, rowid, title, body, facets) VALUES ('delete', ?, ?, ?, ?)"
            )
            connection.exec_driver_sql(statement, rows)

    def newest(
        self, connection: Connection, terms: Sequence[Term], facets: Sequence[Sequence[str]], *, title: bool, limit: int
    ) -> list[int]:
        """The newest matches, read from the index in falling order."""
        column = "title" if title else "{title body}"
        wanted = [f"{column} : {self._phrase(term)}" for term in terms]
        wanted += ["facets : (" + " OR ".join(f'"{token}"' for token in group) + ")" for group in facets]
        statement = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT ?"
        found = connection.exec_driver_sql(statement, (" AND ".join(wanted), limit))
        return [row[0] for row in found]

    def _row(self, document: Document) -> tuple[int, str, str, str]:
        parts = (document.title, document.body, document.facets)
        title, body, facets = (" ".join(tokens) for tokens in parts)
        return document.number, title, body, facets

    def _phrase(self, term: Term) -> str:
        # Tokens are letters and digits only; there is nothing in them to quote.
        return f'"{" ".join(term.tokens)}"' + (" *" if term.prefix else "")


class TsvectorIndex:
    """PostgreSQL's index: one vector with everything that may be asked together, and the title's own."""

    def add(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Index new documents."""
        rows = [self._row(one) for one in documents]
        if rows:
            statement = (
                "INSERT INTO search_documents (version_id, title, words) VALUES (%s, %s::tsvector, %s::tsvector)"
            )
            connection.exec_driver_sql(statement, rows)

    def remove(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Take documents out again."""
        rows = [(one.number,) for one in documents]
        if rows:
            connection.exec_driver_sql("DELETE FROM search_documents WHERE version_id = %s", rows)

    def newest(
        self, connection: Connection, terms: Sequence[Term], facets: Sequence[Sequence[str]], *, title: bool, limit: int
    ) -> list[int]:
        """The newest matches."""
        words = [f"({self._phrase(term)})" for term in terms]
        groups = ["(" + " | ".join(f"'{token}'" for token in group) + ")" for group in facets]
        also = "AND title @@ %s::tsquery " if title else ""
        parameters = (" & ".join(words + groups), *([" & ".join(words)] if title else []), limit)
        statement = (
            f"SELECT version_id FROM search_documents WHERE words @@ %s::tsquery {also}"  # noqa: S608 - our own words
            "ORDER BY version_id DESC LIMIT %s"
        )
        return [row[0] for row in connection.exec_driver_sql(statement, parameters)]

    def _row(self, document: Document) -> tuple[int, str, str]:
        # No phrase reaches from the title into the body over the gap.
        body_starts = len(document.title) + _GAP
        words = [*_placed(document.title, 1), *_placed(document.body, body_starts)]
        words += [f"'{token}'" for token in document.facets]
        return document.number, " ".join(_placed(document.title, 1)), " ".join(words)

    def _phrase(self, term: Term) -> str:
        return " <-> ".join(f"'{token}'" for token in term.tokens) + (":*" if term.prefix else "")


def _placed(tokens: Sequence[str], start: int) -> list[str]:
    return [f"'{token}':{place}" for place, token in enumerate(tokens, start=start)]


def index_for(connection: Connection) -> TextIndex:
    """The index of a connection's database."""
    return Fts5Index() if connection.dialect.name == "sqlite" else TsvectorIndex()
