"""Ways to reach somebody, as texts give them: which they are, whose they are, and where they stand."""

from collections.abc import Callable

import pytest

from detectors.reading.result import ReadListing
from domain.offer import TextSpan

Reading = Callable[..., ReadListing]

CASES = [
    ("telegram", "@quiet_heron", "Claude Max на месяц, пишите @quiet_heron"),
    ("telegram", "quiet_heron", "Akun ChatGPT Plus siap, t.me/quiet_heron"),
    ("telegram", "quiet_heron", "GPT Plus hesabı: https://t.me/quiet_heron?start=1"),
    ("wechat", "heron_shop88", "Claude 合租，加微信：heron_shop88"),
    ("wechat", "heron_shop88", "出 gpt plus 成品号 vx: heron_shop88"),
    ("qq", "876543219", "中转站售后 QQ群：876543219"),
    ("qq", "876543219", "交流群 876543219，每天发 0.1刀"),
    ("email", "desk@heron.example.test", "Bulk keys: desk@heron.example.test"),
    ("whatsapp", "+62 812-5550-1234", "Langganan Gemini Pro, WhatsApp +62 812-5550-1234"),
    ("phone", "+84 905 550 123", "Tài khoản GPT Plus, gọi +84 905 550 123 nhé"),
    ("url", "https://heron.example.test/shop?id=4", "购买：https://heron.example.test/shop?id=4"),
    ("domain", "heron.example.test", "购买：https://heron.example.test/shop?id=4"),
    ("domain", "heron-api.top", "中转 heron-api.top 全模型"),
    ("wallet", "0x52908400098527886e0f7030069857d2e4169ee7", "USDT: 0x52908400098527886e0f7030069857d2e4169ee7"),
    ("wallet", "TXk8rQSAvPvBBNtqSoY7nCfsXWCSSpTVQF", "оплата USDT TRC20 TXk8rQSAvPvBBNtqSoY7nCfsXWCSSpTVQF"),
    ("discord", "heronkeys", "discord.gg/heronkeys for cheap tokens"),
    ("discord", "heronkeys", "https://discord.com/invite/heronkeys"),
    ("line", "heron", "アカウント販売 line.me/ti/p/heron"),
]


@pytest.mark.parametrize(("kind", "value", "text"), CASES, ids=[f"{case[0]}: {case[2][:40]}" for case in CASES])
def test_a_way_to_reach_the_seller_is_read_with_its_place(read: Reading, kind: str, value: str, text: str) -> None:
    found = [contact for contact in read(text).contacts if contact.kind == kind]
    assert [contact.value for contact in found] == [value]
    assert found[0].role == "seller"
    assert isinstance(found[0].span, TextSpan)
    assert value in text[found[0].span.start : found[0].span.end]


@pytest.mark.parametrize(
    "text",
    [
        "see https://github.com/some/project for the code",
        "как на chatgpt.com, только дешевле",
        "文档 https://docs.anthropic.com/zh/api",
    ],
)
def test_places_that_belong_to_everybody_are_only_mentioned(read: Reading, text: str) -> None:
    assert {contact.role for contact in read(text).contacts} == {"mentioned"}


@pytest.mark.parametrize(
    "text",
    [
        "Claude Pro 一个月 128 元，2026-07-24 更新",
        "gpt-5.5 is 0.35 of the price, version 4.8.1",
        "WeChat is not needed, Telegram bot only",
        "卡号 1234567890123456 不是电话",
    ],
)
def test_dates_versions_prices_and_words_are_nobodys_address(read: Reading, text: str) -> None:
    assert read(text).contacts == ()
