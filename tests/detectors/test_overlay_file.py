"""The operator's lists are read strictly, and their version follows their content."""

from datetime import date

import pytest

from detectors.overlay_file import OverlayFileError, parse_overlay

LISTS = """
channels:
  - name: Example Cloud
    domains: [cloud.example.test]
    providers: [anthropic]
    source: https://cloud.example.test/partners
    checked: 2026-11-01
    from: 2026-01-01
denials:
  - {provider: openai, who: "telegram:example_shop", said_on: 2026-10-02, source: letter 17}
"""


def test_channels_and_denials_are_read_with_their_days() -> None:
    overlay = parse_overlay({}, {"partners": LISTS})
    (channel,) = overlay.channels
    assert (channel.domains, channel.valid_from) == (("cloud.example.test",), date(2026, 1, 1))
    assert overlay.denials[0].who == "telegram:example_shop"


def test_the_version_follows_the_content() -> None:
    assert parse_overlay({}, {}).version == "none"
    first = parse_overlay({}, {"partners": LISTS}).version
    assert first == parse_overlay({}, {"partners": LISTS}).version
    assert first != parse_overlay({"words": ""}, {"partners": LISTS}).version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("channels: [", "partners is not YAML"),
        ("channels: [{name: x}]", r"partners: channels\.0\.domains: Field required"),
        ("dealers: []", "partners: dealers"),
    ],
)
def test_a_list_that_cannot_be_read_is_named(text: str, message: str) -> None:
    with pytest.raises(OverlayFileError, match=message):
        parse_overlay({}, {"partners": text})
