"""Secrets found in text are masked before anything is derived: a few characters and a digest stay, never the secret.

Every expression has bounded repeats, so that matching is linear in the text whatever the text is.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VISIBLE_CHARACTERS = 8
DIGEST_CHARACTERS = 12
LEAST_DISTINCT = 6
_STAND_INS = ("xxxx", "your", "example", "placeholder", "12345678", "abcdefgh", "0000")

# Most specific first: the first kind that matches at a place names it.
_KINDS: tuple[tuple[str, str], ...] = (
    ("anthropic_key", r"sk-ant-[A-Za-z0-9_\-]{16,200}"),
    ("openai_project_key", r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_\-]{16,200}"),
    ("openrouter_key", r"sk-or-[A-Za-z0-9_\-]{16,200}"),
    ("openai_style_key", r"sk-[A-Za-z0-9]{20,200}"),
    ("openai_session", r"sess-[A-Za-z0-9]{24,200}"),
    ("google_key", r"AIza[A-Za-z0-9_\-]{35}"),
    ("google_token", r"ya29\.[A-Za-z0-9_\-]{20,2000}"),
    ("xai_key", r"xai-[A-Za-z0-9]{20,200}"),
    ("groq_key", r"gsk_[A-Za-z0-9]{20,200}"),
    ("perplexity_key", r"pplx-[A-Za-z0-9]{20,200}"),
    ("nvidia_key", r"nvapi-[A-Za-z0-9_\-]{20,200}"),
    ("replicate_token", r"r8_[A-Za-z0-9]{20,200}"),
    ("huggingface_token", r"hf_[A-Za-z0-9]{20,100}"),
    ("github_token", r"(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})"),
    ("aws_access_key", r"(?:AKIA|ASIA)[A-Z0-9]{16}"),
    # An address of the Bot API writes `bot` right before the token.
    ("telegram_bot_token", r"(?:bot)?[0-9]{8,10}:[A-Za-z0-9_\-]{35}"),
    # A session cookie is known by its name: whoever has its value is logged in as somebody.
    (
        "session_cookie",
        r"(?:(?:__Secure-next-auth\.session-token(?:\.[0-9])?|__Secure-1PSID(?:TS|CC)?|SAPISID|sessionKey|cf_clearance"
        r"|WorkosCursorSessionToken|user_session|auth_token|sso-rw)[\"']?\s{0,3}[=:]\s{0,3}[\"']?"
        r"[A-Za-z0-9%_\-.+/|]{20,4000})",
    ),
    ("json_web_token", r"eyJ[A-Za-z0-9_\-]{8,2000}\.[A-Za-z0-9_\-]{8,4000}\.[A-Za-z0-9_\-]{8,1000}"),
    ("refresh_token", r"rt_[A-Za-z0-9_\-]{30,400}"),
    (
        "private_key",
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s]{1,8000}-----END [A-Z ]{0,30}PRIVATE KEY-----",
    ),
)
_SECRET = re.compile(
    r"(?<![A-Za-z0-9_])(?:" + "|".join(f"(?P<{kind}>{expression})" for kind, expression in _KINDS) + ")"
)
# A cheap gate: no secret can start without one of these, and most texts hold none.
# Each hint stands under a sign that it holds, so that a text without the sign is not searched for it.
_HINTS = (
    ("-", ("sk-", "xai-", "-----BEGIN", "sess-", "pplx-", "nvapi-", "sso-rw")),
    ("_", ("gsk_", "hf_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "rt_", "r8_", "cf_clearance",
           "auth_token")),
    ("", ("AIza", "AKIA", "ASIA", "eyJ", "ya29.", "ession", "1PSID", "SAPISID")),
)  # fmt: skip
# How each of the kinds above begins, but for the token of a bot, which begins with its number.
_BEGUN = (
    "sk-", "sess-", "AIza", "ya29.", "xai-", "gsk_", "pplx-", "nvapi-", "r8_", "hf_", "ghp_", "gho_", "ghu_", "ghs_",
    "ghr_", "github_pat_", "AKIA", "ASIA", "__Secure-", "SAPISID", "sessionKey", "cf_clearance",
    "WorkosCursorSessionToken", "user_session", "auth_token", "sso-rw", "eyJ", "rt_", "-----BEGIN",
)  # fmt: skip
_BOT_TOKEN_BEGUN = re.compile(r"(?:(?<![A-Za-z0-9_])bot)?(?<![0-9])[0-9]{8,10}:")
_BOT_TOKEN_HINT = re.compile(r"[0-9]{8}:[A-Za-z0-9_\-]")


ISSUERS: Mapping[str, str] = {
    "anthropic_key": "anthropic",
    "openai_project_key": "openai",
    "openai_session": "openai",
    "google_key": "google",
    "google_token": "google",
    "xai_key": "x-ai",
    "perplexity_key": "perplexity",
    "github_token": "github",
    "aws_access_key": "aws",
}
"""The provider that a kind of key is of, where its shape says so. `sk-` and letters alone may be anybody's."""


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """A secret's place (code points) and what may be kept of it: kind, first characters, SHA-256 in hexadecimal."""

    kind: str
    start: int
    end: int
    visible: str
    sha256: str

    @property
    def masked(self) -> str:
        """What stands in the secret's place."""
        return f"{self.visible}…[sha256:{self.sha256[:DIGEST_CHARACTERS]}]"


def find_secrets(text: str) -> tuple[FoundSecret, ...]:
    """Every secret in the text, in order."""
    if not _may_hold_secret(text):
        return ()
    found: list[FoundSecret] = []
    end = 0
    for place in _beginnings(text):
        match = _SECRET.match(text, place) if place >= end else None
        if match is not None:
            secret, end = match.group(), match.end()
            digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
            found.append(FoundSecret(str(match.lastgroup), place, end, secret[:VISIBLE_CHARACTERS], digest))
    return tuple(found)


def _beginnings(text: str) -> list[int]:
    """Every place where a secret may begin, in order: a look at each place of a long text would take a second."""
    places = [match.start() for match in _BOT_TOKEN_BEGUN.finditer(text)] if ":" in text else []
    for begun in _BEGUN:
        place = text.find(begun)
        while place >= 0:
            places.append(place)
            place = text.find(begun, place + 1)
    places.sort()
    return places


def is_placeholder(secret: str) -> bool:
    """Is it the stand-in of a manual (`sk-xxxxxxxx`, `sk-your-key-here`) rather than somebody's key?"""
    body = secret[VISIBLE_CHARACTERS:].lower()
    return len(set(body)) < LEAST_DISTINCT or any(word in body for word in _STAND_INS)


def _may_hold_secret(text: str) -> bool:
    if not text:
        return False
    for sign, hints in _HINTS:
        if sign in text:
            for hint in hints:
                if hint in text:
                    return True
    return ":" in text and _BOT_TOKEN_HINT.search(text) is not None


def mask_secrets(text: str) -> str:
    """The text with every secret replaced by its first characters and a digest."""
    return mask_found(text, find_secrets(text))


def mask_found(text: str, found: Iterable[FoundSecret]) -> str:
    """The text with the secrets that were found in it replaced by their first characters and digests."""
    pieces: list[str] = []
    end = 0
    for secret in found:
        pieces += (text[end : secret.start], secret.masked)
        end = secret.end
    return text if not pieces else "".join(pieces) + text[end:]
