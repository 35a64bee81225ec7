"""Items of AIL's feeders are read in both spellings, and what was changed or is too large is refused by name."""

import base64
import gzip
import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.saved.feeder import FeederItemError, read_feeder_item

TEXT = "Claude Max 20x 成品号 ¥280"
META = {
    "id": 77,
    "date": {"timestamp": 1779265800, "timezone": "UTC"},
    "chat": {"id": -100123, "username": "sample_shop", "name": "Sample Shop"},
    "sender": {"id": 5, "username": "sample_seller"},
}


def item(text: str = TEXT, **changes: object) -> bytes:
    data = text.encode()
    whole: dict[str, object] = {
        "source": "ail_feeder_telegram",
        "source-uuid": "0",
        "default-encoding": "UTF-8",
        "data": base64.b64encode(gzip.compress(data)).decode(),
        "data-sha256": hashlib.sha256(data).hexdigest(),
        "meta": META,
    }
    return json.dumps(whole | changes).encode()


def test_a_message_of_a_chat() -> None:
    read = read_feeder_item(item())
    assert (read.text, read.feeder, read.platform) == (TEXT, "ail_feeder_telegram", "telegram")
    assert (read.external_id, read.url) == ("-100123/77", "https://t.me/sample_shop/77")
    assert (read.place, read.author, read.is_group) == ("sample_shop", "sample_seller", True)
    assert read.posted_at == datetime(2026, 5, 20, 8, 30, tzinfo=UTC)


def test_a_text_of_somewhere_with_little_said_of_it() -> None:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    changed = {"meta": {"url": "https://paste.example.test/x"}, "source": "pastes", "timestamp": 1779265800}
    read = read_feeder_item(item(**changed))
    assert (read.platform, read.external_id, read.url) == ("pastes", digest, "https://paste.example.test/x")
    assert (read.place, read.author, read.is_group) == ("", "", False)
    assert read.posted_at == datetime(2026, 5, 20, 8, 30, tzinfo=UTC)


def test_the_spelling_with_underscores() -> None:
    whole = json.loads(item())
    underscored = {name.replace("-", "_"): value for name, value in whole.items()}
    assert read_feeder_item(json.dumps(underscored).encode()).text == TEXT


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data-sha256": "0" * 64}, "changed on its way"),
        ({"data": "not base64!"}, "no base64"),
        ({"data": base64.b64encode(b"plain").decode()}, "data:"),
        ({"data": base64.b64encode(gzip.compress(bytes(5_000_000))).decode()}, "data:"),
        ({"default-encoding": "punycode"}, "not one that is read"),
        ({"source": ""}, "source is missing"),
    ],
)
def test_what_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(FeederItemError, match=said):
        read_feeder_item(item(**changes))


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.sampled_from(list(META)), inner)
    )
)
def test_meta_of_any_shape(meta: object) -> None:
    assert read_feeder_item(item(meta=meta)).text == TEXT
