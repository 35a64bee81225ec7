"""Is a phrase denied by the words right before it: `we never share accounts`, `不共享账号`?"""

import re

from detectors.reading.result import Mention

BEFORE = 24
_DENIED = re.compile(
    r"(?:不(?:会|再|得|提供|支持|需要|出售|卖|做|是)?|未|勿|别|禁止|并非|没有|无需"
    r"|\b(?:no|not|never|without|nor|don'?t|doesn'?t|do not|does not|cannot|won'?t)(?: (?:ask|for|your|the|any|a"
    r"|an|we|sell|share|store|use|offer|provide|need|to)){0,4} "
    r"|\bkeine?[nrs]? |\bnie |\bohne |\bне |\bбез |\bникогда |\bникаких |\bsin |\bsem |\bsans |\bpas de |\bnão "
    r"|\bkhông |\btanpa |\bbukan |بدون |لا |ليس |نه )$",
    re.IGNORECASE,
)


def is_denied(mention: Mention) -> bool:
    """Do the words right before the mention deny it?"""
    start = mention.span.start
    return _DENIED.search(mention.field.original[max(0, start - BEFORE) : start]) is not None
