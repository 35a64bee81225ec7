"""Names split, ornamented or broken over lines: the price stays what it is in the plain text."""

from collections.abc import Callable

import pytest

DISGUISED = [
    ("C•h•a•t•G•P•T P•l•u•s 月卡 80 元", "chatgpt-plus", 0.5918),
    ("C.l.a.u.d.e Pro 1 month $9", "claude-pro", 0.45),
    ("G P T P l u s 1 month $6", "chatgpt-plus", 0.3),
    ("🔥ChatGPT✅ ✨Plus🔥 1 month $6, ⭐Cursor🚀 Pro $8", "chatgpt-plus", 0.3),
    ("Gemini U_l_t_r_a 20x slot $50 a month", "google-ai-ultra-20x", 0.25),
    ("СhаtGРТ Рlus 1 tháng 150000", "chatgpt-plus", 0.2857),
    ('"title": "Gemini Pro 12 Ay Davet",\n"price": "90.00",\n"currency": "TRY"', "google-ai-pro", 0.0095),
    ('("gpt-30d",\n"ChatGPT Plus 30 дней",\n"готовый аккаунт",\n 800,\n"ai"),', "chatgpt-plus", 0.547),
]


@pytest.mark.parametrize(("text", "product", "share"), DISGUISED)
def test_disguised(check_offers: Callable[..., None], text: str, product: str, share: float) -> None:
    """Each is one offer of the plan at its share (other goods of the text are looked at elsewhere)."""
    others = [("cursor-pro", 0.4)] if "Cursor" in text else []
    check_offers(text, [(product, share), *others])


def test_a_list_over_lines_is_one_list(check_offers: Callable[..., None]) -> None:
    """A discount that ends a list of names broken over lines is on each of them."""
    check_offers(
        "Claude,\nGPT,\nGemini дешевле на 30% официальных тарифов", [("claude", 0.7), ("gpt", 0.7), ("gemini", 0.7)]
    )


def test_an_item_over_lines_has_the_one_price_beside_it(check_offers: Callable[..., None]) -> None:
    """A short description of several lines without prices of its own is an item like any other."""
    check_offers("SuperGrok 30 дней,\nотдельный аккаунт,\nгарантия 2 недели", [("supergrok", 0.4)], price="12 USD")
