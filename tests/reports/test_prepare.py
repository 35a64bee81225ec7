"""What one recipient may see, and what is said about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import RoleDecision, SellerFact
from domain.finding import Authorisation
from domain.listing import HandleRole
from reports.errors import AuthorisedListingError, ReportError
from reports.prepare import prepare
from tests.reports.cases import SEEN, dossier, finding, make_case, options, priced


def authorised(value: Authorisation):  # type: ignore[no-untyped-def]
    case = make_case()
    changed = replace(case.listings[0], finding=finding("77", (priced(),), authorisation=value))
    return replace(case, listings=(changed,))


def test_unknown_permission_is_said_and_never_called_missing() -> None:
    made = prepare(authorised(Authorisation.UNKNOWN), options())
    assert "not known to us" in made.wording.authorisation
    everything = " ".join((*made.wording.summary, made.wording.authorisation, made.wording.request)).lower()
    assert "unauthori" not in everything
    assert "illegal" not in everything


def test_where_listings_differ_each_answer_names_its_listings() -> None:
    wording = dossier().wording.authorisation
    assert "For L1: Whether" in wording
    assert "For L2: Anthropic has stated" in wording


@pytest.mark.parametrize("value", [Authorisation.LISTED, Authorisation.NOT_NEEDED])
def test_what_is_sold_with_permission_is_not_reported(value: Authorisation) -> None:
    with pytest.raises(AuthorisedListingError, match="take it out"):
        prepare(authorised(value), options())


def test_a_correction_may_speak_of_it() -> None:
    made = prepare(authorised(Authorisation.LISTED), options(correction="it was a listed shop", corrects="r-1"))
    assert made.wording.summary[0].startswith("We take back")
    assert "it was a listed shop" in made.wording.summary[1]


def test_a_persons_answer_outweighs_the_programs() -> None:
    case = make_case()
    decision = case.listings[0].decision
    assert isinstance(decision, RoleDecision)
    changed = replace(case.listings[0], decision=replace(decision, authorisation=Authorisation.LISTED))
    with pytest.raises(AuthorisedListingError):
        prepare(replace(case, listings=(changed,)), options())


def test_an_empty_case_is_refused() -> None:
    with pytest.raises(ReportError, match="neither listings nor keys"):
        prepare(make_case(listings=()), options())


def test_handles_only_where_needed() -> None:
    assert {row.value for row in dossier(show_handles=True).sellers} == {"@lantern_shop", "relay.lantern.example"}
    hidden = {row.value for row in dossier().sellers if row.personal}
    assert all(value.startswith("seller-") for value in hidden)


def test_what_was_left_out_is_said_with_its_reason() -> None:
    rows = {row.what: row.reason for row in dossier().redactions}
    assert {"secrets", "buyers and other third persons", "names of sellers", "second screenshot"} <= rows.keys()
    assert "names of sellers" not in {row.what for row in dossier(show_handles=True).redactions}


def test_an_address_that_may_not_be_shown_is_withheld_with_a_reason() -> None:
    case = make_case()
    listing = replace(case.listings[0].listing, url="javascript:alert(1)")
    made = dossier(replace(case, listings=(replace(case.listings[0], listing=listing),)))
    assert made.listings[0].link is None
    assert made.redactions[-1].what == "the address of L1"


def test_the_same_case_gives_the_same_dossier() -> None:
    assert dossier() == dossier()
    assert dossier().report_id != dossier(prepared_at=SEEN + timedelta(days=9)).report_id


def test_a_reply_is_carried() -> None:
    assert "Answer received: we have a contract" in dossier(make_case(reply="we have a contract")).wording.reply


def test_a_seller_fact_of_invisible_characters_says_nothing() -> None:
    empty = SellerFact("domain", "\u200b\x00", HandleRole.HOST, "named in L1")
    assert dossier(make_case(sellers=(empty,))).sellers == ()
