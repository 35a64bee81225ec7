"""Leaked keys in the shape that secret-scanning partners already receive: an array, a digest for each key.

The key itself is never kept, so `token_hash` stands where a partner programme would carry `token`.
"""

import orjson

from reports.dossier import Dossier, Materials
from reports.errors import NotRenderableError
from reports.format import Format, RenderedFile
from reports.json_files import json_file, schema_problems

_PLACES = frozenset(
    {
        "content", "commit", "pull_request_title", "pull_request_description", "pull_request_comment", "issue_title",
        "issue_description", "issue_comment", "discussion_title", "discussion_body", "discussion_comment",
        "commit_comment", "gist_content", "gist_comment", "npm", "telegram_message", "marketplace_listing",
        "forum_post",
    }
)  # fmt: skip


def render_leaked_keys(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`leaked_keys.json`: each key once for each address it stood at."""
    if not dossier.keys or dossier.correction:
        raise NotRenderableError(f"case {dossier.case_id} has no leaked keys to report")
    rows = {
        (key.sha256, key.link): {
            "token_hash": key.sha256,
            "token_prefix": key.visible,
            "type": key.kind,
            "url": key.link,
            "source": key.place if key.place in _PLACES else "unknown",
            "observed_at": key.observed_at,
        }
        for key in dossier.keys
    }
    return (json_file("leaked_keys.json", list(rows.values())),)


def check_leaked_keys(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """Our published schema."""
    return schema_problems("leaked-keys", orjson.loads(files[0].content))


FORMAT = Format("leaked_keys", "Leaked keys", "providers that revoke keys", render_leaked_keys, check_leaked_keys)
