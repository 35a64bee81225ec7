"""The traps of the field guide in reading prices: a test named for each."""

from collections.abc import Callable

import pytest

from domain.finding import PricedOffer

Check = Callable[..., None]


def test_trap_zhe_is_paid_and_percent_off_is_not(check_offers: Check) -> None:
    """折 counts tenths (or, of two digits, hundredths) of the price that are paid; `% off` what is not."""
    check_offers("Claude 官方价 0.2折", [("claude", 0.02)])
    check_offers("Claude 官方价 85折", [("claude", 0.85)])
    check_offers("Claude API 85% off official price", [("claude", 0.15)])
    check_offers("Claude API at 7% of official price", [("claude", 0.07)])


def test_trap_dao_is_credit_face_value_or_gift(check_offers: Check) -> None:
    """刀 beside a plan names the plan, as balance it is what is bought, for signing up it is no price."""
    check_offers("", [("chatgpt-pro-5x", 1.0061)], title="GPT Pro 5X 100刀 月卡", price="680 CNY")
    check_offers("", [("api-credit", 0.0222)], title="100刀余额", price="15 CNY")
    check_offers("", [("gpt", 0.0178)], title="GPT 中转 50刀 注册送10刀", price="6 CNY")


def test_trap_a_multiplier_is_worth_what_the_relays_dollar_costs(check_offers: Check) -> None:
    """The same 0.4 is a seventh at par, four tenths at the bank's rate, and nothing where the rate is not said."""
    check_offers("充值1元=1刀，Claude 0.4倍率", [("api-credit", 0.148), ("claude", 0.0592)])
    check_offers("充值6.76元=1刀，Claude 0.4倍率", [("api-credit", 1.0), ("claude", 0.4)])
    check_offers("Claude 0.4倍率", [("claude", None)])


def test_trap_a_multiplier_that_is_already_in_the_credit_counts_once(check_offers: Check) -> None:
    """`0.1x倍率=100美元额度`."""
    check_offers("", [("gpt", 0.0296)], title="Codex API 5美元0.1x倍率=50美元额度", price="10 CNY")


def test_trap_the_price_field_overrules_the_ratio_in_the_title(check_offers: Check) -> None:
    """A title says ten fen for a dollar and the item costs a yuan for one."""
    check_offers("", [("claude", 0.148)], title="claude 20刀兑换码 满血 0.1元=1刀", price="20 CNY")


def test_trap_an_official_price_inside_an_advert_is_not_the_ask(check_offers: Check) -> None:
    """`125USD` names the seat, `原价200刀` the plan; what is asked stands elsewhere."""
    check_offers("", [("claude-team-premium", 0.6865)], title="Claude Premium Seat | 125USD", price="580 CNY")
    check_offers("", [("claude-max-20x", 0.5178)], title="Claude MAX 20X 原价200刀 代充", price="700 CNY")
    check_offers("Claude Pro $9 (official $20)", [("claude-pro", 0.45)])


def test_trap_x_is_a_tier_a_multiplier_or_a_count(check_offers: Check) -> None:
    """`20x` of a plan, `0.1x` of a bill, `x1` of a pack, written with any sign of multiplication."""
    check_offers("", [("claude-max-20x", 0.2219)], title="20✖️Max claude 成品 x1", price="300 CNY")
    check_offers("", [("gpt", 0.0148)], title="50刀 0.1x plus中转", price="50 CNY")


def test_trap_of_several_goods_only_access_is_an_offer(check_offers: Check) -> None:
    """Mail boxes and text messages beside an account have prices of their own."""
    check_offers("Outlook邮箱 0.05元\n接码 0.6元\nGPT Plus 月卡 60元", [("chatgpt-plus", 0.4438)])


def test_trap_dates_card_numbers_and_versions_are_no_prices(check_offers: Check) -> None:
    """A day of making, a card's prefix, a group's number and years of registration."""
    check_offers("GPT Plus 成品 7.19下午新，裙657232399，2019-2024年邮箱", [])
    check_offers("", [("google-ai-pro", 0.0148)], title="Gemini3.1pro 12个月 20-24年老号", price="20 CNY")
    check_offers("", [], title="VISA 0刀虚拟卡 485954 有效期两小时", price="2 CNY")


def test_trap_a_guarantee_is_no_term(check_offers: Check) -> None:
    """Thirty days of guarantee on a year's plan leave it a year; on a plan without a term, a month."""
    check_offers("", [("chatgpt-plus", 0.5548)], title="GPT Plus 年卡 质保30天", price="900 CNY")
    check_offers("", [("chatgpt-plus", 0.5548)], title="GPT Plus 质保7天", price="75 CNY")


def test_trap_a_year_is_compared_with_a_year(check_offers: Check) -> None:
    """Twelve months of Gemini for little money are compared with the official year."""
    check_offers("", [("google-ai-pro", 0.0163)], title="Gemini Pro 12个月", price="22 CNY")


def test_trap_caps_bound_what_can_be_used(check_offers: Check) -> None:
    """A daily cap times its days, of nested caps the one that binds first."""
    check_offers("", [("gpt", 0.0085)], title="Codex API 30刀/天 周卡", price="12 CNY")
    check_offers("Codex 30天·350元-1000$额度（日限200·周限500·月限1000）", [("gpt", 0.0518)])


def test_trap_the_official_price_is_that_of_the_day_and_the_model(check_offers: Check) -> None:
    """The same price is another share of another model."""
    check_offers("Opus 4.8 输入 ¥10/M", [("claude-opus-4-8", 0.2959)])
    check_offers("Opus 4.1 输入 ¥10/M", [("claude-opus-4-1", 0.0986)])


def test_trap_the_app_store_has_prices_of_its_own(offers: Callable[..., tuple[PricedOffer, ...]]) -> None:
    """The same sum is above the price of the web and at that of the app store: the interval holds both."""
    (priced,) = offers("", title="Claude Max 20x iOS官方直充 月卡", price="1690 CNY")
    share = priced.comparison.share
    assert share is not None
    assert (float(share.low), float(share.best)) == (
        pytest.approx(1.0, abs=0.01),
        pytest.approx(1.25, abs=0.01),
    )


def test_trap_cached_input_has_an_official_price_of_its_own(check_offers: Check) -> None:
    """A tenth of the price of input is what the provider itself takes for input from its cache."""
    text = "Claude Opus 4.8 input $5 / output $25 / cache read $0.5 per 1M tokens"
    check_offers(text, [("claude-opus-4-8", 1.0), ("claude-opus-4-8", 1.0), ("claude-opus-4-8", 1.0)])


def test_trap_yen_and_yuan_share_a_sign(check_offers: Check) -> None:
    """¥3,000 in Japanese is what Plus costs in Japan."""
    check_offers("ChatGPT Plus 月額 ¥3,000 のアカウント", [("chatgpt-plus", 0.94)])
    check_offers("ChatGPT Plus 月卡 ¥140", [("chatgpt-plus", 1.0357)])


def test_trap_a_placeholder_is_no_price(check_offers: Check) -> None:
    """9999 with a word to ask, and a cent for a deposit."""
    check_offers("", [("api-credit", None)], title="中转额度 详情咨询", price="9999 CNY")
    check_offers("", [("claude", None)], title="Claude 额度 私聊", price="0.01 CNY")
