"""Plans in running text: term, seats, former prices, currencies."""

from collections.abc import Callable

import pytest

from detectors.reading.result import ReadListing
from domain.offer import OfferKind

Expected = list[tuple[str, float | None]]

PLANS = [
    ("多了几个 plus 号，65一个带走", [("chatgpt-plus", 0.4808)]),
    (
        "Panel rates in USD: gpt go 3mo 2.7 / gpt plus 1mo 6 / claude pro 1mo 8",
        [("chatgpt-go", 0.1125), ("chatgpt-plus", 0.3), ("claude-pro", 0.4)],
    ),
    (
        '<h4>Claude Pro 30 dias</h4><span class="de">R$ 110</span><span class="por">R$ 64,90</span>',
        [("claude-pro", 0.64)],
    ),
    (
        '[{ name: "حساب Claude Pro شهر", price: 12, stock: 6 }, { name: "اشتراك كانفا سنة", price: 5 }]',
        [("claude-pro", 0.6)],
    ),
    ("ChatGPT Plus 1 месяц — 890 ₽", [("chatgpt-plus", 0.6088)]),
    ("Claude Pro 1 tháng 180.000₫ ~~520.000₫~~", [("claude-pro", 0.3429)]),
    ("Akun ChatGPT Plus 1 bulan Rp 45.000", [("chatgpt-plus", 0.1254)]),
    ("Akun ChatGPT Plus sharing 5 user Rp 30ribu", [("chatgpt-plus", 0.418)]),
    ("ChatGPT Plus compartilhado R$ 29,90 por mês", [("chatgpt-plus", 0.2949)]),
    ("Claude Pro hesabı 1 aylık ₺399,90", [("claude-pro", 0.4227)]),
    ("ChatGPT Plus cuenta privada 1 mes $6.50", [("chatgpt-plus", 0.325)]),
    ("Claude Max 20x account $95 per month", [("claude-max-20x", 0.475)]),
    ("Claude Max x20 成品号 ¥300 一个月", [("claude-max-20x", 0.2219)]),
    ("GPT Pro 5x 月卡 ¥420，Plus 月卡 ¥55", [("chatgpt-pro-5x", 0.6214), ("chatgpt-plus", 0.4069)]),
    ("Gemini Pro 12个月 ¥25 成品号", [("google-ai-pro", 0.0185)]),
    ("Gemini Advanced 18 tháng 250k", [("google-ai-pro", 0.0322)]),
    ("SuperGrok 季卡 ¥95", [("supergrok", 0.1562)]),
    ("ChatGPT Plus 年卡 ¥880 质保30天", [("chatgpt-plus", 0.5425)]),
    ("Claude Pro 1 Month - $9 (was $20)", [("claude-pro", 0.45)]),
    ("ChatGPT Plus 1 Month: ₹450 only", [("chatgpt-plus", 0.2327)]),
    ("chatgpt plus um mês: R$ 27,90 (30% OFF, era R$ 40)", [("chatgpt-plus", 0.2751)]),
    ("ChatGPT Plus Account - 60 EGP", [("chatgpt-plus", 0.0601)]),
    ("اشتراك ChatGPT Plus شهر 11 $ بدل 20", [("chatgpt-plus", 0.55)]),
    ("اکانت ChatGPT Plus یک ماهه ۲۵۰,۰۰۰ تومان", [("chatgpt-plus", None)]),
    ("ChatGPT Plus 1ヶ月 ¥1,200 共有アカウント", [("chatgpt-plus", 0.3743)]),
    ("챗GPT 플러스 공유 계정 1개월 5,900원", [("chatgpt-plus", 0.1944)]),
    ("name: 'Claude Pro 1 Month', price: '7.20', currency: 'USD', stock: 9", [("claude-pro", 0.36)]),
    (
        '{"title": "ChatGPT Plus (1 Aylık)", "priceData": {"currency": "TRY", "price": "89.90"}}',
        [("chatgpt-plus", 0.095)],
    ),
    ("Claude Pro：150元/月<br>20xMax：1300元/月", [("claude-pro", 1.1096), ("claude-max-20x", 0.9617)]),
    (
        "| ChatGPT Go 1 месяц | $3.99 / 336 ₽ |\n| Claude Pro 1 месяц | $14.50 / 1223 ₽ |",
        [("chatgpt-go", 0.4988), ("claude-pro", 0.725)],
    ),
    ("PLUS 包月 ¥150：每天 30 刀", [("gpt", 0.0247)]),
    ("Standard：¥300/4周，周额度$100", [("api-credit", 0.111)]),
    ("30天·300元-900$额度（日限200·周限500·月限900）", [("api-credit", 0.0493)]),
    ("Claude Pro 3人车 ¥60/月", [("claude-pro", 1.3316)]),
    ("ChatGPT Plus 7天 ¥9.9", [("chatgpt-plus", 0.3139)]),
    ("GPT Plus 成品号 8元/个", [("chatgpt-plus", 0.0592)]),
    ("Claude Team 标准席位 ¥88", [("claude-team-standard", 0.5208)]),
    ("Claude Pro від 350 грн на місяць", [("claude-pro", 0.3904)]),
    ("Claude Pro nur 8,99 € pro Monat", [("claude-pro", 0.5259)]),
    ("Claude Pro miesiąc 29 zł", [("claude-pro", 0.3973)]),
    ("ChatGPT Plus 1 เดือน 199 บาท", [("chatgpt-plus", 0.3062)]),
    ("Claude Pro 1 महीना ₹550", [("claude-pro", 0.2844)]),
    ("Plus 月卡批发 ¥12 一个，100个起", [("chatgpt-plus", 0.0888)]),
]


