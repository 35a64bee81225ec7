"""The code host's records: read from the content, and written out in the field names of the REST interface."""

import base64
import functools
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from street.content import text_of, yaml_of

Record = dict[str, Any]

BRIMFUL_RESULTS = 1_150
# Whoever serves it, the interface names the pages for people by their public address.
PUBLIC = "https://github.com"


@functools.cache
def repository_records() -> tuple[Record, ...]:
    """Every repository of the content, and the many that only the word `brimful` finds."""
    return tuple(
        {**record, "kind": "repository", "words": f"{record['full_name']} {record['description']} "
         f"{' '.join(record['topics'])} {readme_text(record['full_name']) or ''}".lower()}
        for record in yaml_of("github/repositories.yml")
    ) + tuple(_brimful(number) for number in range(BRIMFUL_RESULTS))  # fmt: skip


@functools.cache
def issue_records() -> tuple[Record, ...]:
    """Every issue."""
    return tuple(
        {**record, "kind": "issue", "words": f"{record['title']} {record['body']}".lower()}
        for record in yaml_of("github/issues.yml")
    )


@functools.cache
def code_records() -> tuple[Record, ...]:
    """Every file that a code search can find."""
    return tuple(
        {**record, "kind": "code", "words": f"{record['path']} {record['fragment']}".lower()}
        for record in yaml_of("github/code.yml")
    )


def readme_text(full_name: str) -> str | None:
    """A repository's README, None where it has none."""
    for record in yaml_of("github/repositories.yml"):
        if record["full_name"] == full_name and record["readme"]:
            return text_of(f"github/readmes/{record['readme']}")
    return None


def repository_item(record: Record, base: str) -> Record:
    """A repository as searches and `/repos/{owner}/{name}` show it."""
    full_name = record["full_name"]
    return {
        **repository_stub(full_name, base),
        "created_at": record["created_at"],
        "updated_at": record["pushed_at"],
        "pushed_at": record["pushed_at"],
        "homepage": record["homepage"],
        "size": 512,
        "stargazers_count": record["stars"],
        "watchers_count": record["stars"],
        "language": record["language"],
        "has_issues": True,
        "forks_count": record["forks"],
        "forks": record["forks"],
        "archived": False,
        "disabled": False,
        "open_issues_count": sum(1 for i in issue_records() if i["repository"] == full_name and i["state"] == "open"),
        "license": {"spdx_id": record["licence"]} if record["licence"] else None,
        "topics": record["topics"],
        "visibility": "public",
        "default_branch": "main",
        "score": 1.0,
    }


def repository_stub(full_name: str, base: str) -> Record:
    """The short form of a repository inside other records."""
    record = next((r for r in repository_records() if r["full_name"] == full_name), None)
    owner, _, name = full_name.partition("/")
    return {
        "id": record["id"] if record else 0,
        "node_id": f"R_{owner}_{name}",
        "name": name,
        "full_name": full_name,
        "private": False,
        "owner": _account(owner, base, kind="Organization"),
        "html_url": f"{PUBLIC}/{full_name}",
        "description": record["description"] if record else None,
        "fork": False,
        "url": f"{base}/repos/{full_name}",
        "issues_url": f"{base}/repos/{full_name}/issues{{/number}}",
        "contents_url": f"{base}/repos/{full_name}/contents/{{+path}}",
    }


def readme_record(full_name: str, text: str, base: str) -> Record:
    """A README as `/repos/{owner}/{name}/readme` shows it: base64 in lines of 60 characters."""
    content = base64.b64encode(text.encode("utf-8")).decode("ascii")
    lines = "".join(content[start : start + 60] + "\n" for start in range(0, len(content), 60))
    place = f"{base}/repos/{full_name}/contents/README.md?ref=main"
    page = f"{PUBLIC}/{full_name}/blob/main/README.md"
    return {
        "name": "README.md",
        "path": "README.md",
        "sha": hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest(),
        "size": len(text.encode("utf-8")),
        "url": place,
        "html_url": page,
        "git_url": None,
        "download_url": f"{base}/raw/{full_name}/main/README.md",
        "type": "file",
        "content": lines,
        "encoding": "base64",
        "_links": {"self": place, "git": None, "html": page},
    }


def issue_item(record: Record, base: str) -> Record:
    """An issue as searches and `/repos/{owner}/{name}/issues/{number}` show it."""
    place = f"{base}/repos/{record['repository']}/issues/{record['number']}"
    return {
        "url": place,
        "repository_url": f"{base}/repos/{record['repository']}",
        "labels_url": place + "/labels{/name}",
        "comments_url": place + "/comments",
        "events_url": place + "/events",
        "html_url": f"{PUBLIC}/{record['repository']}/issues/{record['number']}",
        "id": record["id"],
        "node_id": f"I_{record['id']}",
        "number": record["number"],
        "title": record["title"],
        "user": _account(record["author"], base),
        "labels": [],
        "state": record["state"],
        "locked": False,
        "assignee": None,
        "milestone": None,
        "comments": len(record["comments"]),
        "created_at": record["created_at"],
        "updated_at": record["updated_at"],
        "closed_at": record["updated_at"] if record["state"] == "closed" else None,
        "author_association": record["association"],
        "body": record["body"],
        "score": 1.0,
    }


def comment_records(record: Record, base: str) -> list[Record]:
    """An issue's comments."""
    place = f"{base}/repos/{record['repository']}/issues"
    return [
        {
            "id": record["id"] * 100 + number,
            "url": f"{place}/comments/{record['id'] * 100 + number}",
            "issue_url": f"{place}/{record['number']}",
            "html_url": f"{PUBLIC}/{record['repository']}/issues/{record['number']}#issuecomment-{number}",
            "user": _account(comment["author"], base),
            "created_at": comment["at"],
            "updated_at": comment["at"],
            "author_association": "MEMBER",
            "body": comment["body"],
        }
        for number, comment in enumerate(record["comments"], start=1)
    ]


def code_item(record: Record, base: str) -> Record:
    """A hit of the code search; the fragment is there whether or not the client asked for text matches."""
    full_name, path = record["repository"], record["path"]
    place = f"{base}/repos/{full_name}/contents/{path}?ref=main"
    return {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": record["sha"],
        "url": place,
        "git_url": f"{base}/repos/{full_name}/git/blobs/{record['sha']}",
        "html_url": f"{PUBLIC}/{full_name}/blob/main/{path}",
        "repository": repository_stub(full_name, base),
        "score": 1.0,
        "text_matches": [
            {"object_url": place, "object_type": "FileContent", "property": "content", "fragment": record["fragment"],
             "matches": []}
        ],
    }  # fmt: skip


def _account(login: str, base: str, *, kind: str = "User") -> Record:
    number = int(hashlib.sha256(login.encode()).hexdigest()[:7], 16)
    return {
        "login": login,
        "id": number,
        "node_id": f"U_{number}",
        "avatar_url": f"{base}/avatars/{number}",
        "url": f"{base}/users/{login}",
        "html_url": f"{PUBLIC}/{login}",
        "type": kind,
        "site_admin": False,
    }


def _brimful(number: int) -> Record:
    created = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=14 * number)
    stamp = created.isoformat().replace("+00:00", "Z")
    return {
        "kind": "repository",
        "full_name": f"brimful-example/notes-{number:04}",
        "id": 920_000_000 + number,
        "description": "Course notes about sorting algorithms",
        "stars": number % 7,
        "forks": 0,
        "language": "Markdown",
        "topics": [],
        "created_at": stamp,
        "pushed_at": stamp,
        "homepage": None,
        "licence": None,
        "readme": None,
        "words": "brimful",
    }
