"""Every condition holds where it should, fails where it should, and says what it found."""

from decimal import Decimal
from typing import Any

import pytest

from alerts.conditions import _BUILDERS, Conditions, Facts, checks, matches
from domain.comparison import Refusal
from domain.finding import History
from domain.offer import OfferKind
from tests.alerts.conftest import NOON, make_finding, make_listing, make_offer


def holds(asked: dict[str, Any], listing: Any = None, **finding: Any) -> bool:
    facts = Facts.of(make_finding(**finding), listing or make_listing())
    (check,) = checks(Conditions.model_validate(asked))
    assert check.condition in asked
    assert check.needed
    assert check.found(facts)
    return check.holds(facts)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"verdict": "resale"}, True),
        ({"verdict": ["not_resale", "unsure"]}, False),
        ({"probability_at_least": 0.97}, True),
        ({"probability_at_least": 0.98}, False),
        ({"probability_below": 0.98}, True),
        ({"lane": ["pooled_relay", "grey"]}, True),
        ({"authorisation": "listed"}, False),
        ({"share_below": 0.12}, True),
        ({"share_below": 0.11}, False),
        ({"share_at_least": "0.11"}, True),
        ({"share_known": True}, True),
        ({"share_known": False}, False),
        ({"signals_any": ["supply.*"]}, True),
        ({"signals_any": ["supply"]}, False),
        ({"signals_all": ["supply.*", "delivery.relay_address"]}, True),
        ({"signals_all": ["supply.*", "seller.*"]}, False),
        ({"signals_none": ["benign.*"]}, True),
        ({"signals_none": ["delivery.*"]}, False),
        ({"indicators_any": "base_url"}, True),
        ({"indicators_any": "key_sha256"}, False),
        ({"exposure_usd_at_least": 2400}, True),
        ({"exposure_usd_at_least": 2401}, False),
        ({"exposure_known": True}, True),
        ({"language": "zh"}, True),
        ({"platform": ["github", "telegram"]}, True),
        ({"seller": "example_seller"}, True),
        ({"seller": "@EXAMPLE_SELLER"}, True),
        ({"seller": "telegram:example_*"}, True),
        ({"seller": "bystander"}, False),
        ({"source": "telegram/*"}, True),
        ({"source": "github/*"}, False),
        ({"first_sighting": True}, True),
        ({"versions_at_least": 1}, False),
        ({"share_fell_by_at_least": 0.1}, False),
    ],
)
def test_a_condition_holds_or_not(asked: dict[str, Any], expected: bool) -> None:
    assert holds(asked) is expected


def test_what_is_unknown_fulfils_no_condition_on_its_size() -> None:
    unpriced = (make_offer(None),)
    assert not holds({"share_below": 5}, offers=unpriced)
    assert not holds({"share_at_least": 0.0001}, offers=unpriced)
    assert holds({"share_known": False}, offers=unpriced)
    assert not holds({"exposure_usd_at_least": 1}, exposure=None)
    assert holds({"exposure_known": False}, exposure=None)


def test_history_is_asked_as_it_was_handed_in() -> None:
    seen = History(first_seen_at=NOON, versions=3, previous_best_share=Decimal("0.30"))
    assert holds({"first_sighting": False}, history=seen)
    assert holds({"versions_at_least": 3}, history=seen)
    assert holds({"share_fell_by_at_least": 0.19}, history=seen)
    assert not holds({"share_fell_by_at_least": 0.2}, history=seen)


def test_one_single_offer_must_fulfil_all_that_is_asked_of_an_offer() -> None:
    cheap_gpt = make_offer("0.05", product="gpt-5.5", provider="openai")
    dear_claude = make_offer("0.90")
    asked = {"offer": {"product": "claude-*", "share_below": 0.5}}
    assert not holds(asked, offers=(cheap_gpt, dear_claude))
    assert holds(asked, offers=(cheap_gpt, make_offer("0.4")))
    assert holds({"offer": {"provider": "openai", "kind": OfferKind.METERED_TOKENS}}, offers=(cheap_gpt,))
    refused = (make_offer(None, refusal=Refusal.OPAQUE_CREDIT),)
    assert holds({"offer": {"refusal": ["opaque_credit"]}}, offers=refused)
    assert not holds({"offer": {"refusal": ["no_price"], "product": "claude-*"}}, offers=refused)


def test_every_condition_of_the_model_can_be_asked() -> None:
    assert _BUILDERS.keys() == Conditions.model_fields.keys()


@pytest.mark.parametrize(("name", "pattern", "expected"), [("a.b", "a.*", True), ("a", "*", True), ("ab", "a", False)])
def test_a_name_matches_itself_or_a_beginning(name: str, pattern: str, expected: bool) -> None:
    assert matches(name, (pattern,)) is expected
