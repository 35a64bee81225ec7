"""Prices by the token against the official price of the same direction."""

from collections.abc import Callable

import pytest

Expected = list[tuple[str, float | None]]

PER_TOKEN = [
    ("Claude Opus 4.8 ¥3/M tokens 输入，¥15/M tokens 输出", [("claude-opus-4-8", 0.0888), ("claude-opus-4-8", 0.0888)]),
    ("GPT-5.5 Codex-Pro分组 ¥1.2 / ¥7.2（输入 / 输出）每百万 Token", [("gpt-5.5", 0.0355), ("gpt-5.5", 0.0355)]),
    (
        "opus4.8 现在是¥2.5(进)12.5(出)/一百万Token，sonnet 4.6 是¥1.5(进)7.5(出)/一百万Token",
        [
            ("claude-opus-4-8", 0.074),
            ("claude-opus-4-8", 0.074),
            ("claude-sonnet-4-6", 0.074),
            ("claude-sonnet-4-6", 0.074),
        ],
    ),
    (
        "Claude Sonnet 4.6: Input $1.20 / 1M tokens, Output $6.00 / 1M tokens",
        [("claude-sonnet-4-6", 0.4), ("claude-sonnet-4-6", 0.4)],
    ),
    ("GPT-5.5 at $2 per million input tokens and $12 per million output tokens", [("gpt-5.5", 0.4), ("gpt-5.5", 0.4)]),
    (
        "Claude Opus 4.8 ввод 150 ₽, вывод 750 ₽ за 1 млн токенов",
        [("claude-opus-4-8", 0.4104), ("claude-opus-4-8", 0.4104)],
    ),
    ("Claude Opus 4.8: за 1 млн токенов ввод 200 ₽", [("claude-opus-4-8", 0.5472)]),
    (
        "Claude Sonnet 4.6 entrada R$ 6,00 e saída R$ 30,00 por milhão de tokens",
        [("claude-sonnet-4-6", 0.3945), ("claude-sonnet-4-6", 0.3945)],
    ),
    ("GPT-5.4 giá 20.000đ/1 triệu token đầu vào", [("gpt-5.4", 0.3048)]),
    ("claude-opus-4-8 输入 ¥0.012/1K tokens", [("claude-opus-4-8", 0.3551)]),
    ("Opus 4.8 ¥4/M tokens", [("claude-opus-4-8", 0.1184)]),
    ("| Claude Opus 4.8 | ¥2.00/M | ¥10.00/M |", [("claude-opus-4-8", 0.0592), ("claude-opus-4-8", 0.0592)]),
    ("Opus 4.8: $2.50 in / $12.50 out per 1M tokens", [("claude-opus-4-8", 0.5), ("claude-opus-4-8", 0.5)]),
    ("每百万tokens：gpt-5.5 输入 ¥2 输出 ¥12", [("gpt-5.5", 0.0592), ("gpt-5.5", 0.0592)]),
    ("1元=1刀，GPT-5.5 输入 0.4 元/百万 tokens（Plus 号池0.08倍率）", [("api-credit", 0.148), ("gpt-5.5", 0.0118)]),
]


@pytest.mark.parametrize(("text", "expected"), PER_TOKEN)
def test_per_token(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """Input with input, output with output."""
    check_offers(text, expected)
