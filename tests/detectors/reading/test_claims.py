"""The seller's own share of the official price, in many languages; and numbers that are no share."""

from collections.abc import Callable

import pytest

from detectors.pricing.claims import CONTRADICTED
from domain.finding import PricedOffer

Expected = list[tuple[str, float | None]]

HALVES = [
    ("Claude API за пів ціни від офіційної", [("claude", 0.5)]),
    ("| Sonnet | ¥12 / 1M tokens (1/8 of official price) |", [("claude", 0.125)]),
    ("OpenAIのモデルを公式価格の8割で使えます", [("gpt", 0.8)]),
    ("Claude API 公式の七割の料金", [("claude", 0.7)]),
    ("Same models, half the bill. One balance for Opus and Sonnet.", [("api-credit", 0.5)]),
]


@pytest.mark.parametrize(("text", "expected"), HALVES)
def test_fractions_in_words(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """Half of the official price and other fractions, in words."""
    check_offers(text, expected)


ZHE = [
    ("Claude 低至官方价 2 折", [("claude", 0.2)]),
    ("GPT官价0.8折，Claude官价1.2折", [("gpt", 0.08), ("claude", 0.12)]),
    ("价格低至官方 28 折，支持 Claude、Gemini", [("claude", 0.28), ("gemini", 0.28)]),
    (
        "Claude Code / Codex / Gemini 官方渠道低至 4.2 / 0.3 / 1.1 折",
        [("claude", 0.42), ("gpt", 0.03), ("gemini", 0.11)],
    ),
    ("GPT-5.5 一折起，opus4.8 三折", [("gpt-5.5", 0.1), ("claude-opus-4-8", 0.3)]),
    ("全网最低 0.15 折 GPT", [("gpt", 0.015)]),
    ("Claude 系列 85折 官网价", [("claude", 0.85)]),
    ("首充享9折优惠，Claude 官方价 3 折", [("claude", 0.3)]),
    ("Claude 2.5-3折之间", [("claude", 0.25)]),
]


@pytest.mark.parametrize(("text", "expected"), ZHE)
def test_zhe(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """折 of one digit counts tenths, of two digits hundredths."""
    check_offers(text, expected)


PERCENT = [
    ("Models at 12% of official prices: Claude, GPT", [("claude", 0.12), ("gpt", 0.12)]),
    ("Claude API up to 85% off official pricing", [("claude", 0.15)]),
    ("All GPT models 60% cheaper than official", [("gpt", 0.4)]),
    ("Save 75% on Claude tokens", [("claude", 0.25)]),
    ("Claude API -65% vs official", [("claude", 0.35)]),
    ("GPT 系列省 92%，Claude 系列省 78%", [("gpt", 0.08), ("claude", 0.22)]),
    ("比官方低 40%-90%，Claude 中转", [("claude", 0.1)]),
    ("Claude за 25% от официальной цены", [("claude", 0.25)]),
    ("Claude API дешевле официальных тарифов на 35%", [("claude", 0.65)]),
    ("Скидка 40% на Claude API от официальной цены", [("claude", 0.6)]),
    ("дешевле официального прайса в 3 раза, GPT и Claude", [("gpt", 0.3333), ("claude", 0.3333)]),
    ("в 2 раза дешевле официального API, Claude", [("claude", 0.5)]),
    ("Claude API a metade do preço oficial", [("claude", 0.5)]),
    ("API do Claude com 70% de desconto sobre o preço oficial", [("claude", 0.3)]),
    ("Economize 60% na API do GPT em relação ao oficial", [("gpt", 0.4)]),
    ("Claude con 55% de descuento sobre el precio oficial", [("claude", 0.45)]),
    ("Claude al 30% del precio oficial", [("claude", 0.3)]),
    ("Giá Claude API chỉ bằng 20% giá chính hãng", [("claude", 0.2)]),
    ("Claude API giảm 70% so với giá chính thức", [("claude", 0.3)]),
    ("Harga Claude API 15% dari harga resmi", [("claude", 0.15)]),
    ("Claude API hemat 80% dari harga resmi", [("claude", 0.2)]),
    ("Claude API resmi fiyatın %30'una", [("claude", 0.3)]),
    ("Claude API'de %60 indirim, resmi fiyata göre", [("claude", 0.4)]),
    ("Claude zum halben Preis der offiziellen API", [("claude", 0.5)]),
    ("Claude 40 % günstiger als die offizielle API", [("claude", 0.6)]),
    ("Claude zu 25 % des Originalpreises", [("claude", 0.25)]),
    ("Claude à 30 % du prix officiel", [("claude", 0.3)]),
    ("Claude API 公式価格の12%から", [("claude", 0.12)]),
    ("Claude API 公式価格より4割引", [("claude", 0.6)]),
    ("GPT API 公式価格の半額", [("gpt", 0.5)]),
    ("Claude API 공식 가격의 20%", [("claude", 0.2)]),
    ("Claude API 공식가 대비 70% 할인", [("claude", 0.3)]),
    ("Claude API بخصم 60% عن السعر الرسمي", [("claude", 0.4)]),
    ("Claude API بنسبة 25% من السعر الرسمي", [("claude", 0.25)]),
    ("Claude API با ۷۰٪ تخفیف نسبت به قیمت رسمی", [("claude", 0.3)]),
    ("Claude API آधिकारिक", []),
    ("Claude API आधिकारिक कीमत से 60% सस्ता", [("claude", 0.4)]),
    ("Claude API आधी कीमत पर", [("claude", 0.5)]),
    ("Claude API ในราคา 30% ของราคาทางการ", [("claude", 0.3)]),
    ("Claude API o 40% taniej niż oficjalnie", [("claude", 0.6)]),
    ("about one third of the official price: 1/3 for Claude", [("claude", 0.3333)]),
    ("约为官方的 1/4，Claude 直连", [("claude", 0.25)]),
    ("使用成本仅官网十分之一，Codex 号池", [("gpt", 0.1)]),
    ("价格是官方价的五分之一 Claude", [("claude", 0.2)]),
    ("Claude за треть цены", [("claude", 0.3333)]),
    ("GPT半价出", [("gpt", 0.5)]),
    ("Claude official channels at 40% / GPT at 3% of original price", [("claude", 0.4), ("gpt", 0.03)]),
    ("prices as low as 8% of the original, Claude and GPT", [("claude", 0.08), ("gpt", 0.08)]),
    (
        "Los canales de Claude Code / Codex / Gemini al 42 % / 3 % / 11 % del precio original",
        [("claude", 0.42), ("gpt", 0.03), ("gemini", 0.11)],
    ),
    ("Claude Code 原价的 15%", [("claude", 0.15)]),
    ("Claude は定価の 20%", [("claude", 0.2)]),
    ("10x cheaper than official Claude API", [("claude", 0.1)]),
    ("Claude costs 80% less than the official API", [("claude", 0.2)]),
    ("priced at one tenth of official: Claude, GPT", [("claude", 0.1), ("gpt", 0.1)]),
    ("Claude models, half the cost of the official API", [("claude", 0.5)]),
    ("Under 15% of official prices: save 85%+ on Claude", [("claude", 0.15)]),
    ("flat 45% off official Anthropic pricing", [("claude", 0.55)]),
    ("GPT-5.5 官方价格的7%", [("gpt-5.5", 0.07)]),
    ("Claude 低于官方价 60%", [("claude", 0.4)]),
    ("claude 比官网便宜 70%", [("claude", 0.3)]),
    ("Claude 官方价的三折", [("claude", 0.3)]),
    ("全模型 3折起", [("api-credit", 0.3)]),
    ("Claude Opus 4.8 约 1.1 折（省 89%），GPT 系列约 0.6 折（省 94%）", [("claude-opus-4-8", 0.11), ("gpt", 0.06)]),
    ("Экономия до 70% на Claude API по сравнению с официальной ценой", [("claude", 0.3)]),
    ("Доступ к GPT и Claude на 50% дешевле официального сайта", [("gpt", 0.5), ("claude", 0.5)]),
    ("Ключи Claude API — 20% от цены Anthropic", [("claude", 0.2)]),
    ("GPT-5.5 официальная цена минус 60%", [("gpt-5.5", 0.4)]),
    ("Claude API, tiết kiệm đến 80% so với mua trực tiếp", [("claude", 0.2)]),
    ("Rẻ hơn 60% so với giá gốc OpenAI GPT API", [("gpt", 0.4)]),
    ("API Claude lebih murah 70% dari harga resmi Anthropic", [("claude", 0.3)]),
    ("diskon 65% API Claude", [("claude", 0.35)]),
    ("API Claude con hasta un 80% de descuento", [("claude", 0.2)]),
    ("Ahorra 75% en la API de Claude", [("claude", 0.25)]),
    ("Claude API até 90% mais barata que a oficial", [("claude", 0.1)]),
    ("Claude API'si resmi fiyatından %70 daha ucuz", [("claude", 0.3)]),
    ("Claude API을 공식보다 60% 저렴하게", [("claude", 0.4)]),
    ("Claude API 정가의 30%", [("claude", 0.3)]),
    ("Claude APIが公式より70%安い", [("claude", 0.3)]),
    ("Claude API 最大80%オフ", [("claude", 0.2)]),
    ("Claude API 公式の3割の価格", [("claude", 0.3)]),
    ("وفر 70% على Claude API", [("claude", 0.3)]),
    ("Claude API أرخص بنسبة 60% من السعر الرسمي", [("claude", 0.4)]),
    ("ارزان\u200cتر از قیمت رسمی تا ۶۰٪ برای Claude API", [("claude", 0.4)]),
    ("Claude API ۳۰٪ قیمت رسمی", [("claude", 0.3)]),
    ("Claude API ऑफिशियल कीमत के 25% पर", [("claude", 0.25)]),
    ("Claude API पर 70% की छूट", [("claude", 0.3)]),
    ("Claude API 60 % moins cher que le tarif officiel", [("claude", 0.4)]),
    ("Claude-API bis zu 70 % Rabatt", [("claude", 0.3)]),
    ("Claude API ลด 60% จากราคาทางการ", [("claude", 0.4)]),
    ("доступ к Claude на 40% дешевше за офіційну ціну", [("claude", 0.6)]),
]


@pytest.mark.parametrize(("text", "expected"), PERCENT)
def test_percent(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """Taken off or paid, by the words around the percentage."""
    check_offers(text, expected)


NO_SHARE = [
    ("Invite friends and get 20% of their top-ups, Claude relay", []),
    ("首充 8.8 折，注册送 3 刀，Claude 中转", []),
    ("99.9% uptime, 95% cache hit for Claude Code relay", []),
    ("Claude 中转 最低充值 10 元起充", []),
    ("GPT缓存率98%，Claude缓存率95%", []),
    ("推广返佣 15%，邀请 GPT 中转用户", []),
    ("Promo code CLAUDE10 gives 10% off your first top-up", []),
]


@pytest.mark.parametrize(("text", "expected"), NO_SHARE)
def test_no_share(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """Commissions, discounts on topping up, uptime, cache rates."""
    check_offers(text, expected)


def test_a_claim_under_several_priced_models_is_of_the_whole_shop(check_offers: Callable[..., None]) -> None:
    """It is kept beside the shares worked out from prices, and belongs to no one model."""
    text = "Claude Opus 4.6 输入 ¥3.38/M\nClaude Haiku 4.5 输入 ¥0.676/M\n全部比官方便宜 60%+"
    check_offers(text, [("claude-opus-4-6", 0.1), ("claude-haiku-4-5", 0.1), ("claude", 0.4)])


def test_a_claim_that_the_prices_do_not_bear_out_stands_beside_them(
    offers: Callable[..., tuple[PricedOffer, ...]],
) -> None:
    """The seller's tenth is a quarter when worked out; a reader sees both, and that they differ."""
    computed, claimed = offers("Claude Opus 4.8 ¥8.45 / 1M input tokens (1/10 of official price)")
    assert computed.comparison.share is not None
    assert claimed.comparison.share is not None
    assert float(computed.comparison.share.best) == pytest.approx(0.25, rel=0.01)
    assert float(claimed.comparison.share.best) == 0.1
    assert CONTRADICTED in claimed.comparison.assumptions


def test_a_claim_that_is_borne_out_is_not_said_twice(check_offers: Callable[..., None]) -> None:
    """The price comes to what the seller says."""
    check_offers("Claude Opus 4.8 $0.5 / 1M input tokens (1/10 of official price)", [("claude-opus-4-8", 0.1)])
