"""No page makes a family raise: arbitrary bytes, and golden pages cut, doubled and with bytes turned over."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.registry import families, recognise
from domain.reading import Reading, ReadingState
from tests.crawlers.families.golden import GoldenCase, golden_cases, page_of

CASES = golden_cases()
SLOW_EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEADERS = st.sampled_from(
    [{}, {"content-type": "application/json"}, {"content-type": "text/html; charset=gb2312"}, {"retry-after": "\ud800"}]
)
URLS = st.sampled_from(
    [
        "https://t.me/s/x",
        "https://api.github.com/search/code?q=a",
        "https://relay.example.test/api/pricing",
        "http://[",
        "",
        "x",
    ]
)


def _read_everywhere(body: bytes, url: str, status: int, headers: dict[str, str]) -> None:
    page = page_of(body, url, status=status, headers=headers)
    for name, family in families().items():
        reading = family.read(page)
        assert isinstance(reading, Reading), name
        if reading.state is ReadingState.NOT_UNDERSTOOD:
            assert reading.reason, name
    recognise(page)


@SLOW_EXAMPLES
@given(st.binary(max_size=400), URLS, st.sampled_from([0, 200, 302, 403, 404, 429, 500]), HEADERS)
def test_arbitrary_bytes(body: bytes, url: str, status: int, headers: dict[str, str]) -> None:
    _read_everywhere(body, url, status, headers)


FIELDS = [
    "data",
    "group_ratio",
    "usable_group",
    "model_name",
    "quota_type",
    "model_ratio",
    "enable_groups",
    "items",
    "total_count",
    "full_name",
    "number",
    "title",
    "body",
    "user",
    "files",
    "id",
    "groups",
    "models",
    "price",
    "success",
    "result",
    "message",
    "chat",
    "search",
    "nodes",
    "billing_expr",
    "billing_mode",
    "repository",
    "pricing",
    "intervals",
    "rate_multiplier",
    "site_name",
    "model_group",
    "update_id",
    "system_name",
    "quota_per_unit",
]
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["claude-x", "1e999", "all", "auto", "tiered_expr"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@SLOW_EXAMPLES
@given(JSON_VALUES)
def test_json_with_the_right_names_and_the_wrong_things_under_them(value: object) -> None:
    _read_everywhere(json.dumps(value).encode(), "https://relay.example.test/api/pricing", 200, {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.family}-{case.name}")
def test_mutilated_golden_pages(case: GoldenCase) -> None:
    body, snapshot = case.page.body, case.page.snapshot
    middle = len(body) // 2
    variants = [b"", body[:middle], body[middle:], body + body, body[:middle] + b"\xff\x00\xfe" + body[middle:]]
    variants += [body.replace(b'"', b"'"), body.replace(b":", b":null,"), body.replace(b"<", b"<<"), body.swapcase()]
    variants += [body.decode("utf-8", "replace").encode("utf-16"), b"\xef\xbb\xbf" + body, body.replace(b"0", b"-1e99")]
    for variant in variants:
        page = page_of(
            variant,
            snapshot.url_asked,
            status=snapshot.status,
            headers=snapshot.headers,
            context={key: value[: len(value) // 2] for key, value in snapshot.context.items()},
        )
        reading = families()[case.family].read(page)
        assert reading.state in ReadingState
    recognise(case.page)


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5_000_000,
        b'{"data":[' + b'{"model_name":"a","quota_type":0},' * 150_000 + b"{}]}",
        b"<div>" * 200_000,
        b"<a href='https://example.test/'>" * 100_000,
        b"|" * 10_000_000,
        ("<p>" + "\u202e" * 1_000_000).encode(),
    ],
    ids=["nested-json", "many-rows", "nested-html", "many-links", "pipes", "right-to-left"],
)
def test_monstrous_bodies_end(family: str, body: bytes) -> None:
    reading = families()[family].read(page_of(body, "https://place.example.test/readme"))
    assert reading.state is not ReadingState.GONE
