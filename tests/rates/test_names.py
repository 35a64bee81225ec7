"""Whatever relays and sellers write resolves to one id, and nothing resolves to a version it is not."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rates.book import RateBook
from rates.names import LONGEST_NAME, NameIndex, fold, nearest


@pytest.mark.parametrize(
    ("stated", "product"),
    [
        ("claude-opus-4-6", "claude-opus-4-6"),
        ("claude-opus-4.6", "claude-opus-4-6"),
        ("anthropic/claude-opus-4.6", "claude-opus-4-6"),
        ("Claude Opus 4.6", "claude-opus-4-6"),
        ("CLAUDE_OPUS_4.6", "claude-opus-4-6"),
        ("claude-4.6-opus", "claude-opus-4-6"),
        ("claude4.8-opus", "claude-opus-4-8"),
        ("ClaudeOpus4.8", "claude-opus-4-8"),
        ("opus4.8", "claude-opus-4-8"),
        ("claude4.8", "claude-opus-4-8"),
        ("[官]claude-opus-4-6-thinking", "claude-opus-4-6"),
        ("【Max号池】claude-opus-4-6", "claude-opus-4-6"),
        ("(cc) claude-opus-4-6", "claude-opus-4-6"),
        ("官转-claude-opus-4-6", "claude-opus-4-6"),
        ("Claude opus 4.6 满血版", "claude-opus-4-6"),
        ("claude-opus-4-6[1m]", "claude-opus-4-6"),
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("claude-opus-4-5@20251101", "claude-opus-4-5"),
        ("us.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5"),
        ("global.anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6"),
        ("claude-opus-4", "claude-opus-4-0"),
        ("claude-opus-4-20250514", "claude-opus-4-0"),
        ("Sonnet 4.6", "claude-sonnet-4-6"),
        ("claude fable 5", "claude-fable-5"),
        ("ｃｌａｕｄｅ－ｏｐｕｓ－４－６", "claude-opus-4-6"),
        ("gpt-5.5-2026-04-01", "gpt-5.5"),
        ("gpt-5.5-20260423", "gpt-5.5"),
        ("gpt5.5", "gpt-5.5"),
        ("GPT 5.5", "gpt-5.5"),
        ("openai/gpt-5.5", "gpt-5.5"),
        ("openrouter/openai/gpt-5.5:free", "gpt-5.5"),
        ("gpt-5.5-high", "gpt-5.5"),
        ("gpt-5.5-xhigh", "gpt-5.5"),
        ("gpt-5.5 (medium)", "gpt-5.5"),
        ("gpt-5.6", "gpt-5.6-sol"),
        ("5.6-sol", "gpt-5.6-sol"),
        ("gpt-5.6-sol-minimal", "gpt-5.6-sol"),
        ("cx,5,4", "gpt-5.4"),
        ("o3-mini-high", "o3-mini"),
        ("Image2.0", "gpt-image-2"),
        ("Gemini3.1pro", "gemini-3.1-pro-preview"),
        ("google/gemini-3.1-pro-preview", "gemini-3.1-pro-preview"),
        ("NanoBananaPro", "gemini-3-pro-image-preview"),
        ("x-ai/grok-4.5", "grok-4.5"),
        ("Grok 4.5", "grok-4.5"),
        ("deepseek-ai/DeepSeek-V4-Pro", "deepseek-v4-pro"),
        ("DeepSeek-R1", "deepseek-reasoner"),
        ("zai-org/GLM-5.1", "glm-5.1"),
        ("glm5.3", "glm-5.3"),
        ("moonshotai/kimi-k3", "kimi-k3"),
        ("Kimi K2.6", "kimi-k2.6"),
        ("kimi-k2-thinking", "kimi-k2-thinking"),
        ("MiniMax-M2.5", "minimax-m2.5"),
        ("qwen3.7-max", "qwen3.7-max"),
        ("豆包 2.1 Pro", "doubao-seed-2.1-pro"),
        ("ChatGPT Plus", "chatgpt-plus"),
        ("GPT PULS", "chatgpt-plus"),
        ("ChatGPT Team", "chatgpt-business"),
        ("G Pro X20", "chatgpt-pro-20x"),
        ("Pro20×", "chatgpt-pro-20x"),
        ("5✖️Pro", "chatgpt-pro-5x"),
        ("Claude Max 20х", "claude-max-20x"),
        ("Claude Max 20X", "claude-max-20x"),
        ("claude max x5", "claude-max-5x"),
        ("官方 Claude Pro", "claude-pro"),
        ("mistral/codestral", "codestral"),
        ("claude/claude-opus-4-6", "claude-opus-4-6"),
        ("qwen/qwen3.7-max", "qwen3.7-max"),
        ("Super Grok", "supergrok"),
        ("Gro Heavy", "supergrok-heavy"),
        ("Gemini Pro", "google-ai-pro"),
        ("Gemini AI Pro UItra", None),
        ("Google AI Ultra 20x", "google-ai-ultra-20x"),
        ("Cursor Pro", "cursor-pro"),
        ("Cursor Pro+", "cursor-pro-plus"),
        ("Copilot Pro＋", "copilot-pro-plus"),
        ("Kiro Power", "kiro-power"),
        ("克劳德", "claude"),
        ("Claude", "claude"),
        ("ChatGPT", "gpt"),
        ("Codex", "codex"),
        ("反重力", "antigravity"),
        ("API credit", "api-credit"),
    ],
)
def test_what_is_written_resolves(book: RateBook, stated: str, product: str | None) -> None:
    assert book.resolve(stated) == product


@pytest.mark.parametrize(
    "stated",
    [
        "claude-opus-9",
        "claude-opus-4-50",
        "claude-opus-4-9",
        "claude-opus-45",
        "claude-opus-4-6-turbo",
        "claude-opus-4-6-fast",
        "claude 5",
        "claude-opus",
        "gpt-5.7",
        "gpt-5.55",
        "gpt-55",
        "gpt-6",
        "gpt-6.2-sol",
        "gpt-5.5-mini",
        "gpt-5.5-2026-13-01",
        "gpt-5.5-1999-01-01",
        "gemini-9-pro",
        "gemini-3.9-flash",
        "grok-5",
        "glm-6",
        "glm-5.11",
        "kimi-k4",
        "deepseek-v5",
        "deepseek-v1",
        "claude-v1:0",
        "qwen9-max",
        "Claude Max 30x",
        "gpt-5 (ultra)",
        "GPT + Claude",
        "Claude/GPT",
        "[Claude] gpt-5.5/Gemini",
        "Cursor Pro 20x",
        "Kiro Pro Max 20x",
        "Claude Max 20x API",
        "my-own-model",
        "latest",
        "thinking",
        "pro",
        "max",
        "20x",
        "high-high-high",
        "",
        " ",
        "/",
        "[官]",
        "官转",
    ],
)
def test_an_unknown_version_is_never_read_as_a_known_one(book: RateBook, stated: str) -> None:
    assert book.resolve(stated) is None


def test_every_id_and_every_alias_resolves(book: RateBook) -> None:
    for product in book.products():
        assert book.resolve(product.id) == product.id
    unresolved = {spelling for spelling, _ in book.aliases() if book.resolve(spelling) is None}
    assert unresolved == set()


def test_the_aliases_name_products_that_exist(book: RateBook) -> None:
    known = {product.id for product in book.products()}
    assert {product for _, product in book.aliases()} == known


@settings(deadline=None)
@given(st.text(max_size=400))
@example("\ud800 claude-opus-4-6")
@example("claude-opus-4-6" + "\u202e" * 30)
@example("﷽" * 100)
@example("[" * 200)
@example("-" * 200)
@example("１" * 160)
@example("官 " * 60)
def test_any_text_gives_an_answer(book: RateBook, stated: str) -> None:
    found = book.resolve(stated)
    assert found is None or book.product(found) is not None


@settings(deadline=None)
@given(st.from_regex(r"\A(claude-opus|gpt|gemini|grok|glm|kimi-k|deepseek-v)-?[0-9]{1,3}([.-][0-9]{1,3})?\Z"))
def test_a_version_resolves_only_to_a_name_with_its_numbers(book: RateBook, stated: str) -> None:
    found = book.resolve(stated)
    if found is not None:
        product = book.product(found)
        assert product is not None
        assert fold(stated) in {fold(name) for name in (product.id, *product.names)}


@settings(deadline=None)
@given(
    st.sampled_from(["claude-opus-4-8", "gpt-5.6-sol", "glm-5.1", "gemini-3.8-flash", "kimi-k3"]),
    st.lists(st.sampled_from(["[官]", "【A组】", "openrouter/", "anthropic/"]), max_size=2),
    st.sampled_from(["", "aws-", "官转-", "anthropic/", "us.anthropic."]),
    st.lists(st.sampled_from(["-thinking", "-high", "-latest", ":free", "-20260401", "(low)"]), max_size=3),
    st.sampled_from([str.upper, str.title, str.lower]),
)
def test_decorations_do_not_hide_a_model(
    book: RateBook, model: str, tags: list[str], before: str, after: list[str], case: Callable[[str], str]
) -> None:
    decorated = "".join(tags) + before + model + "".join(after)
    assert book.resolve(case(decorated)) == model


def test_hostile_names_take_no_time() -> None:
    index = NameIndex([("claude-opus-4-6", "claude-opus-4-6")])
    hostile = [
        "max-" * 40,
        "-high" * 32,
        "(" * 160,
        "[]" * 80,
        "aws " * 40,
        "1 m " * 40,
        "x" * 10_000_000,
        "2026-01-01-" * 14,
    ]
    began = time.perf_counter()
    for number, name in enumerate(hostile * 20):
        assert index.resolve(f"{number} {name}") is None
    assert time.perf_counter() - began < 2, "160 hostile names should take milliseconds each"


def test_an_overlong_name_is_not_a_name(book: RateBook) -> None:
    assert book.resolve("claude-opus-4-6" + " " * LONGEST_NAME) is None


def test_folding_keeps_numbers_apart_and_joins_words() -> None:
    assert fold("GPT-4.1") == "gpt-4-1"
    assert fold("gpt-41") == "gpt-41"
    assert fold("Super Grok") == fold("SuperGrok") == "supergrok"
    assert fold("Pro+") == fold("pro plus") != fold("pro")
    assert fold("20×") == fold("20x") == fold("20х")
    assert fold("!!!") == ""


def test_the_nearest_names_are_few_and_like_it() -> None:
    names = ["claude-opus-4-8", "claude-opus-4-7", "gpt-5.5", "glm-5.1", "kimi-k3", "grok-4.5", "qwen3.7-max"]
    assert nearest("claude-opus-4.9", names)[0].startswith("claude-opus-4")
    assert len(nearest("a", names)) <= 5
