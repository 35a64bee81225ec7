"""Which products a field names: models with their versions, plans from a family and its tiers, families alone."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from detectors.reading.field import Field, Range
from detectors.reading.lexicon.words import DIGITS, Hit, Lexicon, PlanRule, Word
from rates.catalogue import ProductKind

MOST_PRODUCTS = 400
ORNAMENTS = "✨⭐🌟🔥💥✅☑💎🚀⚡🎉❤🟢🟣"
"""Pictures that sellers put round names."""

# What may stand between a family and its tier, or between two tiers of one plan.
_GLUE = re.compile(
    rf"[\s\-_|·:()\[\]【】'\"*+{ORNAMENTS}]{{0,4}}"
    r"(?:官方|会员|套餐|订阅|ai|账号|的|正版|subscription|plan|code|one|advanced|普通|拼车|成品|官网)?[\s\-_|·:(\[【]{0,2}"
)
_FACE = re.compile(
    r"[\s\-_]{0,2}(?P<open>[(（])?\$?(?P<amount>\d{1,3})(?P<after>\s?(?:刀|plan|tier|usd plan|档|版)|)"
    r"(?![\d.,%]|\s?(?:元|块|r\b|rmb|cny|₽|руб|tl|₺|грн|天|days?|人|个|x|倍|次|月))"
)
_NUMBERED = re.compile(r"\s?(?:号(?!称|外)|位(?!置|于))")
_ENDS_NAME = re.compile(r"\s?(?:[【\[（(|｜]|$|[\u4e00-\u9fff]{2})")
_COMPATIBLE = re.compile(
    r"[\s\-_]{0,2}(?:api[\s-]?|接口|의\s?|風\s?)?(?:compatible|兼容|互換|互换|호환|совместим|uyumlu|"
    r"tuong thich|kompatibel|"
    r"sdk|协议|标准接口|protocol|接口规范|schema)"
)
_COMPATIBLE_WITH = re.compile(
    r"(?:compatible with|兼容|compativel com|compatible con|совместим\w{0,6} с|tuong thich voi|kompatibel dengan|"
    r"kompatibel mit)"
    r"\s{0,2}(?:the |the official )?\Z"
)
_LIST_GLUE = re.compile(r"\s{0,2}(?:[/、,&]|和|与|or|and|и|y|e|ou|ve|dan|hoặc|أو|و|یا)\s{0,2}")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# A version or a part of a model's name after its head. A number that is an amount or counts something is no version.
_PRICED = r"[\d%$¥€]|[.,]\d|\s?[x×](?![a-z])|\s?(?:刀|元|块|美|折|倍|毛|万|亿|r\b|u\b|k\b|usd|руб|₽)"
_COUNTED = r"\s?(?:x|个|天|周|月|年|人|次|张|条|位|day|month|year|user|мес|tháng|bulan|mes|ay\b|개월|명|か月|ヶ月|ヵ月)"
_PIECE = re.compile(
    rf"[\s\-_·:,.的{ORNAMENTS}]{{0,2}}(?:"
    rf"(?P<version>[vkmro]?\d{{1,2}}[.\-,]\d{{1,2}}(?!{_PRICED})|[vkmro]?\d{{1,2}}(?:b|o)?(?!{_PRICED}|{_COUNTED}))"
    r"|(?P<name>opus|sonnet|haiku|fable|mythos|sol|terra|luna|astra|mini|nano|pro|flash|lite|codex|max|turbo|image|"
    r"thinking|preview|plus|vl|coder|fast|air|code|chat|reasoner|gpt|high|low|xhigh)(?![a-z]))"
)


class Found(NamedTuple):
    """A product in a field. `kind` says what it is; `family` is its series (`claude`, `gpt`)."""

    start: int
    end: int
    id: str
    kind: ProductKind
    family: str


def find_products(field: Field, ranges: list[Range]) -> list[Found]:
    """Every product that the field names within the ranges, in order."""
    found: list[Found] = []
    pending: list[tuple[Hit, str, Word]] = []
    compatible = field.has_between(0, len(field.text), "relation.compatible")
    for hit in field.hits_within(ranges, "plan", "product", "tier"):
        roles = hit[2].roles
        word = roles.get("plan") or roles.get("product") or roles["tier"]
        if word.category == "tier" and field.has_between(hit[1], hit[1] + 3, "relation.off"):
            continue
        if not (compatible and _only_compatible(field, hit)):
            pending.append((hit, word.category, word))
    index = 0
    while index < len(pending) and len(found) < MOST_PRODUCTS:
        index = _read_group(field, pending, index, found)
    return found


def _only_compatible(field: Field, hit: Hit) -> bool:
    """Is it only said to speak that provider's language (`OpenAI-compatible`, `兼容 OpenAI`)?"""
    text = field.text
    return (
        _COMPATIBLE.match(text, hit[1]) is not None
        or _COMPATIBLE_WITH.search(text, max(0, hit[0] - 18), hit[0]) is not None
    )


