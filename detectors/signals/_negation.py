"""Is a phrase denied by the words right before it: `we never share accounts`, `不共享账号`?"""

import re

from detectors.reading.result import Mention

BEFORE = 32
_DENIED = re.compile(
    r"(?:不(?:会|再|得|提供|支持|需要|出售|卖|做|是)?|未|勿|别|禁止|并非|没有|无需"
    r"|\b(?:no|not|never|without|nor|don'?t|doesn'?t|do not|does not|cannot|won'?t)(?: (?:ask|for|your|the|any|a"
    r"|an|we|sell|share|store|use|offer|provide|need|to)){0,4} "
    r"|\bkeine?[nrs]? |\bnie |\bohne |\bне |\bбез |\bникогда |\bникаких |\bsin |\bsem |\bsans |\bpas de |\bnão "
    r"|\bkhông |\btanpa |\bbukan |بدون |لا |ليس |نه )$",
    re.IGNORECASE,
)

_LAST = frozenset(" \n会再得供持要售卖做是不未勿别止非有需")
_BEGUN = re.compile("n[oeiã]|without|do|can|won|kein|ohne|не|без|ник|s[ia]n|sem|pas|kh|tanpa|bukan|بد|لا|لي|نه")
# Warned against, some words before: `绝不要使用「公益站」`, `never use a cheap relay`.
_WARNED = re.compile(
    r"(?:不要|切勿|绝不|不得|严禁|避免|远离|警惕|谨防|拒绝|不推荐|不建议|别去|别再)[^。！？!?;；\n]{0,20}$"
    r"|\b(?:avoid|beware of|never use|do not use|don'?t use|don'?t buy|never buy|stay away from"
    r"|rule[ds]? out)\b[^.!?;\n]{0,24}$"
    r"|(?:не (?:используйте|покупайте|берите)|избегайте|остерегайтесь)[^.!?;\n]{0,20}$"
    r"|(?:no (?:uses|compres)|evita|não (?:use|compre)|evite|n'(?:utilisez|achetez)|évitez)[^.!?;\n]{0,20}$"
    r"|(?:đừng|tránh|jangan|hindari|kaçının|almayın|تجنب|احذر)[^.!?;\n]{0,20}$",
    re.IGNORECASE,
)


def is_denied(mention: Mention) -> bool:
    """Do the words right before the mention deny it, or those of its clause warn against it?"""
    start = mention.span.start
    before = mention.field.original[max(0, start - BEFORE) : start]
    if _WARNED.search(before) is not None:
        return True
    # A look at the end of it, and for the beginning of any denial, spares the search nearly always.
    if before[-1:] not in _LAST or (before[-1] == " " and _BEGUN.search(before.lower()) is None):
        return False
    return _DENIED.search(before) is not None
