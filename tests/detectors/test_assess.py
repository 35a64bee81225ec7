"""Judging is pure, reproducible, explained, and never fooled by one word alone."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.assess import Detector, load_detector
from detectors.authorisation import Overlay
from domain.finding import Lane, Verdict
from domain.listing import Listing
from rates.book import RateBook
from tests.detectors.conftest import Assess, listing

ADVERT = "GPT Plus成品号｜带RT 已接码｜质保首登｜自动发货 6.5元一个 量大加微信 vx: haohuo_demo"
KEY = "sk-ant-" + "a1b2" * 12


def test_an_advert_is_resale_and_says_why(assess: Assess) -> None:
    finding = assess(ADVERT)
    assert finding.verdict is Verdict.RESALE
    names = [signal.name for signal in finding.signals]
    assert "delivery.session_tokens" in names
    assert "supply.identity_check_bypass" in names
    assert len(names) == len(set(names))
    for signal in finding.signals:
        assert signal.reason


def test_the_contributions_add_up_to_the_probability(assess: Assess, detector: Detector) -> None:
    for text in (ADVERT, "Hiring a senior engineer", "ChatGPT Plus costs $20 a month, says OpenAI"):
        finding = assess(text)
        log_odds = detector.weights.bias + math.fsum(signal.weight for signal in finding.signals)
        assert finding.probability == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_the_same_listing_gives_the_same_finding(assess: Assess) -> None:
    assert assess(ADVERT) == assess(ADVERT)


def test_spans_point_at_what_was_said(assess: Assess) -> None:
    finding = assess(ADVERT)
    said = {signal.name: signal.span for signal in finding.signals}
    span = said["sale.warranty"]
    assert span is not None
    assert ADVERT[span.start : span.end] in {"质保", "首登", "质保首登"}  # type: ignore[union-attr]


@pytest.mark.parametrize("text", [
    "支付宝微信支付都可以",
    "USDT TRC20",
    "加微信 vx: someone_demo",
    "telegram @someone_demo, dm me",
    "cc, cx, G P T, opus",
    "100% 官方正品，假一赔十，满血不降智",
    "没有海外卡也没关系，国内直连",
    "Claude, ChatGPT 和 Gemini",
    "Claude 满血 官转 不掺水 假一赔十",
    "ChatGPT. Pay with USDT. Telegram @someone_demo. 100% legit",
    "Клод, ГПТ. Оплата криптой. Без VPN",
    "クロード USDT",
    "클로드 텔레그램 @someone_demo",
])  # fmt: skip
def test_no_language_payment_contact_abbreviation_or_boast_raises_an_alert_alone(text: str, assess: Assess) -> None:
    assert assess(text).verdict is not Verdict.RESALE


def test_what_is_harmless_has_no_lane(assess: Assess) -> None:
    finding = assess("Hiring: senior engineer with experience in the OpenAI API, remote, $140k plus equity.")
    assert finding.verdict is Verdict.NOT_RESALE
    assert finding.lane is Lane.NONE


def test_secrets_are_masked_before_anything_is_derived(assess: Assess) -> None:
    finding = assess(f"free claude key, copy it: {KEY} and enjoy")
    assert KEY not in repr(finding)
    assert any(indicator.kind == "key_sha256" and len(indicator.value) == 64 for indicator in finding.indicators)
    assert any(signal.name == "supply.key_in_text" for signal in finding.signals)


def test_a_listing_that_comes_masked_is_judged_the_same(detector: Detector, rates: RateBook) -> None:
    from domain.masking import mask_listing

    raw = listing(f"free claude key: {KEY} enjoy")
    masked = mask_listing(raw).listing
    one, other = detector.assess(raw, rates), detector.assess(masked, rates)
    assert (one.verdict, one.probability, one.listing_version) == (
        other.verdict,
        other.probability,
        other.listing_version,
    )
    assert [signal.name for signal in one.signals] == [signal.name for signal in other.signals]


def test_spans_behind_a_secret_are_places_of_the_text_as_it_was_handed_in(assess: Assess) -> None:
    text = f"{KEY} {KEY} {ADVERT}"
    for signal in assess(text).signals:
        if signal.name == "sale.warranty":
            assert text[signal.span.start : signal.span.end] in {"质保", "首登", "质保首登"}  # type: ignore[union-attr]
            return
    pytest.fail("no warranty was seen")


def test_the_rules_version_changes_with_the_overlay_and_with_nothing_else(rates: RateBook, detector: Detector) -> None:
    again = load_detector(rates=rates)
    assert again.rules_version == detector.rules_version
    words = (("ours.toml", 'category = "risk"\n[pooled_accounts]\ntitle = "pools"\nen = ["zorblax"]\n'),)
    other = load_detector(Overlay(words=words, version="7"), rates)
    assert other.rules_version != detector.rules_version


def test_an_operators_word_speaks_through_the_same_signal(rates: RateBook) -> None:
    words = (("ours.toml", 'category = "risk"\n[pooled_accounts]\ntitle = "pools"\nen = ["zorblax"]\n'),)
    finding = load_detector(Overlay(words=words, version="7"), rates).assess(listing("Claude zorblax"), rates)
    assert "supply.pooled_accounts" in {signal.name for signal in finding.signals}
    assert finding.overlay_version == "7"


@settings(max_examples=80, deadline=None)
@given(text=st.text(st.characters(), max_size=400), title=st.text(max_size=60))
def test_any_text_gets_a_finding(text: str, title: str, detector: Detector, rates: RateBook) -> None:
    finding = detector.assess(listing(text, title=title), rates)
    assert 0 <= finding.probability <= 1
    for signal in finding.signals:
        if signal.span is not None:
            field = {"title": title, "text": text}[signal.span.field]  # type: ignore[union-attr]
            assert 0 <= signal.span.start <= signal.span.end <= len(field)  # type: ignore[union-attr]


@pytest.mark.parametrize("text", [
    "a" * 200_000, "{" * 100_000, "claude " * 30_000, "http://" * 30_000, "\ud800" * 50_000, "号池" * 60_000,
    "💰" * 50_000, "￥1=1刀 " * 20_000, "@" * 100_000,
])  # fmt: skip
def test_long_hostile_text_is_judged_in_bounded_time(text: str, detector: Detector, rates: RateBook) -> None:
    import time

    started = time.perf_counter()
    detector.assess(listing(text), rates)
    assert time.perf_counter() - started < 2


def test_the_price_of_a_one_time_message_is_that_of_its_day() -> None:
    from datetime import UTC, datetime

    from detectors.assess import pricing_day

    posted = datetime(2026, 3, 1, tzinfo=UTC)
    standing: Listing = listing("x", posted_at=posted)
    assert pricing_day(standing).month == 7
    assert pricing_day(replace(standing, one_time=True)).month == 3