def _read_group(field: Field, pending: Sequence[tuple[Hit, str, Word]], index: int, found: list[Found]) -> int:
    """Read one product that begins at the pending word; the index of the word after it."""
    hit, category, word = pending[index]
    if category == "product" and _alone(field, pending, index):
        found.append(_family(field.lexicon, hit, word))
        return index + 1
    if category == "product" and word.concept not in _TIERED and not _is_family(field.lexicon, word):
        model = _model(field, hit, word)
        found.append(model)
        return _skip(pending, index + 1, model.end)
    if category == "product":
        model = _model(field, hit, word)
        if model.kind is ProductKind.MODEL:
            found.append(model)
            return _skip(pending, index + 1, model.end)
    following = _group_end(field, pending, index)
    group = pending[index:following]
    plan = _plan(field, group, found)
    if plan is not None:
        found.append(plan)
    elif any(part[1] != "tier" for part in group):
        family = next(part for part in group if part[1] != "tier")
        found.append(_family(field.lexicon, family[0], family[2]))
    return following


def _alone(field: Field, pending: Sequence[tuple[Hit, str, Word]], index: int) -> bool:
    """Is it a family's bare name, with no version and no tier near? Most names are, and need no closer look."""
    hit, _, word = pending[index]
    if index + 1 < len(pending) and pending[index + 1][0][0] - hit[1] <= 12:
        return False
    known = field.lexicon.products.get(word.concept)
    if known is not None and known.kind is not ProductKind.FAMILY:
        return False
    return word.concept not in _VERSIONED and not any(letter in DIGITS for letter in field.text[hit[1] : hit[1] + 4])


def _group_end(field: Field, pending: Sequence[tuple[Hit, str, Word]], index: int) -> int:
    """Where the words that belong to one plan end: a family and tiers, glued to each other."""
    end = pending[index][0][1]
    has_family = pending[index][1] != "tier"
    following = index + 1
    while following < len(pending):
        hit, category, word = pending[following]
        gap = hit[0] - end
        if gap > 12 or _GLUE.fullmatch(field.text, end, hit[0]) is None:
            break
        if category != "tier":
            if any(bracket in field.text[end : hit[0]] for bracket in "】)]"):
                break
            if has_family and _family_of(word) != _family_of_group(pending[index:following]):
                break
            has_family = True
        end = hit[1]
        following += 1
    return following


def _skip(pending: Sequence[tuple[Hit, str, Word]], index: int, end: int) -> int:
    while index < len(pending) and pending[index][0][0] < end:
        index += 1
    return index


_VERSIONED = frozenset({"o-series", "image-models", "google-media"})
"""Names that hold a version in themselves (`o3-mini`, `image2`)."""

_TIERED = frozenset({"claude", "gpt", "gemini", "grok", "cursor", "kiro", "copilot", "perplexity", "windsurf", "devin"})


def _is_family(lexicon: Lexicon, word: Word) -> bool:
    known = lexicon.products.get(word.concept)
    return known is not None and known.kind in (ProductKind.FAMILY, ProductKind.PLAN)


