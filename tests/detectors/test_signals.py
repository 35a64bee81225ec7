"""Every signal is one small file, explains itself, and speaks where it should."""

import re
from dataclasses import replace
from importlib import import_module

import pytest

from detectors import signals
from detectors.asked import asked_rules, signal_rules
from detectors.assess import Detector
from detectors.reading.lexicon.load import CATEGORIES
from detectors.signal import SignalRule
from domain.plugins import find_plugins
from rates.book import RateBook
from tests.detectors.conftest import Assess, listing

GROUPS = {
    "text",
    "price", "supply", "delivery", "deception", "data", "transport", "evasion", "trade", "sale", "shape", "benign",
}  # fmt: skip


def test_names_are_unique_and_follow_the_pattern() -> None:
    names = [rule.name for rule in signal_rules()]
    assert len(names) == len(set(names))
    for name in names:
        group, _, what = name.partition(".")
        assert group in GROUPS
        assert re.fullmatch(r"[a-z0-9_]+", what)


@pytest.mark.parametrize("module", find_plugins(signals, "SIGNAL", SignalRule))
def test_each_file_explains_itself(module: str) -> None:
    found = import_module(f"detectors.signals.{module}")
    rule: SignalRule = found.SIGNAL
    assert found.__doc__
    assert len(rule.title) > 3
    assert rule.explains.endswith(".")
    assert rule.title != rule.explains


def test_rules_with_concepts_are_asked_only_where_one_is_mentioned() -> None:
    rules = signal_rules()
    asked = asked_rules(rules)
    assert set(asked.rules_for({})) == {rule for rule in rules if not rule.concepts}
    for rule in rules:
        for key in rule.concepts:
            assert list(asked.rules_for({key: None})).count(rule) == 1  # type: ignore[dict-item]


def test_concepts_are_known_to_a_lexicon(detector: Detector) -> None:
    known = {(word.category, word.concept) for word in (*detector.lexicon.words, *detector.wording.words)}
    phrases = {word.category for word in detector.wording.words}
    for rule in signal_rules():
        assert not rule.concepts or set(rule.concepts) & known, rule.name
        assert all(category in CATEGORIES | phrases for category, _ in rule.concepts)


@pytest.mark.parametrize(("name", "text"), [
    ("supply.pooled_accounts", "Claude Max 号池自营"),
    ("supply.pooled_accounts", "requests go through our account pool"),
    ("supply.pooled_accounts", "свой пул аккаунтов"),
    ("supply.bulk_registration", "Kiro 注册机 协议版"),
    ("supply.stolen_cards", "更新一批卡头 plus 可过"),
    ("supply.payment_links", "印度UPI 提链 10 次"),
    ("supply.leaked_keys", "fresh keys, no questions asked"),
    ("supply.shared_keys", "Free keys for Claude, updated daily"),
    ("supply.cloud_credit_abuse", "GCP 赠金号"),
    ("supply.trial_abuse", "plus 日抛 体验版"),
    ("supply.education_abuse", "k12 team"),
    ("supply.identity_check_bypass", "Claude 过KYC 人脸"),
    ("supply.key_in_text", "use sk-ant-" + "x9" * 20),
    ("delivery.session_tokens", "发货格式 cpa / sub2api json"),
    ("deception.model_swap", "kiro逆向 opus"),
    ("deception.pseudo_official", "官转 直连"),
    ("deception.over_protest", "假一赔十 不掺水"),
    ("data.no_log_policy", "logs may be kept for a while"),
    ("evasion.ban_promise", "零封号风险"),
    ("trade.wholesale", "批发 量大从优"),
    ("trade.agents", "招代理"),
    ("trade.off_platform_contact", "详情私聊 加微"),
    ("trade.crypto", "USDT only"),
    ("transport.bare_ip_base_url", "export ANTHROPIC_BASE_URL=http://203.0.113.20:3000"),
    ("transport.plain_http_base_url", "base_url: http://relay.example.test/v1"),
    ("benign.warning", "请谨防诈骗，不要购买共享账号"),
    ("benign.own_key", "bring your own key"),
    ("benign.sells_nothing", "We don't sell accounts"),
    ("benign.job", "招聘 后端，月薪 20k，简历投邮箱"),
    ("benign.no_product", "the weather is fine"),
    ("benign.other_goods_only", "Netflix 4K profile, one month"),
])  # fmt: skip
def test_a_signal_speaks(name: str, text: str, assess: Assess) -> None:
    assert name in {signal.name for signal in assess(text).signals}


@pytest.mark.parametrize(("name", "text"), [
    ("transport.bare_ip_base_url", "http://127.0.0.1:8787 and http://192.168.1.4/v1"),
    ("transport.plain_http_base_url", "see https://relay.example.test/v1 and http://localhost:3000"),
    ("transport.plain_http_base_url", "read http://www.example.test/about-us"),
    ("benign.no_product", "claude"),
    ("supply.key_in_text", "keys look like sk-ant-..."),
])  # fmt: skip
def test_a_signal_holds_its_peace(name: str, text: str, assess: Assess) -> None:
    assert name not in {signal.name for signal in assess(text).signals}


def test_a_signal_without_a_weight_weighs_nothing(detector: Detector, rates: RateBook) -> None:
    bare = replace(detector, weights=replace(detector.weights, of_signal={}))
    assert {signal.weight for signal in bare.assess(listing("Claude 号池"), rates).signals} == {0.0}


def test_a_phrase_does_not_begin_or_end_inside_a_number(assess: Assess) -> None:
    """`20 usd` is what a plan costs; `120 USD` of credit is no official price, nor is `$200` the price `$20`."""
    for text in ("OpenAI API key with 120 USD credit, 15 USD", "Claude key, costs $200 elsewhere"):
        assert "benign.official_price" not in {signal.name for signal in assess(text).signals}
