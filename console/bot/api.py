"""The part of Telegram's Bot API that the inbound side asks for, as plain JSON: updates are kept as they came."""

from typing import Any
from urllib.parse import quote

import httpx
import orjson

from alerts.redaction import hide_in_logs, scrub, spellings
from domain.errors import UndercutError
from domain.hostile_text import one_line

POLL_SECONDS = 25
ANSWER_SECONDS = 20.0
MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_ANSWER_BYTES = 16 * 1024 * 1024
KINDS = ["message", "callback_query", "channel_post", "edited_channel_post"]

Update = dict[str, Any]


class BotApiError(UndercutError):
    """The Bot API did not do what was asked. `status` is its answer's, 0 where none came; `wait_seconds` its wish."""

    def __init__(self, message: str, status: int = 0, wait_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.wait_seconds = wait_seconds


class BotApi:
    """One bot. Its token is kept out of every log and every error."""

    def __init__(self, token: str, base_url: str) -> None:
        head, _, tail = token.partition(":")
        hide_in_logs([token, tail])
        self._hidden = spellings([token, tail])
        self._base = f"{base_url}{token}"
        self._files = f"{base_url.removesuffix('/bot')}/file/bot{token}"
        self.bot_id = head
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, follow_redirects=False)

    async def updates(self, offset: int) -> list[Update]:
        """What has happened since; waits for it for a while. Everything before `offset` is forgotten by Telegram."""
        asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": KINDS}
        found = await self.call("getUpdates", asked, seconds=POLL_SECONDS + ANSWER_SECONDS)
        if not isinstance(found, list):
            raise BotApiError("getUpdates answered with no list")
        return [update for update in found if isinstance(update, dict) and isinstance(update.get("update_id"), int)]

    async def call(self, method: str, parameters: dict[str, Any], seconds: float = ANSWER_SECONDS) -> Any:
        """The result of a method; raises BotApiError."""
        status, body = await self._ask("POST", f"{self._base}/{method}", MOST_ANSWER_BYTES, seconds, parameters)
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict) or answer.get("ok") is not True:
            raise self._refusal(method, status, answer if isinstance(answer, dict) else {})
        return answer.get("result")

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file that somebody sent; raises BotApiError, for one that is too large too."""
        found = await self.call("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str):
            raise BotApiError("the file cannot be fetched any more")
        status, body = await self._ask("GET", f"{self._files}/{quote(path)}", MOST_FILE_BYTES, ANSWER_SECONDS)
        if status != 200:
            raise BotApiError(f"the file was answered with {status}", status)
        return body

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def _ask(
        self, method: str, address: str, most_bytes: int, seconds: float, parameters: dict[str, Any] | None = None
    ) -> tuple[int, bytes]:
        body = bytearray()
        try:
            async with self._client.stream(method, address, json=parameters, timeout=seconds) as response:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > most_bytes:
                        raise BotApiError(f"the answer is larger than {most_bytes} bytes")
        except httpx.HTTPError as error:
            raise BotApiError(self._clean(f"the Bot API could not be asked: {type(error).__name__}")) from None
        return response.status_code, bytes(body)

    def _refusal(self, method: str, status: int, answer: dict[str, Any]) -> BotApiError:
        parameters = answer.get("parameters")
        wait = parameters.get("retry_after", 0) if isinstance(parameters, dict) else 0
        said = self._clean(str(answer.get("description", "no reason given")))
        return BotApiError(f"{method} was answered with {status}: {said}", status, float(wait) if wait else 0.0)

    def _clean(self, text: str) -> str:
        return one_line(scrub(text, self._hidden))
