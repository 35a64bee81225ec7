"""A shop item: a title that says what is sold, and a price that the page states in a field of its own."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from detectors.reading.atoms import Atom
from detectors.reading.build import NOTHING, Thing, credit_thing, make_offer
from detectors.reading.credit import Credit, Pack, find_credit, find_packs
from detectors.reading.kinds import account_kind, credit_kind, has_account_words, is_enabling
from detectors.reading.multipliers import Multiplier, find_multipliers, fold_into_credit
from detectors.reading.passage import Passage
from detectors.reading.plan_prices import PLACEHOLDERS, PlanPrice, choose_plan, plan_offer
from detectors.reading.products import Found
from detectors.reading.terms import term_days
from domain.money import Money
from domain.offer import Offer, OfferKind, Unit
from rates.catalogue import ProductKind

_RELAY = ("kind.metered_tokens", "risk.pooled_accounts", "relation.multiplier", "kind.api_key")
_CREDIT_WORDS = ("unit.credit",)
AT_PAR = "one yuan of balance taken as one dollar of credit, as relays that bill by multipliers sell it"
PLACEHOLDER = "the stated price is a placeholder"
UNSAID = Decimal(0)
"""Dollars of credit where their number is not said."""
MILLION = Decimal(1_000_000)
MOSTLY_CACHED = "a pack of tokens is mostly cached input: the least it can cost"
MULTIPLIER_INSIDE = "the stated dollars already hold the multiplier"


def read_item(passage: Passage, price: Money) -> list[Offer]:
    """The offers that a titled item makes at its price."""
    text = passage.field.text
    if _placeholder(passage, price):
        return [_opaque(passage, None, PLACEHOLDER)] if passage.field.words.starts else []
    passage.products[:] = [_as_plan(passage, found) for found in passage.products if not _only_compared(passage, found)]
    worth = fold_into_credit(passage)
    stated = find_packs(passage)
    multipliers = find_multipliers(passage)
    plan = choose_plan(passage.products)
    if plan is not None and _only_service(passage):
        return [_service(passage, Thing(plan.id, plan.family, plan), price)]
    days = term_days(passage, 0, len(text))
    credits = [_worth(each, worth) for each in find_credit(passage, days)]
    pool = any(_is_pool(passage, found) for found in passage.products if found.kind is ProductKind.PLAN)
    if not pool:
        credits = [each for each in credits if not _is_face(passage, each)]
    sells_credit = plan is None or pool or _sells_credit(passage, plan) or bool(multipliers)
    if sells_credit and not passage.products and passage.has(0, len(text), "benign.other_credit"):
        return []
    if credits and sells_credit:
        return list(_credit_offers(passage, price, credits, stated, multipliers))
    if stated and not all(pack.ratio for pack in stated) and sells_credit:
        return [_pack_offer(passage, pack, multipliers) for pack in stated if not pack.ratio]
    if plan is not None and not (sells_credit and multipliers):
        listed = PlanPrice(0, len(text), price, "", "起售" in text, -1)
        offer = plan_offer(passage, plan, listed, 0, len(text))
        return [_counted(passage, offer)]
    return list(_rest(passage, price, multipliers))


def _counted(passage: Passage, offer: Offer) -> Offer:
    """The plan as often as the price buys it: so many accounts, or so many uses of a code."""
    accounts = _count(passage)
    if accounts is not None:
        return replace(offer, quantity=accounts, kind=OfferKind.BULK_ACCOUNTS)
    uses = _uses(passage)
    return offer if uses is None else replace(offer, quantity=uses)


def _only_service(passage: Passage) -> bool:
    """Is it a service around the plan that the title names: a refund, a payment link, a tool, an hour's use?"""
    text = passage.field.text
    if passage.has(0, len(text), "delivery.service_only"):
        return True
    return "小时" in text and _BY_THE_HOUR.search(text) is not None


def _service(passage: Passage, thing: Thing, price: Money) -> Offer:
    return make_offer(
        passage, thing, OfferKind.ENABLING_SERVICE, 0, len(passage.field.text), price=price, unit=Unit.PER_ITEM
    )


_BY_THE_HOUR = re.compile(r"(?:远程|租)\s?\S{1,3}小时|小时(?:体验|网页版|远程|号|使用权|试用|租)")
_USES = re.compile(r"(?<![换补保修改登号\d])(?P<count>\d{1,3})\s?次(?P<after>\s?(?:卡|[（(【】）)|,]|包|$))?")


