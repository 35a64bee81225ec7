"""What recipients and registries say, read without trusting it."""

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import Role
from domain.errors import UndercutError
from domain.report import Actor, Report, ReportState, Submission
from reports.intake.outcomes import OutcomeError, apply_outcome, read_outcomes
from reports.intake.registration import RegistrationError, read_rdap, read_whois
from reports.intake.security_txt import SecurityTxtError, read_security_txt

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SECURITY = (
    "# hello\nContact: mailto:abuse@host.example\ncontact: https://host.example/form\nExpires: 2027-01-01T00:00:00Z\n"
)
RDAP = {
    "objectClassName": "domain", "ldhName": "shop.example",
    "events": [{"eventAction": "registration", "eventDate": "2025-01-01T00:00:00Z"}],
    "entities": [
        {"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", "A Person"]]]},
        {"roles": ["registrar"], "publicIds": [{"type": "IANA Registrar ID", "identifier": "9999"}],
         "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Example Registrar"]]],
         "entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@registrar.example"],
                                                                    ["tel", {}, "uri", "tel:+1.5550100"]]]}]},
    ],
}  # fmt: skip
WHOIS = """Domain Name: SHOP.EXAMPLE
Registrar: Example Registrar
Registrar Abuse Contact Email: abuse@registrar.example
Registrant Name: A Person
Creation Date: 2025-01-01
"""


def test_security_txt() -> None:
    found = read_security_txt(SECURITY)
    assert found.contacts == ("abuse@host.example", "https://host.example/form")
    assert found.holds(NOW)
    assert not found.holds(datetime(2027, 2, 1, tzinfo=UTC))


def test_a_signed_security_txt() -> None:
    signed = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{SECURITY}-----BEGIN PGP SIGNATURE-----\nContact: x\n"
    )
    assert read_security_txt(signed).signed
    assert len(read_security_txt(signed).contacts) == 2


@pytest.mark.parametrize(
    "text", ["", "Contact: javascript:x\nExpires: 2027-01-01T00:00:00Z", "Contact: mailto:a@b.example\n",
             SECURITY + "Expires: 2028-01-01T00:00:00Z\n", "Contact: mailto:a@b.example\nExpires: soon"],
)  # fmt: skip
def test_an_unusable_security_txt_says_why(text: str) -> None:
    with pytest.raises(SecurityTxtError):
        read_security_txt(text)


def test_rdap_and_whois_give_the_registrar_and_never_the_holder() -> None:
    for found in (read_rdap(orjson.dumps(RDAP)), read_whois(WHOIS)):
        assert found.registrar == "Example Registrar"
        assert found.abuse_email == "abuse@registrar.example"
        assert found.created is not None
        assert "Person" not in repr(found)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"errorCode": 404}'])
def test_an_error_page_is_no_rdap_answer(body: bytes) -> None:
    with pytest.raises(RegistrationError):
        read_rdap(body)


@given(st.text(max_size=300))
def test_readers_refuse_or_answer_and_never_fail(text: str) -> None:
    for read in (read_security_txt, read_whois):
        try:
            read(text)
        except UndercutError:
            continue


MEMBERS = st.sampled_from(["entities", "roles", "vcardArray", "publicIds", "events"])
LEAVES = st.none() | st.integers(-9, 9) | st.text(max_size=9)
SHAPES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner), max_leaves=20
)


@given(SHAPES)
def test_rdap_of_any_shape_is_read(value: object) -> None:
    holder = value if isinstance(value, dict) else {"entities": value}
    read_rdap(orjson.dumps({"objectClassName": "domain"} | holder))


def handed_over() -> Report:
    return Report("r-1", "c-1", "anthropic", "pdf", Submission.MAIL, Actor("a", Role.ANALYST), NOW,
                  ReportState.HANDED_OVER, "ab" * 32, NOW)  # fmt: skip


def test_outcomes_from_csv_and_json_lines_move_reports() -> None:
    table = b"report_id,at,reference,accounts_closed\r\nr-1,2026-11-21T10:00:00Z,T-7,3\r\n"
    line = b'{"report_id": "r-1", "at": "2026-11-21T10:00:00Z", "reference": "T-7", "accounts_closed": 3}\n'
    assert read_outcomes(table) == read_outcomes(line)
    moved = apply_outcome(handed_over(), read_outcomes(table)[0], Actor("a", Role.ANALYST))
    assert moved.state is ReportState.REMOVED
    assert moved.reference == "T-7"


def test_a_refusal_keeps_its_reason() -> None:
    line = b'{"report_id": "r-1", "at": "2026-11-21T10:00:00Z", "refusal": "authorised reseller"}'
    moved = apply_outcome(handed_over(), read_outcomes(line)[0], Actor("a", Role.ANALYST))
    assert (moved.state, moved.steps[-1].note) == (ReportState.REFUSED, "authorised reseller")


@pytest.mark.parametrize(
    ("body", "word"),
    [(b'{"at": "2026-11-21T10:00:00Z"}', "no report_id"), (b'{"report_id": "r", "at": "2026-11-21"}', "zone"),
     (b'{"report_id": "r", "at": "2026-11-21T10:00:00Z", "keys_revoked": -1}', "no count"),
     (b'{"report_id": "r", "at": "2026-11-21T10:00:00Z", "note": 1}', "not known"), (b"{]", "no JSON"),
     (b"\xff\xfe", "UTF-8")],
)  # fmt: skip
def test_a_bad_row_is_named(body: bytes, word: str) -> None:
    with pytest.raises(OutcomeError, match=word):
        read_outcomes(body)
