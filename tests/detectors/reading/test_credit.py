"""Credit against money, in both directions: what one dollar of official use costs."""

from collections.abc import Callable

import pytest

from detectors.reading.result import ReadListing
from domain.offer import OfferKind

Expected = list[tuple[str, float | None]]

CREDIT = [
    ("本站充值 1元=1刀，全模型可用", [("api-credit", 0.148)]),
    ("GPT账号 30元/个包含6刀API额度（50个批发只要 5.5元/个）", [("gpt", 0.7397)]),
    ("充值比例 1:1，支持 Claude 和 GPT", [("api-credit", 0.148)]),
    ("recharge ratio 1:1 (¥1 = $1 of API credit), all models", [("api-credit", 0.148)]),
    ("0.2元=1刀 稳定中转", [("api-credit", 0.0296)]),
    ("Codex 号池 0.15元对应1刀，量大可谈", [("gpt", 0.0222)]),
    ("充值 1 CNY = 3 USD 额度", [("api-credit", 0.0493)]),
    ("充值汇率 2元=1刀", [("api-credit", 0.2959)]),
    ("充值100到账50，Claude中转", [("claude", 0.2959)]),
    ("充50得500刀", [("api-credit", 0.0148)]),
    ("¥88 一次性 260 刀", [("api-credit", 0.0501)]),
    ("体验包 6.6元/100刀", [("api-credit", 0.0098)]),
    ("$40 of Coding Plan credits for just $1.50", [("api-credit", 0.0375)]),
    ("Erhalten Sie $60 Guthaben für nur $2,40", [("api-credit", 0.04)]),
    ("250刀兑换码=230 Claude ChatGPT 都能用", [("api-credit", 0.1361)]),
    ("1000刀额度 只需 65 元", [("api-credit", 0.0096)]),
    ("150刀只要12r", [("api-credit", 0.0118)]),
    ("пополнение: 40 ₽ = $1 на баланс, Claude и GPT", [("api-credit", 0.5472)]),
    ("Nạp 5.000đ = 1$ credit API Claude", [("claude", 0.1898)]),
    ("6.8元兑换1美元额度，官方汇率", [("api-credit", 1.0061)]),
    ("Kurs 1:10, also 1 ¥ = 10 $ API-Guthaben", [("api-credit", 0.0148)]),
    ("充值比例1:10 GPT中转", [("gpt", 0.0148)]),
    ("1美元=0.6元，Claude中转", [("claude", 0.0888)]),
    ("$1 = ¥0.45, Claude and GPT relay", [("api-credit", 0.0666)]),
    ("1 USD = 0.7 RMB top-up rate", [("api-credit", 0.1036)]),
    ("Claude API 0.5元/刀", [("claude", 0.074)]),
    ("gpt 每刀0.3元", [("gpt", 0.0444)]),
    ("Codex 1刀只要0.4元", [("gpt", 0.0592)]),
    ("¥0.8 per $1 of Claude credit", [("claude", 0.1184)]),
    ("0.9 yuan per dollar of API credit", [("api-credit", 0.1332)]),
    ("pay $5, get $60 of Claude API credit", [("claude", 0.0833)]),
    ("10 USDT = $120 API credits", [("api-credit", 0.0833)]),
    ("100刀 ¥12 | 500刀 ¥50 | 1000刀 ¥90 Claude额度", [("claude", 0.0178), ("claude", 0.0148), ("claude", 0.0133)]),
    ("100刀-13元；200刀-25元 codex额度", [("gpt", 0.0192), ("gpt", 0.0185)]),
    ("GPT额度：50刀：8元\n100刀：15元", [("gpt", 0.0237), ("gpt", 0.0222)]),
    ("18元100刀 Claude max号池", [("claude", 0.0266)]),
    ("Claude额度 200刀（30元）", [("claude", 0.0222)]),
    ("Claude API credit $50: Rp 150.000", [("claude", 0.1672)]),
    ("Bán credit Claude API: 100k = $20", [("claude", 0.1905)]),
    ("12元 = 100美元额度", [("api-credit", 0.0178)]),
    ("Продам баланс Claude API: 500 руб за $25", [("claude", 0.2736)]),
    ("Claude API баланс 100$ за 2500₽", [("claude", 0.342)]),
    ("Créditos Claude API: $30 por $6", [("claude", 0.2)]),
    ("$200 Claude credits for $50", [("claude", 0.25)]),
    (
        "1 credit equals $1 of Claude usage.\nPacks: 1,000 credits for $5, 10,000 credits for $30",
        [("claude", 0.005), ("claude", 0.003)],
    ),
    ("中转站招代理：0.4 元拿 1 刀额度", [("api-credit", 0.0592)]),
    (
        "Codex 卡，走 pro 号池，每天 20 刀额度，当天清零。\n周卡 ¥9，月卡 ¥36",
        [("gpt", 0.0095), ("gpt", 0.0089)],
    ),
    ("1 credit ≈ $1 original Anthropic: 2k $8, 10k $28", [("claude", 0.004), ("claude", 0.0028)]),
]


@pytest.mark.parametrize(("text", "expected"), CREDIT)
def test_credit(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """The share is yuan a dollar over 6.759, or the money's dollars over the dollars of credit."""
    check_offers(text, expected)


KEYS = [
    ("出一把 OpenAI 官 key，余额 100 刀，¥200 拿走", OfferKind.API_KEY),
    ("Продаю OpenAI API ключи с балансом 40 $ — 800 ₽ за ключ", OfferKind.API_KEY),
    ("Claude API credit $50: Rp 150.000", OfferKind.CREDIT_TOPUP),
    ("充值 1元=1刀，API 中转，支持 Claude", OfferKind.CREDIT_TOPUP),
]


@pytest.mark.parametrize(("text", "kind"), KEYS)
def test_key_with_credit(read: Callable[..., ReadListing], text: str, kind: OfferKind) -> None:
    """Where a key is handed over it is the key that is sold, whatever credit is on it."""
    assert [offer.kind for offer in read(text).offers] == [kind]


GIVEN_AWAY = [
    "Free Claude key for everyone: sk-ant-a…[sha256:0a1b2c3d4e5f] share it with your friends",
    "今天的共享 key，Claude 全系可用：sk-ant-a…[sha256:0a1b2c3d4e5f] 先到先得",
    "# claude api key, help yourself\nANTHROPIC_API_KEY=sk-ant-a…[sha256:0a1b2c3d4e5f]",
]


@pytest.mark.parametrize("text", GIVEN_AWAY)
def test_key_left_lying_about(read: Callable[..., ReadListing], text: str) -> None:
    """A key that anybody can read is an offer of access without a price."""
    (offer,) = read(text).offers
    assert (offer.kind, offer.product, offer.price) == (OfferKind.FREE_POOL, "claude", None)


def test_multiplier_in_a_sentence(check_offers: Callable[..., None]) -> None:
    """What a relay takes of its own dollars may be said without the word multiplier."""
    check_offers(
        "Top up 1 CNY and get 1 USD of credit. GPT models cost 0.3 of it.", [("api-credit", 0.148), ("gpt", 0.0444)]
    )