def _family_of(word: Word) -> str:
    return word.value or word.concept


def _family_of_group(group: Sequence[tuple[Hit, str, Word]]) -> str:
    return next((_family_of(word) for _, category, word in group if category != "tier"), "")


def _family(lexicon: Lexicon, hit: Hit, word: Word) -> Found:
    if word.concept in ("llm", "api-credit"):
        return Found(hit[0], hit[1], "api-credit", ProductKind.CREDIT, "")
    series = _family_of(word)
    return Found(hit[0], hit[1], series, ProductKind.FAMILY, series)


def _model(field: Field, hit: Hit, word: Word) -> Found:
    """The model that the head and the versions after it name, else its family."""
    lexicon = field.lexicon
    known = lexicon.products.get(word.concept)
    end, pieces = _pieces(field.text, hit[1])
    while pieces:
        product = _resolve(lexicon, _head(word), field.text[hit[0] : hit[1]], tuple(pieces))
        if product is not None:
            return Found(hit[0], end, product, lexicon.products[product].kind, lexicon.products[product].series)
        pieces.pop()
        end = pieces[-1][2] if pieces else hit[1]
    versioned = field.text[hit[1] : hit[1] + 1] in (".", "-", ",") and field.text[hit[1] + 1 : hit[1] + 2].isdigit()
    if known is not None and known.kind is ProductKind.MODEL and not versioned:
        return Found(hit[0], hit[1], known.id, known.kind, known.series)
    if known is not None and known.kind in (ProductKind.PLAN, ProductKind.FREE_ACCOUNT):
        return Found(hit[0], hit[1], known.id, known.kind, known.series)
    return _family(lexicon, hit, word)


def _head(word: Word) -> str:
    """The official beginning of a name, whatever spelling the text has."""
    return word.concept.replace("-", " ") if word.concept.startswith("claude-") else (word.value or word.concept)


def _pieces(text: str, place: int) -> tuple[int, list[tuple[str, str, int]]]:
    """Versions and name parts after the place: (text, "version" or "name", end), at most six."""
    pieces: list[tuple[str, str, int]] = []
    while len(pieces) < 6:
        piece = _PIECE.match(text, place)
        if piece is None:
            break
        kind = str(piece.lastgroup)
        if (
            kind == "name"
            and piece["name"] in ("plus", "pro", "max", "code", "air")
            and not any(each[1] == "version" for each in pieces)
        ):
            break
        pieces.append((piece[kind].replace(",", "."), kind, piece.end()))
        place = piece.end()
    return (pieces[-1][2] if pieces else place), pieces


@lru_cache(maxsize=16384)
def _resolve(lexicon: Lexicon, head: str, surface: str, pieces: tuple[tuple[str, str, int], ...]) -> str | None:
    """A name is written in many orders (`opus 4.8`, `claude 4.8 opus`); the rates know one."""
    versions = " ".join(text for text, kind, _ in pieces if kind == "version")
    if not versions:
        return None
    names = " ".join(text for text, kind, _ in pieces if kind == "name")
    in_order = " ".join(text for text, _, _ in pieces)
    for candidate in (
        f"{head} {in_order}",
        f"{head} {names} {versions}",
        f"{head} {versions} {names}",
        f"{surface} {in_order}",
    ):
        product = lexicon.resolve(candidate)
        if product is not None and lexicon.products[product].kind is ProductKind.MODEL:
            return product
    if head == "claude" and not names:
        series = [lexicon.resolve(f"claude {name} {versions}") for name in ("opus", "sonnet", "haiku", "fable")]
        known = [product for product in series if product is not None]
        return known[0] if len(known) == 1 else None
    return None


