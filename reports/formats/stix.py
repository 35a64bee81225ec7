"""STIX 2.1 bundle for sharing: what was observed, by whom published, at what price against the official one.

A seller is an identity with the role of a seller, never a threat actor, which would assert malice. Prices travel in a
property extension of observed-data. TLP 2.0 markings are the fixed objects of the standard and travel in the bundle.
"""

import base64
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

import orjson
from stix2patterns.v21.pattern import Pattern  # type: ignore[import-untyped]

from domain.case import Tlp
from reports.attachments import attached, extension, picture_type
from reports.dossier import Dossier, EvidenceRow, ListingRow, Materials
from reports.format import Format, RenderedFile
from reports.json_files import json_file, schema_problems, without_nothing
from reports.prepare import report_uuid

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
PRICE_EXTENSION = "extension-definition--5d6a1f3e-27a4-4a0c-9d0e-3c6b0c1b8f52"
_TLP_IDS = {
    Tlp.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
_OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # namespace that STIX 2.1 fixes for observable ids
_MOST_PICTURE_BYTES = 1_000_000
_MIME_TYPES = frozenset({"text/html", "text/plain", "application/json", "image/png", "image/jpeg", "application/gzip"})


def render_stix(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`stix_bundle.json`."""
    builder = _Builder(dossier)
    reporter = builder.domain_object("identity", "reporter", name=dossier.reporter.organisation,
                                     identity_class="organization", contact_information=dossier.reporter.email,
                                     marked=False)  # fmt: skip
    builder.reporter = reporter["id"]
    extension_definition = _price_extension(dossier, reporter["id"])
    referred: list[str] = []
    for listing in dossier.listings:
        referred += _listing_objects(builder, listing, materials)
    referred += _seller_objects(builder)
    referred += _key_objects(builder)
    report = builder.domain_object(
        "report", "report",
        name=f"{'Correction of' if dossier.correction else 'Report on'} case {dossier.case_id}: {dossier.title}",
        description="\n".join((*dossier.wording.summary, dossier.wording.authorisation, dossier.wording.confidence,
                               *dossier.wording.limits, dossier.wording.reply)),
        report_types=["observed-data"], published=_milliseconds(dossier.prepared_at),
        object_refs=list(dict.fromkeys(referred)) or [reporter["id"]],
        external_references=[{"source_name": "undercut", "external_id": dossier.report_id}, *_terms(dossier)],
    )  # fmt: skip
    objects = [_tlp_marking(dossier.tlp), reporter, extension_definition, *builder.objects.values(), report]
    unique = {item["id"]: item for item in objects}
    bundle = {"type": "bundle", "id": f"bundle--{report_uuid(dossier.report_id, 'stix')}",
              "objects": list(unique.values())}  # fmt: skip
    return (json_file("stix_bundle.json", bundle, "application/json"),)


class _Builder:
    """Collects objects by id; the same observable is one object however often it is met."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.objects: dict[str, dict[str, Any]] = {}
        self.reporter: str | None = None

    def observable(self, kind: str, identifying: dict[str, Any], **properties: Any) -> str:
        identifier = f"{kind}--{observable_uuid(identifying)}"
        value = {"type": kind, "spec_version": "2.1", "id": identifier, **identifying, **properties}
        self.objects[identifier] = without_nothing(value)
        return identifier

    def domain_object(self, kind: str, key: str, *, marked: bool = True, **properties: Any) -> dict[str, Any]:
        """An object with times, author and marking; `key` makes its id the same in every report of the case."""
        value = {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{report_uuid(self.dossier.case_id, self.dossier.recipient, kind, key)}",
            "created_by_ref": self.reporter,
            "created": _milliseconds(self.dossier.opened_at),
            "modified": _milliseconds(self.dossier.prepared_at),
            "revoked": True if self.dossier.correction and marked else None,
            **properties,
            "object_marking_refs": [f"marking-definition--{_TLP_IDS[self.dossier.tlp]}"] if marked else None,
        }
        return without_nothing(value)

    def add(self, kind: str, key: str, **properties: Any) -> str:
        made = self.domain_object(kind, key, **properties)
        self.objects[made["id"]] = made
        return str(made["id"])

    def relate(self, source: str, kind: str, target: str) -> str:
        return self.add(
            "relationship", f"{source}:{kind}:{target}", relationship_type=kind, source_ref=source, target_ref=target
        )


def observable_uuid(identifying: dict[str, Any]) -> UUID:
    """The id that STIX 2.1 derives from an observable's identifying properties (RFC 8785 over plain strings)."""
    return uuid5(_OBSERVABLES, orjson.dumps(identifying, option=orjson.OPT_SORT_KEYS).decode("utf-8"))


def _listing_objects(builder: _Builder, listing: ListingRow, materials: Materials) -> list[str]:
    dossier = builder.dossier
    seen: list[str] = []
    if listing.link:
        seen.append(builder.observable("url", {"value": listing.link}))
    if listing.host and any(character.isalpha() for character in listing.host) and ":" not in listing.host:
        seen.append(builder.observable("domain-name", {"value": listing.host}))
    seen += [builder.observable("user-account", {"account_login": name}, display_name=name) for name in listing.sellers]
    bodies = {row.sha256: body for row, body in attached(dossier, materials, listing.evidence, _MOST_PICTURE_BYTES)}
    rows = {row.sha256: row for row in dossier.evidence}
    seen += [_evidence_object(builder, rows[digest], bodies.get(digest)) for digest in listing.evidence]
    if not seen:
        seen.append(builder.observable("user-account", {"account_login": f"unnamed account of {listing.key}"}))
    observed = builder.add(
        "observed-data", listing.key, first_observed=listing.first_seen_at,
        last_observed=max(listing.first_seen_at, listing.last_seen_at), number_observed=1, object_refs=seen,
        extensions={PRICE_EXTENSION: _price_facts(dossier, listing)},
    )  # fmt: skip
    note = builder.add("note", listing.key, abstract=f"Why {listing.key} is reported",
                       content=_note(listing), object_refs=[observed])  # fmt: skip
    return [observed, note, *_indicator(builder, listing, observed)]


def _indicator(builder: _Builder, listing: ListingRow, observed: str) -> list[str]:
    if listing.link is None:
        return []
    indicator = builder.add(
        "indicator", listing.key, name=f"Address of listing {listing.key}",
        description=f"A public listing that offers access; authorisation: {listing.authorisation}.",
        indicator_types=["anomalous-activity"], pattern=url_pattern(listing.link), pattern_type="stix",
        pattern_version="2.1", valid_from=listing.observed_at, confidence=round(listing.probability * 100),
    )  # fmt: skip
    return [indicator, builder.relate(indicator, "based-on", observed)]


def url_pattern(link: str) -> str:
    """A pattern with exactly one comparison, whatever the link is: quotes and backslashes are escaped."""
    escaped = link.replace("\\", "\\\\").replace("'", "\\'")
    return f"[url:value = '{escaped}']"


def _evidence_object(builder: _Builder, row: EvidenceRow, body: bytes | None) -> str:
    mime = row.media_type if row.media_type in _MIME_TYPES else None
    if body is not None and picture_type(body) is not None and mime is not None:
        payload = base64.b64encode(body).decode("ascii")
        identifying = {"hashes": {"SHA-256": row.sha256}, "payload_bin": payload}
        return builder.observable("artifact", identifying, mime_type=mime)
    name = f"{row.kind}-{row.sha256[:12]}.{extension(row.media_type)}"
    identifying = {"hashes": {"SHA-256": row.sha256}, "name": name}
    return builder.observable("file", identifying, size=row.size_bytes, mime_type=mime)


def _price_facts(dossier: Dossier, listing: ListingRow) -> dict[str, Any]:
    names = (
        "number", "product", "stated_product", "kind", "unit", "quantity", "price_amount", "price_currency",
        "multiplier", "claimed_share", "share_low", "share_best", "share_high", "refusal", "official_amount",
        "official_currency", "official_unit", "official_source", "official_valid_from", "assumptions",
    )  # fmt: skip
    offers = [
        without_nothing({name: getattr(offer, name) for name in names}) for offer in dossier.offers_of(listing.key)
    ]
    facts = {
        "extension_type": "property-extension",
        "listing_title": listing.title,
        "provider": dossier.provider,
        "authorisation": listing.authorisation,
        "lane": listing.lane,
        "decision": listing.decision,
        "rules_version": listing.rules_version,
        "rates_version": listing.rates_version,
        "offers": offers,
    }
    return without_nothing(facts)


def _note(listing: ListingRow) -> str:
    reasons = [f"{signal.name} ({signal.weight}): {signal.reason}" for signal in listing.signals]
    decided = (
        f"Decision of a person: {listing.decision} by {listing.decision_role}." if listing.decision else "Not decided."
    )
    lines = [f"Probability {listing.probability:.4f}. Authorisation: {listing.authorisation}. {decided}", *reasons]
    return "\n".join(lines)


def _seller_objects(builder: _Builder) -> Iterator[str]:
    for row in builder.dossier.sellers:
        description = f"{row.kind}; role {row.role}; {row.reason}. Not attributed to a natural person."
        if row.personal:
            identity = builder.add("identity", f"{row.kind}:{row.value}", name=row.value, description=description,
                                   identity_class="unknown", roles=["seller"])  # fmt: skip
            account = builder.observable("user-account", {"account_login": row.value}, display_name=row.value)
            yield from (identity, account, builder.relate(identity, "related-to", account))
        else:
            yield builder.add("infrastructure", f"{row.kind}:{row.value}", name=row.value, description=description,
                              infrastructure_types=["unknown"])  # fmt: skip


def _key_objects(builder: _Builder) -> Iterator[str]:
    for key in builder.dossier.keys:
        url = builder.observable("url", {"value": key.link})
        note = f"{key.kind}, first characters {key.visible}, SHA-256 {key.sha256}, seen {key.observed_at}"
        yield from (
            url,
            builder.add("note", f"key:{key.sha256}:{key.link}", abstract="Leaked key by digest", content=note,
                        object_refs=[url]),
        )  # fmt: skip


def _terms(dossier: Dossier) -> list[dict[str, str]]:
    return [
        {"source_name": row.document, "description": f"{row.clause}, as of {row.as_of}: {row.gist} ({row.url})"}
        for row in dossier.terms
    ]


def _price_extension(dossier: Dossier, reporter: str) -> dict[str, Any]:
    when = "2026-11-01T00:00:00.000Z"
    return {
        "type": "extension-definition", "spec_version": "2.1", "id": PRICE_EXTENSION, "created_by_ref": reporter,
        "created": when, "modified": when, "name": "Offers of AI model access with observed and official price",
        "description": "Adds to observed-data what each offer costs and what the provider itself charged that day.",
        "schema": "report-stix-offers.schema.json in the reference of Undercut", "version": "1.0.0",
        "extension_types": ["property-extension"],
    }  # fmt: skip


def _tlp_marking(tlp: Tlp) -> dict[str, Any]:
    return {
        "type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{_TLP_IDS[tlp]}",
        "created": "2022-10-01T00:00:00.000Z", "name": f"TLP:{tlp.value.upper()}",
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": tlp.value}},
    }  # fmt: skip


def _milliseconds(moment: str) -> str:
    return f"{moment[:-1]}.000Z"


@lru_cache(maxsize=4096)
def _comparisons(pattern: str) -> int:
    data = Pattern(pattern).inspect()
    return sum(len(comparisons) for comparisons in data.comparisons.values())


def check_stix(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """Every reference stands in the bundle, every pattern has one comparison, the price facts follow our schema.

    The OASIS validator is a development tool and judges the whole bundle in the tests.
    """
    objects = {item["id"]: item for item in orjson.loads(files[0].content)["objects"]}
    problems = []
    for identifier, item in objects.items():
        refs = [item.get("created_by_ref"), item.get("source_ref"), item.get("target_ref")]
        refs += [*item.get("object_refs", ()), *item.get("object_marking_refs", ())]
        problems += [f"{identifier} refers to {ref}, which is not in it" for ref in refs if ref and ref not in objects]
        if item["type"] == "indicator" and _comparisons(item["pattern"]) != 1:
            problems.append(f"{identifier} has a pattern of more than one comparison")
        facts = item.get("extensions", {}).get(PRICE_EXTENSION)
        if facts is not None:
            problems += [f"{identifier}: {problem}" for problem in schema_problems("stix-offers", facts)]
    return tuple(problems)


FORMAT = Format("stix", "STIX 2.1", "threat-intelligence sharing", render_stix, check_stix)
