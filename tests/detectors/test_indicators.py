"""Indicators are what can be joined elsewhere: addresses, domains, programmes, digests."""

import pytest

from detectors.indicators import (
    bare_ip_addresses,
    host_of,
    hosts_of,
    is_bare_ip,
    masked_keys,
    plain_http_addresses,
    registrable_domain,
)
from domain.secrets import find_secrets, mask_secrets
from tests.detectors.conftest import Assess, listing


@pytest.mark.parametrize(("host", "domain"), [
    ("api.shop.co.uk", "shop.co.uk"), ("www.example.com", "example.com"), ("10.0.0.1", ""), ("localhost", ""),
    ("a.b.example.test", "b.example.test"), ("", ""),
])  # fmt: skip
def test_registrable_domains(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(("host", "bare"), [
    ("8.8.8.8", True), ("203.0.113.9", True), ("127.0.0.1", False), ("192.168.0.1", False), ("example.com", False),
])  # fmt: skip
def test_bare_numbers(host: str, bare: bool) -> None:
    assert is_bare_ip(host) is bare


def test_broken_addresses_have_no_host() -> None:
    assert host_of("http://[::1") == ""
    assert list(bare_ip_addresses("http://[::1 http://]")) == []


def test_only_what_looks_like_a_base_url_counts() -> None:
    text = "base_url http://relay.example.test:8080 but read http://news.example.test/today"
    assert [text[span.start : span.end] for span in plain_http_addresses(text)] == ["http://relay.example.test:8080"]


def test_places_where_anybody_writes_are_no_domains_of_the_seller() -> None:
    text = "https://github.com/a/b https://t.me/seller https://shop.example.com/x https://www.example.com/y"
    assert hosts_of(listing(text)) == ("shop.example.com", "www.example.com")


def test_a_masked_key_leaves_its_digest() -> None:
    key = "sk-proj-" + "Zz9" * 12
    text = f"here: {key} end"
    ((digest, span),) = masked_keys(mask_secrets(text))
    assert find_secrets(text)[0].sha256.startswith(digest)
    assert "sk-proj-" in mask_secrets(text)[span.start : span.end]


def test_what_a_finding_keeps(assess: Assess) -> None:
    finding = assess("AWS Bedrock 账号 带 claude 权限 赠金号 https://pool.example.org/v1")
    found = {(indicator.kind, indicator.value) for indicator in finding.indicators}
    assert ("base_url", "https://pool.example.org/v1") in found
    assert ("domain", "example.org") in found
    assert ("programme", "aws_bedrock") in found
