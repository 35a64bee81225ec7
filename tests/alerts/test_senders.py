"""From configuration to open channels, with every mistake named."""

import subprocess
import sys

import pytest

from alerts.channel_settings import ChannelSettingsError
from alerts.senders import ChannelSpec, channel_kind, channel_kinds, open_senders, routing_of
from tests.alerts.conftest import make_notice
from tests.conftest import REPOSITORY

TOKEN = {"token": "123456789:AAE-another_token_of_letters_and_0"}


def test_every_kind_names_itself_and_documents_its_settings() -> None:
    for name, kind in channel_kinds().items():
        assert kind.name == name
        assert kind.secrets <= kind.settings.keys()
        assert {"detail", "console_url"} <= kind.settings.keys()
        assert all(kind.settings.values())


async def test_channels_are_opened_by_their_own_names(capsys: pytest.CaptureFixture[str]) -> None:
    senders = open_senders({"here": ChannelSpec("terminal"), "duty": ChannelSpec("telegram", {"chat_id": "1"}, TOKEN)})
    assert list(senders) == ["here", "duty"]
    await senders["here"].send(make_notice())
    assert "pooled relay" in capsys.readouterr().out
    for sender in senders.values():
        await sender.close()


def test_an_unknown_kind_is_named_with_the_nearest() -> None:
    with pytest.raises(ChannelSettingsError, match="'telegramm'; did you mean 'telegram'"):
        channel_kind("telegramm")
    with pytest.raises(ChannelSettingsError, match="there are apprise, email, telegram, terminal, webhook"):
        channel_kind("_http")


def test_a_secret_among_the_settings_is_refused_without_being_repeated() -> None:
    with pytest.raises(ChannelSettingsError, match="channel 'duty': token is a secret") as caught:
        open_senders({"duty": ChannelSpec("telegram", {"chat_id": "1", **TOKEN})})
    assert TOKEN["token"] not in str(caught.value)


def test_an_error_names_the_channel() -> None:
    with pytest.raises(ChannelSettingsError, match="channel 'duty': channel telegram: setting 'chat_id' is missing"):
        open_senders({"duty": ChannelSpec("telegram", {}, TOKEN)})


def test_people_bear_twenty_an_hour_and_programs_everything() -> None:
    specs = {"chat": ChannelSpec("telegram"), "hook": ChannelSpec("webhook"), "desk": ChannelSpec("email")}
    budgets = {name: pace.budget_per_hour for name, pace in routing_of(specs).paces().items()}
    assert budgets == {"chat": 20, "hook": None, "desk": 20}


def test_a_channel_loads_none_of_the_others_libraries() -> None:
    code = (
        "import sys\nfrom alerts.senders import ChannelSpec, open_senders\n"
        "open_senders({'here': ChannelSpec('terminal')})\n"
        "print([n for n in ('telegram', 'apprise', 'aiosmtplib', 'httpx') if n in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert answer.stdout == "[]\n"
