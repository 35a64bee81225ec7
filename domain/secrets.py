"""Secrets found in text are masked before anything is derived: a few characters and a digest stay, never the secret.

Every expression has bounded repeats, so that matching is linear in the text whatever the text is.
"""

import hashlib
import re
from dataclasses import dataclass

VISIBLE_CHARACTERS = 8
DIGEST_CHARACTERS = 12

# Most specific first: the first kind that matches at a place names it.
_KINDS: tuple[tuple[str, str], ...] = (
    ("anthropic_key", r"sk-ant-[A-Za-z0-9_\-]{16,200}"),
    ("openai_project_key", r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_\-]{16,200}"),
    ("openrouter_key", r"sk-or-[A-Za-z0-9_\-]{16,200}"),
    ("openai_style_key", r"sk-[A-Za-z0-9]{20,200}"),
    ("google_key", r"AIza[A-Za-z0-9_\-]{35}"),
    ("xai_key", r"xai-[A-Za-z0-9]{20,200}"),
    ("groq_key", r"gsk_[A-Za-z0-9]{20,200}"),
    ("huggingface_token", r"hf_[A-Za-z0-9]{20,100}"),
    ("github_token", r"(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})"),
    ("aws_access_key", r"(?:AKIA|ASIA)[A-Z0-9]{16}"),
    # An address of the Bot API writes `bot` right before the token.
    ("telegram_bot_token", r"(?:bot)?[0-9]{8,10}:[A-Za-z0-9_\-]{35}"),
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
_HINTS = (
    "sk-", "AIza", "xai-", "gsk_", "hf_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "AKIA", "ASIA", "eyJ",
    "rt_", "-----BEGIN",
)  # fmt: skip
_BOT_TOKEN_HINT = re.compile(r"[0-9]{8}:[A-Za-z0-9_\-]")


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
    if not any(hint in text for hint in _HINTS) and (":" not in text or _BOT_TOKEN_HINT.search(text) is None):
        return ()
    return tuple(
        FoundSecret(
            kind=str(match.lastgroup),
            start=match.start(),
            end=match.end(),
            visible=match.group()[:VISIBLE_CHARACTERS],
            sha256=hashlib.sha256(match.group().encode("utf-8", "surrogatepass")).hexdigest(),
        )
        for match in _SECRET.finditer(text)
    )


def mask_secrets(text: str) -> str:
    """The text with every secret replaced by its first characters and a digest."""
    pieces: list[str] = []
    end = 0
    for secret in find_secrets(text):
        pieces += (text[end : secret.start], secret.masked)
        end = secret.end
    return text if not pieces else "".join(pieces) + text[end:]