def _uses(passage: Passage) -> Decimal | None:
    """How often a code can be used (`10次卡`, `包5次 包含绑卡`), None for once."""
    text = passage.field.text
    for uses in _USES.finditer(text) if "次" in text else ():
        coded = passage.has(max(0, uses.start() - 12), uses.start(), "unit.credit", "delivery.code")
        if int(uses["count"]) > 1 and (coded or uses["after"] is not None):
            return Decimal(uses["count"])
    return None


def _count(passage: Passage) -> Decimal | None:
    """How many accounts the price buys (`10个 成品号`), None for one; `5个起` is the least order of one each."""
    text = passage.field.text
    for atom in passage.atoms:
        counted = atom.kind == "pieces" and 2 <= atom.value <= 10_000 and atom.upper is None
        if (
            counted
            and not _NOT_A_COUNT.match(text, atom.end)
            and text[max(0, atom.start - 1) : atom.start] not in "第每绑送赠"
        ):
            return atom.value
    return None


_NOT_A_COUNT = re.compile(r"\s?(?:起|以上|以下|可|内|邮箱|会员|人|月)")


def _only_compared(passage: Passage, found: Found) -> bool:
    """`等量2个gpt plus`: as much as two of them; not what is sold."""
    return "等量" in passage.field.text[max(0, found.start - 8) : found.start]


def _as_plan(passage: Passage, found: Found) -> Found:
    """`Gemini 3.1pro 12个月成品号` is the subscription that the model comes with."""
    written = passage.field.text[found.start : found.end]
    if found.kind is ProductKind.MODEL and found.family == "gemini" and written.endswith("pro"):
        length = len(passage.field.text)
        if has_account_words(passage, 0, length) or term_days(passage, 0, length):
            return Found(found.start, found.end, "google-ai-pro", ProductKind.PLAN, "gemini")
    return found


def _placeholder(passage: Passage, price: Money) -> bool:
    asked = passage.has(0, len(passage.field.text), "price_word.ask")
    return price.amount in PLACEHOLDERS or price.amount <= 0 or (asked and price.amount in (Decimal(999), Decimal(888)))


def _worth(credit: Credit, worth: dict[int, Decimal]) -> Credit:
    dollars = worth.get(credit.indexes[0])
    if dollars is None:
        return credit
    return Credit(
        credit.start, credit.end, dollars, credit.days, credit.at_least, True,
        (*credit.assumptions, MULTIPLIER_INSIDE), credit.indexes,
    )  # fmt: skip


def _is_face(passage: Passage, credit: Credit) -> bool:
    """Are the dollars the official price of a plan that the title names (`Max 200刀`), and not credit?"""
    atom = passage.atoms[credit.indexes[0]]
    if atom.per == "credit" or len(credit.indexes) > 1:
        return False
    if passage.has(atom.end, atom.end + 3, *_CREDIT_WORDS) and not atom.dao:
        return False
    plans = [found for found in passage.products if found.kind is ProductKind.PLAN]
    rules = passage.field.lexicon.plans
    return any(found.id in rules and atom.value in rules[found.id].faces for found in plans)


def _is_pool(passage: Passage, plan: Found) -> bool:
    """Is the plan only named as the pool that the credit comes from (`Claude Max额度`, `PLUS号池`)?"""
    return passage.has(plan.end, plan.end + 3, "unit.credit", "risk.pooled_accounts")


def _sells_credit(passage: Passage, plan: Found) -> bool:
    """Is a relay's credit sold, although a plan is named?"""
    text = passage.field.text
    if any(word in text for word in ("成品", "发货格式", "代充", "直充", "子号", "母号")):
        return False
    return passage.has(0, len(text), *_RELAY) and not has_account_words(passage, plan.end, plan.end + 6)


def _credit_offers(
    passage: Passage, price: Money, credits: list[Credit], stated: list[Pack], multipliers: list[Multiplier]
) -> Iterator[Offer]:
    """The credit at the item's price, once for each multiplier that the title names."""
    credit = max(credits, key=lambda each: each.dollars) if len(credits) > 1 else credits[0]
    thing, conditions = credit_thing(passage.products)
    claimed = next((pack for pack in stated if pack.ratio), None)
    applied: list[Multiplier | None] = [each for each in multipliers if not credit.folded_multiplier] or [None]
    for multiplier in applied:
        about = thing if multiplier is None or len(applied) == 1 else _nearest(passage, multiplier, thing)
        yield make_offer(
            passage, about, OfferKind.UNLIMITED_PLAN if credit.days and credit.at_least else _credit_kind(passage),
            credit.start, credit.end, price=price, unit=Unit.PER_USD_CREDIT, quantity=credit.dollars,
            multiplier=multiplier.low if multiplier is not None else None,
            period_days=credit.days, at_least=credit.at_least or (multiplier is not None and multiplier.at_least),
            conditions=conditions, assumptions=(*credit.assumptions, *_contradicted(claimed, price, credit)),
        )  # fmt: skip


