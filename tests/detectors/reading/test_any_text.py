"""Any string at all is read: no exception, spans inside the original, work in proportion to the length."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.reading.normalise import fold
from detectors.reading.result import ReadListing
from domain.finding import PricedOffer
from domain.offer import TextSpan

ReadText = Callable[..., ReadListing]

PIECES = [
    "Claude", "gpt-5.5", "opus 4.8", "Plus", "号池", "0.1倍率", "1元=1刀", "3折", "90% off", "¥12", "$5",
    "/M tokens", "每百万", "Rp 35.000", "₽", "1 месяц", "12个月", "1:1", "充值", "官方", "1/3", "～", "—", "=",
    "(", ")", "，", "。", "~~", "<br>", "9999", "1.299,99", "2026-07-24", "@seller_x",
    "https://shop.example.test/?aff=1", "Сlаude", "Ｇ", "٪", "۵", "०", "十分之一", "一个月", "3人车", "x",
    "20x", "-", "/", "万", "k",
    "|", "\n", " ", "\u200b", "\ufe0f", "\ud800", "\x00", "\u202e",
]  # fmt: skip

hostile = st.one_of(
    st.text(st.characters(codec=None), max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@relaxed
@given(text=hostile, title=st.one_of(st.just(""), hostile))
def test_any_text_is_read_and_priced(offers: Callable[..., tuple[PricedOffer, ...]], text: str, title: str) -> None:
    for priced in offers(text, title=title, price="19.9 CNY"):
        comparison = priced.comparison
        assert (comparison.share is None) != (comparison.refusal is None)
        if comparison.share is not None:
            assert 0 <= comparison.share.low <= comparison.share.best <= comparison.share.high


@relaxed
@given(text=hostile)
def test_every_span_lies_inside_the_original_and_holds_what_was_read(read: ReadText, text: str) -> None:
    result = read(text)
    disguised = list(result.disguised)
    for mention in result.first_words().values():
        span = mention.span
        assert 0 <= span.start < span.end <= len(text)
        assert mention.surface == text[span.start : span.end]
        assert fold(mention.surface).text in fold(text).text or disguised
    spans = [offer.span for offer in result.offers] + [contact.span for contact in result.contacts]
    for span in [*spans, *disguised]:
        assert isinstance(span, TextSpan)
        assert 0 <= span.start <= span.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "元", "1元=1刀 ", "9折", "50% off claude ", "¥1/M tokens ", "opus4.8 ", "gpt plus 成品号 ",
        "1.", "1/", "(", "aaa.aaa.", "claude ", "q群 12345678 ", "@abcd ", "\u200ba", "~~1~~ ",
        "http://a.example.test/ ", "1 ", "一",
        "| 1 | claude ",
        "Claude Opus 4.8 ¥3/M tokens，0.1倍率，官方3折 plus会员 100刀 ", "1 credit = $1, 5k $2, ",
    ],
)  # fmt: skip
def test_work_grows_no_faster_than_the_text(read: ReadText, unit: str) -> None:
    """Counted in calls, so that no busy machine can fail it: four times the text, four times the calls."""
    shorter, longer = (_calls(lambda length=length: read((unit * length)[:length])) for length in (30_000, 120_000))
    assert longer <= 5 * shorter + 20_000


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["元", "a", "1元=1刀 ", "claude 3折 ", "\ud800", "(", "1."])
def test_a_megabyte_of_anything_is_read_in_about_a_second(read: ReadText, unit: str) -> None:
    """Twice the figure, for the sake of busy machines; the benchmark `assess_linear` holds the figure itself."""
    from time import process_time

    text = (unit * 1_000_000)[:1_000_000]
    read("warm")
    began = process_time()
    read(text)
    assert process_time() - began < 2.5
