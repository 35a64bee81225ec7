"""Plans in running text: term, seats, former prices, currencies."""

from collections.abc import Callable

import pytest

Expected = list[tuple[str, float | None]]

PLANS = [
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
    ("Gemini Pro 12个月 ¥25 成品号", [("google-ai-pro", 0.0154)]),
    ("Gemini Advanced 18 tháng 250k", []),
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
    ("Claude Pro 3人车 ¥60/月", [("claude-pro", 1.3317)]),
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