def _contradicted(claimed: Pack | None, price: Money, credit: Credit) -> tuple[str, ...]:
    """A rate in the title that the item's own price does not bear out is set down, and not used."""
    if claimed is None or claimed.currency != price.currency:
        return ()
    really, said = price.amount / credit.dollars, claimed.price / claimed.dollars
    if abs(really - said) <= said / 10:
        return ()
    return (f"the title says {said:f} {price.currency} for a dollar of credit, its price comes to {really:f}",)


def _nearest(passage: Passage, multiplier: Multiplier, otherwise: Thing) -> Thing:
    before = [found for found in passage.in_range(0, multiplier.start) if found.kind is not ProductKind.CREDIT]
    return Thing(before[-1].family, before[-1].family, before[-1]) if before else otherwise


def _pack_offer(passage: Passage, pack: Pack, multipliers: list[Multiplier]) -> Offer:
    thing, conditions = credit_thing(passage.products)
    only = multipliers[0].low if len(multipliers) == 1 else None
    return make_offer(
        passage, thing, OfferKind.CREDIT_TOPUP, pack.start, pack.end,
        price=Money(pack.price, pack.currency), unit=Unit.PER_USD_CREDIT, quantity=pack.dollars, multiplier=only,
        period_days=pack.days, at_least=pack.at_least, conditions=conditions, assumptions=pack.assumptions,
    )  # fmt: skip


def _rest(passage: Passage, price: Money, multipliers: list[Multiplier]) -> Iterator[Offer]:
    """Balance in yuan, checks and numbers, free accounts, calls; credit whose worth is not said."""
    text, length = passage.field.text, len(passage.field.text)
    named = [found for found in passage.products if found.kind is not ProductKind.CREDIT]
    thing = Thing(named[0].family, named[0].family, named[0]) if named else NOTHING
    balance = next((atom for atom in passage.atoms if atom.kind == "money" and atom.currency == price.currency), None)
    if balance is not None and balance.value > 0 and multipliers:
        yield make_offer(
            passage, credit_thing(passage.products)[0], OfferKind.CREDIT_TOPUP, balance.start, balance.end,
            price=price, unit=Unit.PER_USD_CREDIT, quantity=balance.value, multiplier=multipliers[0].low,
            at_least=multipliers[0].at_least, assumptions=(AT_PAR,),
        )  # fmt: skip
    elif is_enabling(passage, 0, length) and (named or "kyc" in text):
        yield make_offer(passage, thing, OfferKind.ENABLING_SERVICE, 0, length, price=price, unit=Unit.PER_ITEM)
    elif (tokens := _tokens(passage)) is not None and named:
        yield make_offer(
            passage, thing, OfferKind.METERED_TOKENS, tokens.start, tokens.end, price=price, unit=Unit.PER_MTOK,
            quantity=tokens.value / MILLION, at_least=True, assumptions=(MOSTLY_CACHED,),
        )  # fmt: skip
    elif _counts_calls(passage) and named:
        yield make_offer(passage, thing, OfferKind.PER_CALL, 0, length, price=price, unit=Unit.PER_CALL)
    elif passage.has(0, length, *_CREDIT_WORDS) or (passage.products and passage.has(0, length, *_RELAY)):
        yield _opaque(passage, price)
    elif named:
        yield make_offer(
            passage, thing, account_kind(passage, 0, length), 0, length, price=price, unit=Unit.PER_ACCOUNT,
            period_days=term_days(passage, 0, length),
        )  # fmt: skip


def _tokens(passage: Passage) -> Atom | None:
    """A pack of at least a million tokens."""
    return next((atom for atom in passage.atoms if atom.kind == "tokens" and atom.value >= MILLION), None)


def _counts_calls(passage: Passage) -> bool:
    return any(atom.kind == "calls" for atom in passage.atoms)


def _credit_kind(passage: Passage) -> OfferKind:
    return credit_kind(passage, 0, len(passage.field.text))


def _opaque(passage: Passage, price: Money | None, *assumptions: str) -> Offer:
    """Credit in units whose worth the text does not say."""
    thing, conditions = credit_thing(passage.products)
    return make_offer(
        passage, thing, _credit_kind(passage), 0, len(passage.field.text),
        price=price, unit=None if price is None else Unit.PER_USD_CREDIT,
        quantity=Decimal(1) if price is None else UNSAID, conditions=conditions, assumptions=assumptions,
    )  # fmt: skip
