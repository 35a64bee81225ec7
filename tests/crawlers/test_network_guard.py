"""Addresses that must be refused, in every spelling, and the few that an operator lets through."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.network_guard import Guard, RefusedTargetError, is_loopback_name, parse_target, why_refused

NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3",  # noqa: S104 - not bound to, refused
    "168.63.129.16", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip

PUBLIC = ["1.1.1.1", "8.8.8.8", "140.82.112.5", "192.0.1.1", "2606:4700::1111", "2a00:1450:4001:80b::200e"]
PUBLIC += ["::ffff:8.8.8.8", "64:ff9b::808:808"]

SPELLINGS_OF_LOOPBACK = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0X7F.0.0.0x1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://127｡0｡0｡1/",
    "http:\\\\127.0.0.1\\",
    "http:127.0.0.1",
    "http:///127.0.0.1/",
    "\thttp://127.0.0.1/",
    "ht\ntp://127.0.0.1/",
    "http://127.0.0.1\t/",
    "http://%31%32%37.0.0.1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "https://127.0.0.1:443/",
]


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_refused_with_a_reason(text: str) -> None:
    assert why_refused(ipaddress.ip_address(text))
    with pytest.raises(RefusedTargetError, match="by name"):
        Guard().check_address(parse_target("http://shop.example.test/"), ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_pass(text: str) -> None:
    assert why_refused(ipaddress.ip_address(text)) is None
    Guard().check_address(parse_target("https://shop.example.test/"), ipaddress.ip_address(text))


@pytest.mark.parametrize("url", SPELLINGS_OF_LOOPBACK)
def test_every_spelling_of_loopback_is_told(url: str) -> None:
    target = parse_target(url)
    address = ipaddress.ip_address(target.host)
    with pytest.raises(RefusedTargetError, match="loopback"):
        Guard().check_address(target, address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://shop.example.test/",
        "javascript:alert(1)",
        "data:text/html,x",
        "view-source:http://shop.example.test/",
        "gopher://shop.example.test/",
        "http://user:secret@shop.example.test/",
        "http://user@shop.example.test/",
        "http://",
        "//shop.example.test/",
        "http://shop example.test/",
        "http://shop.example.test:99999/",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://./",
        "",
        "http://shop.example.test/" + "a" * 9_000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(RefusedTargetError):
        parse_target(url)


def test_a_message_never_carries_control_characters_of_the_page() -> None:
    with pytest.raises(RefusedTargetError) as refused:
        parse_target("javascript:\x1b[2J\u202e")
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 11211, 2375])
def test_ports_of_other_services_are_refused_on_public_hosts_too(port: int) -> None:
    target = parse_target(f"http://shop.example.test:{port}/")
    with pytest.raises(RefusedTargetError, match="not one of the web"):
        Guard().check_address(target, ipaddress.ip_address("1.1.1.1"))


@pytest.mark.parametrize("port", [80, 443, 3000, 8080, 8443])
def test_ports_that_panels_use_pass(port: int) -> None:
    Guard().check_target(parse_target(f"http://shop.example.test:{port}/"))


def test_an_allowed_place_passes_and_its_neighbours_do_not() -> None:
    guard = Guard.allowing(["127.0.0.1:8765", "shop.internal", "[::1]:9000"])
    loopback = ipaddress.ip_address("127.0.0.1")
    guard.check_address(parse_target("http://127.0.0.1:8765/"), loopback)
    guard.check_address(parse_target("http://0x7f.1:8765/"), loopback)
    guard.check_address(parse_target("http://shop.internal:8080/"), ipaddress.ip_address("10.1.2.3"))
    guard.check_address(parse_target("http://[::1]:9000/"), ipaddress.ip_address("::1"))
    for url in ("http://127.0.0.1:8766/", "http://127.0.0.1/", "http://localhost:8765/", "http://a.shop.internal/"):
        with pytest.raises(RefusedTargetError):
            guard.check_address(parse_target(url), loopback)


def test_only_an_allowed_loopback_name_is_exempt_from_delays() -> None:
    guard = Guard.allowing(["127.0.0.1:8765", "relay.localhost", "shop.internal"])
    assert guard.exempts(parse_target("http://127.0.0.1:8765/"))
    assert guard.exempts(parse_target("http://relay.localhost:1234/"))
    assert not guard.exempts(parse_target("http://127.0.0.1:1/"))
    assert not guard.exempts(parse_target("http://shop.internal/"))
    assert not guard.exempts(parse_target("http://shop.example.test/"))


def test_an_operators_misspelt_place_is_named() -> None:
    with pytest.raises(RefusedTargetError):
        Guard.allowing(["not a host"])


def test_loopback_names() -> None:
    assert all(map(is_loopback_name, ("localhost", "a.localhost", "127.9.9.9", "::1")))
    assert not any(map(is_loopback_name, ("localhost.example.test", "notlocalhost", "10.0.0.1")))


def test_a_target_keeps_what_ada_prints_without_the_fragment() -> None:
    target = parse_target("HTTP://Shop.EXAMPLE.test:80/a/../b?c#d")
    assert (target.href, target.origin, target.place) == (
        "http://shop.example.test/b?c",
        "http://shop.example.test:80",
        "shop.example.test:80",
    )
    assert parse_target("../x?y", base="https://shop.example.test/b/c").href == "https://shop.example.test/x?y"


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_outside_the_public_space_never_passes(address: ipaddress.IPv6Address) -> None:
    public = ipaddress.IPv6Network("2000::/3")
    if address not in public and address.ipv4_mapped is None and address not in ipaddress.IPv6Network("64:ff9b::/96"):
        assert why_refused(address)


@given(st.ip_addresses())
def test_what_python_calls_not_global_never_passes(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global and not isinstance(address, ipaddress.IPv6Address):
        assert why_refused(address)


@given(st.text(max_size=80))
def test_parsing_never_raises_anything_else(url: str) -> None:
    for spelled in (url, f"http://{url}/"):
        try:
            target = parse_target(spelled)
        except RefusedTargetError:
            continue
        assert target.scheme in ("http", "https")
        assert target.host
