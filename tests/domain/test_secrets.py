"""Secrets never survive masking, and nothing else is touched."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.secrets import find_secrets, is_placeholder, mask_secrets

# Put together at run time, so that no scanner takes this file for a leak.
PLANTED = {
    "anthropic_key": "sk-" + "ant-api03-" + "Q7x" * 20,
    "openai_project_key": "sk-" + "proj-" + "aB3_" * 12,
    "openai_style_key": "sk-" + "b53e" * 12,
    "google_key": "AI" + "za" + "Sy0" * 11 + "xy",
    "xai_key": "xai" + "-" + "k9" * 20,
    "github_token": "gh" + "p_" + "Z8" * 18,
    "aws_access_key": "AK" + "IA" + "ABCDEFGH12345678",
    "telegram_bot_token": "1234567890" + ":" + "AAH" * 11 + "_9",
    "json_web_token": "ey" + "JhbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0In0" + "." + "c2lnbmF0dXJlLWhlcmU",
    "openai_session": "se" + "ss-" + "aB3d" * 10,
    "google_token": "ya" + "29." + "a0Af" * 12,
    "perplexity_key": "pp" + "lx-" + "q7Wz" * 10,
    "nvidia_key": "nv" + "api-" + "q7Wz" * 10,
    "replicate_token": "r" + "8_" + "q7Wz" * 8,
    "session_cookie": "__Secure-next-auth" + ".session-token=" + "eyJhbGciOiJkaXIi" + ".." + "q7Wz" * 20,
    "refresh_token": "rt" + "_" + "m4" * 20,
}


@pytest.mark.parametrize(("kind", "secret"), PLANTED.items())
def test_each_kind_is_found_named_and_masked(kind: str, secret: str) -> None:
    text = f"今天的号：{secret} ，先到先得"
    (found,) = find_secrets(text)
    assert found.kind == kind
    assert text[found.start : found.end] == secret
    assert found.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    masked = mask_secrets(text)
    assert secret not in masked
    assert masked == f"今天的号：{secret[:8]}…[sha256:{found.sha256[:12]}] ，先到先得"


def test_the_token_in_an_address_of_the_bot_api_is_masked() -> None:
    masked = mask_secrets(f"POST https://api.telegram.example.test/bot{PLANTED['telegram_bot_token']}/sendMessage")
    assert "AAHAAH" not in masked
    assert masked.endswith("/sendMessage")


@pytest.mark.parametrize(
    "text",
    [
        "sk-learn and risk-adjusted returns",
        "Claude Opus 4.8, $5 / $25 per million tokens",
        "ghost in the shell, gh pages",
        "ratio 12345678:9 and 09:15",
        "a session of two hours: cheap",
        "",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert mask_secrets(text) is text


@given(st.text(max_size=200), st.sampled_from(sorted(PLANTED.values())), st.text(max_size=200))
def test_no_planted_secret_survives(before: str, secret: str, after: str) -> None:
    masked = mask_secrets(f"{before} {secret} {after}")
    assert secret not in masked


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask_secrets(text)
    assert mask_secrets(once) == once


@pytest.mark.parametrize(
    "cookie",
    ["sessionKey: " + "'" + "Zx9-" * 8 + "'", "cf_clearance=" + "k3.T" * 9, "__Secure-1PSID" + "=" + "g.a0" * 9],
)
def test_cookies_are_masked_by_their_names(cookie: str) -> None:
    masked = mask_secrets(f"headers: {cookie} ; path=/")
    assert cookie[-24:-2] not in masked
    assert masked.endswith("; path=/")


def test_stand_ins_of_manuals_are_no_keys_of_anybody() -> None:
    for stand_in in ("sk-" + "x" * 40, "sk-" + "ant-api03-" + "your-key-goes-here-now", "sk-" + "12345678" * 5):
        assert is_placeholder(stand_in)
    assert not is_placeholder("pp" + "lx-" + hashlib.sha256(b"somebody's").hexdigest())
