"""Billing multipliers, of a relay's own dollars or of the official price."""

from collections.abc import Callable

import pytest

Expected = list[tuple[str, float | None]]

MULTIPLIERS = [
    ("充值1:1，GPT 0.06倍率，Claude 0.5倍率", [("api-credit", 0.148), ("gpt", 0.0089), ("claude", 0.074)]),
    ("1元=1刀，Claude Code 分组 2.2×，GLM 1.5×", [("api-credit", 0.148), ("claude", 0.3255), ("glm", 0.2219)]),
    ("充值汇率为 1.5元=1刀，本站计价分组倍率 2倍，Claude", [("api-credit", 0.2219), ("claude", 0.4439)]),
    ("0.4R=1$，GPT 0.3x", [("api-credit", 0.0592), ("gpt", 0.0178)]),
    (
        "充值1元=2刀 / Claude Max 号池 1x / ChatGPT Plus 号池 0.4x",
        [("api-credit", 0.074), ("claude", 0.074), ("gpt", 0.0296)],
    ),
    ("GPT 0.07倍率 新站注册送5$", [("gpt", None)]),
    (
        "gpt倍率0.15，0.15换一刀，claude倍率0.3各模型都有",
        [("api-credit", 0.0222), ("gpt", 0.0222), ("claude", 0.0444)],
    ),
    ("按官方价 0.05 倍率计费，Claude GPT 都有", [("claude", 0.05), ("gpt", 0.05)]),
    ("官方价格的 0.2-0.4 倍", [("api-credit", 0.2)]),
    (
        "充值1:1，公告：Claude 倍率上调至 0.6，GPT 维持 0.2",
        [("api-credit", 0.148), ("claude", 0.0888), ("gpt", 0.0296)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), MULTIPLIERS)
def test_multipliers(check_offers: Callable[..., None], text: str, expected: Expected) -> None:
    """A multiplier needs the price of the relay's dollar, or the word official beside it."""
    check_offers(text, expected)
