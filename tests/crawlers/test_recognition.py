"""A place is known by several of its answers together; whoever imitates one of them is not taken for it."""

import pytest

from crawlers.recognition import MOST_OF_ONE_ANSWER, NO_ICON, _murmur3, icon_address, icon_hash, recognise_place
from domain.snapshot import Page
from tests.crawlers.families.golden import FOLDER, golden_cases, page_of

# A fork's price list without its status, and files that lie on the code host whose interface knows them as well.
LIKE_ANOTHER = {"veloera/normal", "github_gists/normal", "github_presets/normal"}
ROOT = "https://relay.example.test/"
FRONT = page_of("<html><head><title>New API</title></head></html>", ROOT, headers={"x-new-api-version": "v1.0.0"})
STATUS = page_of(
    '{"success":true,"data":{"quota_per_unit":500000,"usd_exchange_rate":7.3,"stripe_unit_price":8}}',
    f"{ROOT}api/status",
)
REFUSED = page_of('{"error":{"message":"no key","type":"new_api_error"}}', f"{ROOT}v1/models", status=401)


def best(*pages: Page, icon: str = "") -> tuple[str, float]:
    found = recognise_place(pages, icon)
    return (found[0].family, found[0].confidence) if found else ("", 0.0)


def test_headers_markup_answers_and_errors_add_up() -> None:
    family, sure = best(FRONT, STATUS, REFUSED)
    assert family == "new_api"
    assert sure > 0.9
    marks = recognise_place([FRONT, STATUS, REFUSED])[0].marks
    assert {mark.partition(":")[0] for mark in marks} == {"header", "markup", "answer"}


def test_an_icon_counts_as_a_kind_of_its_own() -> None:
    assert best(STATUS)[1] <= 0.5
    family, sure = best(STATUS, icon="-1643864359")
    assert family == "new_api"
    assert 0.5 < sure <= MOST_OF_ONE_ANSWER
    assert best(page_of("<html>a bakery</html>"), icon="12345") == ("", 0.0)


def test_one_answer_alone_is_never_quite_sure_whatever_it_holds() -> None:
    everything = page_of(
        '<html><head><title>New API</title><meta name="generator" content="new-api"></head>'
        '<body>"new_api_error" "quota_per_unit" "usd_exchange_rate" "stripe_unit_price"</body></html>',
        ROOT,
        headers={"x-new-api-version": "v1"},
    )
    assert best(everything)[1] <= MOST_OF_ONE_ANSWER


@pytest.mark.parametrize(
    "imitation",
    [
        page_of(
            '{"code":0,"data":{"site_name":"x","purchase_subscription_enabled":true,"custom_menu_items":[]}}', ROOT
        ),
        STATUS,
        REFUSED,
        page_of("hello", ROOT, headers={"x-new-api-version": "v9"}),
        page_of('{"service":"claude-relay-service"}', f"{ROOT}health"),
        page_of("<html><title>One Hub</title></html>", ROOT),
    ],
)
def test_an_imitator_of_one_answer_is_not_taken_for_it(imitation: Page) -> None:
    assert best(imitation)[1] <= 0.5
    assert best(imitation, page_of("<html><title>My bakery</title></html>", ROOT))[1] <= 0.5


def test_the_icon_is_where_the_page_says() -> None:
    page = page_of('<html><head><link rel="shortcut icon" href="/logo.png?v=2"></head></html>', f"{ROOT}pricing")
    assert icon_address(page) == f"{ROOT}logo.png?v=2"
    assert icon_address(page_of("<html></html>", f"{ROOT}pricing")) == f"{ROOT}favicon.ico"
    assert icon_address(page_of('{"a": 1}', f"{ROOT}api/status")) == f"{ROOT}favicon.ico"


def test_icons_are_hashed_as_search_engines_for_hosts_do() -> None:
    # Published test vectors of MurmurHash3 x86 32, seed 0.
    assert (_murmur3(b""), _murmur3(b"hello"), _murmur3(b"foo")) == (0, 613_153_351, 4_138_058_784)
    assert icon_hash(b"") == NO_ICON
    assert -(2**31) <= int(icon_hash(b"\x00" * 1_000)) < 2**31


def test_every_recognised_golden_page_names_its_own_family_first() -> None:
    wrong = {
        f"{case.family}/{case.name}": found[0].family
        for case in golden_cases()
        if case.name == "normal" and (found := recognise_place([case.page])) and found[0].family != case.family
    }
    assert FOLDER.is_dir()
    assert set(wrong) <= LIKE_ANOTHER, wrong