@pytest.mark.parametrize(("text", "expected"), PLANS)
def test_plans(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """Price over the official monthly price times the months."""
    check_offers(text, expected)


LISTS = [
    (
        "| 模型 | 官方价格 | 本站输入 | 本站输出 |\n|---|---|---|---|\n| Claude Opus 4.8 | $5 / $25 | ¥3 | ¥15 |\n| GPT-5.5 | $5 / $30 | ¥2 | ¥12 |",  # noqa: E501
        [("claude-opus-4-8", 0.0888), ("claude-opus-4-8", 0.0888), ("gpt-5.5", 0.0592), ("gpt-5.5", 0.0592)],
    ),
    (
        "| Model | Input | Output |\n| --- | --- | --- |\n| claude-sonnet-4-6 | $0.90 | $4.50 |",
        [("claude-sonnet-4-6", 0.3), ("claude-sonnet-4-6", 0.3)],
    ),
    (
        "1元=1刀\n\n| 分组 | 倍率 |\n|---|---|\n| claude-max | 0.8 |\n| gpt-plus | 0.06 |",
        [("api-credit", 0.148), ("claude", 0.1184), ("gpt", 0.0089)],
    ),
    (
        "<table><tr><th>Plan</th><th>Official</th><th>Our price</th></tr><tr><td>Claude Pro</td><td>$20</td><td>$7</td></tr></table>",  # noqa: E501
        [("claude-pro", 0.35)],
    ),
    ("🔥 ChatGPT Plus\n💰 Цена: 790₽\n⏳ Срок: 3 месяца", [("chatgpt-plus", 0.1801)]),
    (
        "ChatGPT Plus:\n1 month - $9\n3 months - $24\n12 months - $80",
        [("chatgpt-plus", 0.45), ("chatgpt-plus", 0.4), ("chatgpt-plus", 0.3333)],
    ),
    (
        "🔹 ChatGPT Plus – 1 month – $7\n🔹 Claude Pro – 1 month – $8\n🔹 Gemini Pro – 1 year – $12",
        [("chatgpt-plus", 0.35), ("claude-pro", 0.4), ("google-ai-pro", 0.06)],
    ),
    ("Claude Max 20x — $80/mo (official $200)", [("claude-max-20x", 0.4)]),
    ("Claude Pro $6 per month instead of $20", [("claude-pro", 0.3)]),
    ("ChatGPT Plus: was $20, now only $5", [("chatgpt-plus", 0.25)]),
    ("ChatGPT Plus $20 → $6", [("chatgpt-plus", 0.3)]),
    ("<s>$20</s> <b>$6</b> ChatGPT Plus", [("chatgpt-plus", 0.3)]),
    ("Save $14! ChatGPT Plus for $6", [("chatgpt-plus", 0.3)]),
    ("Claude Pro от 500 до 900 ₽ в месяц", [("claude-pro", 0.342)]),
    ("GPT Plus 30天15元，90天40元", [("chatgpt-plus", 0.111), ("chatgpt-plus", 0.0986)]),
    ("Plus tài khoản ChatGPT Plus: 1 tháng 99k, 3 tháng 279k", [("chatgpt-plus", 0.1886), ("chatgpt-plus", 0.1771)]),
    ("Tài khoản ChatGPT Plus 1 tháng 99.000đ, 3 tháng 279.000đ", [("chatgpt-plus", 0.1886), ("chatgpt-plus", 0.1771)]),
    ("Akun Claude Pro 1 bulan Rp120.000, garansi 30 hari", [("claude-pro", 0.3344)]),
    ("ChatGPT Plus 1 месяц 690р гарантия 7 дней", [("chatgpt-plus", 0.472)]),
    ("Claude Max 5x ¥280 质保7天 成品号", [("claude-max-5x", 0.4143)]),
    ("出 Claude Pro 车位 5人车 ¥38/月", [("claude-pro", 1.4055)]),
    ("低价出 GPT Plus 合租 25元/月", [("chatgpt-plus", 0.1849)]),
    ("SuperGrok 1 month private account: $11.50 USDT", [("supergrok", 0.3833)]),
    ("Cursor Pro 1 Year $60", [("cursor-pro", 0.25)]),
    ("Perplexity Pro 1 Jahr 12,99 €", [("perplexity-pro", 0.0625)]),
    ("Gemini Advanced 12 meses por R$ 49,90", [("google-ai-pro", 0.0492)]),
    ("ChatGPT Go 12 months ₹999", [("chatgpt-go", 0.1101)]),
    (
        'name: "Claude Pro",\nprice: 159000,\noriginalPrice: 520000,\ndescription: "Tài khoản chính chủ 1 tháng"',
        [("claude-pro", 0.3029)],
    ),
    (
        "{ name: 'Canva Pro', price: 3.5 }, { name: 'ChatGPT Plus', price: '4.20', currency: 'USD' }",
        [("chatgpt-plus", 0.21)],
    ),
    (
        "Продаю подписку Claude Pro — 1490 руб/мес, Max 5x — 6900 руб/мес",
        [("claude-pro", 1.0192), ("claude-max-5x", 0.9439)],
    ),
    ("Bán Claude Pro 320k/tháng", [("claude-pro", 0.6095)]),
    ("ChatGPT Plus 150k / 1 tháng", [("chatgpt-plus", 0.2857)]),
    ("Jual akun ChatGPT Plus 45rb/bulan", [("chatgpt-plus", 0.1254)]),
    ("ChatGPT Plus sharing 25K per bulan", [("chatgpt-plus", 0.0697)]),
    ("Vendo ChatGPT Plus por 30 reais", [("chatgpt-plus", 0.2959)]),
    ("Vendo cuenta ChatGPT Plus a 5 USD", [("chatgpt-plus", 0.25)]),
    ("ChatGPT Plus hesabı 1 ay 150 TL", [("chatgpt-plus", 0.1621)]),
    ("اکانت Claude Pro ماهانه 9 دلار", [("claude-pro", 0.45)]),
    ("حساب Claude Pro شهر واحد 8 دولار", [("claude-pro", 0.4)]),
    ("Claude Pro アカウント 月額1,500円", [("claude-pro", 0.468)]),
    ("클로드 프로 한달 9,900원", [("claude-pro", 0.3262)]),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_lists(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """Tables, lists, records and posts: which price and which term belong to which plan."""
    check_offers(text, expected)


SEATS_IN_WORDS = [
    ("Общий доступ к ChatGPT Pro 20x, аккаунт на пятерых — 1200 ₽ в месяц", 5),
    ("SuperGrok Heavy, one of four seats, $40 a month", 4),
    ("Claude Max 20x shared seat, 1 of 5, $29 for 30 days", 5),
    ("Five of us on one Claude Max 20x account, $22 a month each", 5),
    ("Claude Max 20x 三人车 ¥280 一个月", 3),
    ("Akun ChatGPT Plus sharing berlima Rp 30ribu", 5),
    ("ChatGPT Plus dùng chung bốn người 60.000đ 1 tháng", 4),
    ("ChatGPT Plus compartilhado para três pessoas R$ 29,90 por mês", 3),
]


@pytest.mark.parametrize(("text", "seats"), SEATS_IN_WORDS)
def test_seats_in_words(read: Callable[..., ReadListing], text: str, seats: int) -> None:
    """Who shares is counted in words as often as in digits."""
    (offer,) = read(text).offers
    assert (offer.kind, offer.seats) == (OfferKind.SHARED_SEAT, seats)


def test_term_in_words(check_offers: Callable[..., None]) -> None:
    """A term written out is a term."""
    check_offers("", [("chatgpt-plus", 0.5)], title="ChatGPT Plus, three months on your own account", price="30 USD")


TITLED = [
    ("出 Claude Pro 成品号", "一个月 40 元，质保到期。", [("claude-pro", 0.2959)]),
    ("ChatGPT Team 车位 还剩 1 个", "一个席位每月 38 元，支付宝。", [("chatgpt-business", 0.2249)]),
    ("Продам аккаунт ChatGPT Plus", "Цена 700 ₽, на месяц", [("chatgpt-plus", 0.4788)]),
    ("What is in Claude Pro?", "I paid for a coffee, $4, and read the page.", [("claude-pro", None)]),
]


@pytest.mark.parametrize(("title", "text", "expected"), TITLED)
def test_plan_in_the_title(check_offers: Callable[..., None], title: str, text: str, expected: Expected) -> None:
    """A post whose title names the plan states its price in the text."""
    if expected[0][1] is None:
        expected = []
    check_offers(text, expected, title=title)


@pytest.mark.parametrize(
    "text",
    [
        "Claude 不限量月卡 ¥280，全模型随便跑",
        "Unlimited Claude Code for a flat $30 a month",
        "Claude безлимит, 2500 ₽ в месяц",
    ],
)
def test_flat_rate(read: Callable[..., ReadListing], text: str) -> None:
    """Use without a limit has no unit that the official price could be compared in."""
    (offer,) = read(text).offers
    assert (offer.kind, offer.unit, offer.period_days) == (OfferKind.UNLIMITED_PLAN, None, 30)


def test_accounts_by_the_hundred(read: Callable[..., ReadListing]) -> None:
    """Wholesale is said in other words than 批发."""
    (offer,) = read("Оптом аккаунты ChatGPT Free, авторег, 100 штук — 1 400 ₽").offers
    assert offer.kind is OfferKind.BULK_ACCOUNTS


BARE: list[tuple[str, Expected]] = [
    ("WTS Claude Max 5x, 15 days left, asking 25, mail included", [("claude-max-5x", 0.5)]),
    (
        "claude pro 9 / gpt plus 8 / cursor pro 6 — all on your own account",
        [("claude-pro", 0.45), ("chatgpt-plus", 0.4), ("cursor-pro", 0.3)],
    ),
    (
        "Reseller list: GPT+ 4.00 · Cursor Pro 6.00. Pay in USDT after you checked.",
        [("chatgpt-plus", 0.2), ("cursor-pro", 0.3)],
    ),
    ("Kiro Power logins (opus included) 20 a piece, fresh mails", [("kiro-power", 0.1)]),
    ('"label": "SuperGrok 1 month", "price": 6, "delivery": "by mail"', [("supergrok", 0.2)]),
    (
        "今日：cursor 月号 27.04，grok 超级号 40.55，plus 走量 6.76 起",
        [("cursor-pro", 0.2), ("supergrok", 0.2), ("chatgpt-plus", 0.05)],
    ),
    ("Claude Pro, asking 3 questions before I buy", []),
    ("Claude Max 20x account 7", [("claude-max-20x", None)]),
    ("I moved from Claude Pro 3 to 4 weeks ago", []),
]


@pytest.mark.parametrize(("text", "expected"), BARE)
def test_prices_without_a_currency(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """A bare number at the end of its clause is money: dollars in English, yuan in Chinese, said as an assumption."""
    check_offers(text, expected)
