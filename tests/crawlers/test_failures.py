"""What goes wrong on the wire is told by its kind, and never ends anything but its own request."""

import asyncio
import datetime as dt
import ssl
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawlers.network_guard import Guard
from domain.reading import FurtherRequest

pytestmark = pytest.mark.asyncio(loop_scope="session")


def urls(web, *paths: str) -> tuple[FurtherRequest, ...]:
    return tuple(FurtherRequest(f"http://shop.example.test:{web.port}{path}") for path in paths)


async def test_an_unknown_name(web, crawls) -> None:
    crawls.hosts = {}
    crawled = await crawls.run()
    assert crawled.kinds() == ["name_unknown"]
    assert "robots.txt" in crawled.failures[0].detail
    assert "leads to no address" in crawled.failures[0].detail


async def test_failures_of_a_page_leave_the_others(web, crawls) -> None:
    web.raw["/cut"] = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"
    web.raw["/noise"] = b"\x00\xff\x00 noise\r\n\r\n"
    web.raw["/big"] = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nx"
    web.raw["/endless"] = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (11 * 1024 * 1024)
    web.raw["/closed"] = b""
    web.page("/good", b"here")
    crawls.first = urls(web, "/cut", "/noise", "/big", "/endless", "/closed", "/good")
    crawled = await crawls.run()
    kinds = dict(zip((f.url.rpartition("/")[2] for f in crawled.failures), crawled.kinds(), strict=True))
    assert kinds == {
        "cut": "truncated",
        "noise": "connection",
        "big": "too_large",
        "endless": "too_large",
        "closed": "connection",
    }
    assert crawled.paths() == ["/good"]
    # What may have been bad luck is tried three times, at the usual gaps; what was too large is not.
    assert web.paths().count("/cut") == 3
    assert web.paths().count("/big") == 1


async def test_a_host_that_does_not_answer(web, crawls) -> None:
    silent = await asyncio.start_server(lambda reader, writer: reader.read(), "127.0.0.1", 0)
    place = f"shop.example.test:{silent.sockets[0].getsockname()[1]}"
    crawls.guard = Guard.allowing([place])
    crawls.first = (FurtherRequest(f"http://{place}/"),)
    crawls.source = replace(crawls.source, start_urls=(f"http://{place}/",))
    crawls.limits = replace(crawls.limits, answer_seconds=0.2)
    crawled = await crawls.run()
    assert crawled.kinds() == ["timeout"]
    silent.close()


async def test_server_errors_are_retried_and_then_a_page(web, crawls) -> None:
    web.page("/", b"broken", status=502)
    crawled = await crawls.run()
    assert [page.snapshot.status for page in crawled.pages] == [502]
    assert web.paths().count("/") == 3


async def test_a_pause_is_a_page_and_is_not_retried(web, crawls) -> None:
    web.page("/", b"later", status=503)
    crawled = await crawls.run()
    assert [page.snapshot.status for page in crawled.pages] == [503]
    assert web.paths().count("/") == 1


async def test_what_a_memory_raises_ends_the_crawl(web, crawls) -> None:
    class Full(type(crawls.memory)):
        async def keep_robots(self, origin, record):
            raise RuntimeError("the database is gone")

    crawls.memory = Full()
    web.page("/")
    with pytest.raises(RuntimeError, match="the database is gone"):
        await crawls.run()


def certificate(host: str) -> tuple[bytes, bytes]:
    """A self-signed certificate and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        built.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


@pytest.mark.parametrize(
    ("host", "trusted", "kinds"),
    [
        ("shop.example.test", True, []),
        ("shop.example.test", False, ["certificate"]),
        ("other.example.test", True, ["certificate"]),
    ],
)
async def test_certificates_are_verified_and_their_digest_kept(
    web, crawls, tmp_path, monkeypatch, host, trusted, kinds
) -> None:
    pem, key = certificate(host)
    (tmp_path / "both.pem").write_bytes(pem + key)
    (tmp_path / "trusted.pem").write_bytes(pem if trusted else certificate(host)[0])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=context)
    place = f"shop.example.test:{server.sockets[0].getsockname()[1]}"
    crawls.guard = Guard.allowing([place])
    crawls.source = replace(crawls.source, start_urls=(f"https://{place}/",))
    web.page("/", b"sealed")
    crawled = await crawls.run()
    assert crawled.kinds() == kinds
    if not kinds:
        capture = crawled.pages[0].snapshot.capture
        digest = x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256())
        assert capture["certificate_sha256"] == digest.hex()
    else:
        assert web.seen == []
    server.close()