def _plan(field: Field, group: Sequence[tuple[Hit, str, Word]], found: Sequence[Found]) -> Found | None:
    """The plan that a group of glued words makes."""
    lexicon = field.lexicon
    tiers = frozenset(tier for _, category, word in group if category == "tier" for tier in word.value.split())
    family = _family_of_group(group)
    start, end = group[0][0][0], group[-1][0][1]
    named = next(
        (word.concept for _, category, word in group if category != "tier" and _plan_rule(lexicon, word)), None
    )
    if named is not None:
        rule = lexicon.plans[named]
        family, tiers = rule.family, tiers | min(rule.tiers, key=len)
    if not tiers:
        return None
    best = _best_plan(lexicon, family, tiers) if family else _plan_of_bare_tiers(field, start, end, tiers, found)
    if best is None:
        return None
    best, end = _told_by_face(field, end, best)
    known = lexicon.products.get(best.id)
    return Found(start, end, best.id, known.kind if known is not None else ProductKind.PLAN, best.family)


def _told_by_face(field: Field, end: int, plan: PlanRule) -> tuple[PlanRule, int]:
    """`Claude Max 200` and `GPT Pro ($100 plan)`: the official price after the name tells which of the plans it is.

    The plan, and where its name ends: an amount that is plainly part of the name is nobody's price.
    """
    if len(plan.faces) < 2 or max(plan.faces) < 2 * min(plan.faces):
        return plan, end
    face = _FACE.match(field.text, end)
    if face is None:
        return plan, end
    amount = Decimal(face["amount"])
    smallest = min(plan.tiers, key=len)
    multiple = f"{amount:f}x" if field.name == "title" and _ENDS_NAME.match(field.text, face.end()) else ""
    for other in field.lexicon.plans.values():
        if other is plan or other.family != plan.family:
            continue
        if any(multiple in combination for combination in other.tiers if smallest <= combination):
            return other, face.end()
        if amount not in other.faces:
            continue
        if any(smallest <= combination for combination in other.tiers):
            return other, face.end() if face["open"] or face["after"] else end
    return plan, end


def _plan_rule(lexicon: Lexicon, word: Word) -> bool:
    return word.concept in lexicon.plans


@lru_cache(maxsize=4096)
def _best_plan(lexicon: Lexicon, family: str, tiers: frozenset[str]) -> PlanRule | None:
    best: PlanRule | None = None
    size = 0
    for rule in lexicon.plans.values():
        if rule.family != family:
            continue
        for combination in rule.tiers:
            if len(combination) > size and combination <= tiers:
                best, size = rule, len(combination)
    return best


def _plan_of_bare_tiers(
    field: Field, start: int, end: int, tiers: frozenset[str], found: Sequence[Found]
) -> PlanRule | None:
    """A tier without a family: of the family just named in a list, or of the plan it always means among accounts."""
    if found and start - found[-1].end <= 8 and _LIST_GLUE.fullmatch(field.text, found[-1].end, start) is not None:
        return _best_plan(field.lexicon, found[-1].family, tiers)
    around = field.hits_between(max(0, start - 14), end + 14)
    if not any(_ACCOUNT_WORDS & hit[2].roles.keys() for hit in around) and not _NUMBERED.match(field.text, end):
        return None
    if _CJK.search(field.text, max(0, start - 12), end + 12) is None:
        return None
    family = found[-1].family if found and start - found[-1].end <= 40 else ""
    if family:
        best = _best_plan(field.lexicon, family, tiers)
        if best is not None:
            return best
    return _best_of_bare(field.lexicon, tiers)


@lru_cache(maxsize=1024)
def _best_of_bare(lexicon: Lexicon, tiers: frozenset[str]) -> PlanRule | None:
    """The plan that most of the tiers always mean (`Max20x` is Claude's, `20x` alone ChatGPT's)."""
    best: PlanRule | None = None
    size = 0
    for rule in lexicon.plans.values():
        fitting = [len(combination) for combination in rule.bare if combination <= tiers]
        if fitting and max(fitting) > size:
            best, size = rule, max(fitting)
    return best


_ACCOUNT_WORDS = frozenset({"kind", "period", "delivery", "risk"})


def products_between(found: Sequence[Found], start: int, end: int) -> Iterator[Found]:
    """The products that begin within these places."""
    return (product for product in found if start <= product.start < end)
