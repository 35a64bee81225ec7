"""Keys or accounts of paid models for nothing: whoever gives them away does not own what they cost."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LOOKED_AT = 4000
FREE = ("free", "shar", "pool of", "list of", "免费", "miễn phí", "mien phi", "бесплатн", "gratis", "grátis")
_PAID = r"(?:claude|chat ?gpt|gpt|openai|anthropic|opus|sonnet|codex|grok)[a-z0-9.\-]{0,8}"
_FREE = re.compile(
    rf"\bfree (?:working |shared |public )?{_PAID}(?: ?(?:&|and|/|,|\+) ?{_PAID})?(?: plus| pro| api)? (?:keys?"
    rf"|accounts?|logins?)\b"
    rf"|\b(?:shares?|sharing|list of|pool of) (?:free |working |public )+{_PAID} (?:keys?|accounts?)\b"
    rf"|免费.{{0,4}}{_PAID}.{{0,8}}(?:key|账号|密钥|镜像)|{_PAID}.{{0,8}}免费(?:key|账号|密钥|镜像|共享)"
    rf"|(?:key|tài khoản) {_PAID}[^.\n]{{0,16}} miễn phí|бесплатн[а-я]{{2}} (?:ключи?|аккаунты?) {_PAID}"
    rf"|(?:claves|cuentas|chaves|contas) {_PAID}[^.\n]{{0,10}} gr[aá]tis"
)


def _find(context: SignalContext) -> Iterator[Observation]:
    read = context.read
    if not any(free in read.folded_text or free in read.folded_title for free in FREE):
        return
    found = _FREE.search(f"{read.folded_title}\n{read.folded_text[:LOOKED_AT]}")
    if found is not None:
        yield Observation(f"Gives away “{found[0][:40]}”")


SIGNAL = SignalRule(
    "supply.free_keys",
    "Keys or accounts for nothing",
    "Keys of paid models that are given away are leaked, stolen or of abused trials.",
    _find,
)
