"""Every channel and the bot against receivers that fail, with all logging open: how many secrets were written."""

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from alerts.rehearsal import rehearsal_notice
from alerts.senders import ChannelSpec, open_senders
from benchmarks.alert_notices import START
from benchmarks.figure import Figure, Measurement
from console.bot.api import BotApi, BotApiError
from street.receivers.http_receiver import Answer, Trouble
from street.receivers.running import BOT_TOKEN, CHAT_ID, Receivers, receivers_in_thread

HOOK_TOKEN = "path-token-1a2b3c4d"  # noqa: S105 - opens nothing
SECRET = "a-shared-secret-of-many-letters"  # noqa: S105 - opens nothing
PASSWORD = "correct-horse-battery"  # noqa: S105 - opens nothing
ROOM_TOKEN = "mattermost1token2of3letters"  # noqa: S105 - opens nothing
MOVED = Answer(302, {"Location": "/elsewhere"})
FAILURES = (Answer(401), Answer(404), Answer(500), MOVED, Trouble.RESET, Trouble.GARBAGE)
QUICK_ROUNDS, FULL_ROUNDS = 1, 20


def measure(quick: bool, seed: int) -> Measurement:
    """How many times a secret stands in a log record, a traceback, or an attempt's outcome as it is kept."""
    with receivers_in_thread() as receivers, _everything_logged() as log:
        said = asyncio.run(_tell(receivers, QUICK_ROUNDS if quick else FULL_ROUNDS))
    written = log.getvalue() + "\n".join(said)
    secrets = (BOT_TOKEN, BOT_TOKEN.partition(":")[2], HOOK_TOKEN, SECRET, PASSWORD, ROOM_TOKEN)
    found = sum(written.count(secret) for secret in secrets)
    return Measurement(float(found), {"attempts": len(said), "log_characters": len(log.getvalue())})


@contextmanager
def _everything_logged() -> Iterator[io.StringIO]:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


async def _tell(receivers: Receivers, rounds: int) -> list[str]:
    hook, common = receivers.webhook, {"timeout_seconds": "5"}
    mail = {"host": "127.0.0.1", "port": str(receivers.mailbox.port), "security": "none", "username": "undercut"}
    specs = {
        "telegram": ChannelSpec(
            "telegram", {**common, "chat_id": CHAT_ID, "base_url": receivers.bot_api.base_url}, {"token": BOT_TOKEN}
        ),
        "webhook": ChannelSpec("webhook", common, {"url": f"{hook.address}/{HOOK_TOKEN}", "secret": SECRET}),
        "apprise": ChannelSpec("apprise", common, {"url": f"mmost://127.0.0.1:{hook.port}/{ROOM_TOKEN}"}),
        "email": ChannelSpec(
            "email", {**common, **mail, "from": "a@example.test", "to": "b@example.test"}, {"password": PASSWORD}
        ),
    }
    senders = open_senders(specs)
    api = BotApi(BOT_TOKEN, receivers.bot_api.base_url)
    said: list[str] = []
    for _ in range(rounds):
        for failure in (None, *FAILURES):
            for name, sender in senders.items():
                if failure is not None:
                    (receivers.bot_api.http if name == "telegram" else hook).script.append(failure)
                result = await sender.send(rehearsal_notice(name, START))
                said.append(result.detail)
            hook.script.clear()
            if failure is not None:
                receivers.bot_api.http.script.append(failure)
            try:
                await api.call("getMe", {})
            except BotApiError as error:
                said.append(str(error))
    for sender in senders.values():
        await sender.close()
    await api.close()
    return said


FIGURE = Figure(
    name="alert_tokens",
    title="secrets in logs and kept outcomes, over every channel and the bot, with receivers that fail",
    goal=0.0,
    unit="secrets",
    measure=measure,
    at_least=False,
)
