"""A notice under Article 16 of the EU Digital Services Act, with every element of its second paragraph.

A person chooses the legal ground, writes the explanation and confirms good faith; nothing of it has a default, since a
breach of a provider's terms alone is not illegal content and unfounded notices get their sender suspended.
"""

import orjson

from reports.dossier import Dossier, Materials
from reports.errors import NotRenderableError
from reports.format import Format, RenderedFile
from reports.json_files import json_file, schema_problems, without_nothing
from reports.numbers import percent_text

BONA_FIDE = "I confirm in good faith that the information and allegations in this notice are accurate and complete."
_LEAST_EXPLANATION = 80


def render_dsa_notice(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`dsa_notice.json`."""
    legal = dossier.legal
    if dossier.correction:
        raise NotRenderableError("a notice is withdrawn in words; send the correction as text, HTML or PDF")
    if legal is None:
        raise NotRenderableError(f"case {dossier.case_id}: a person must choose the legal ground of a notice")
    if not legal.bona_fide_confirmed:
        raise NotRenderableError(f"case {dossier.case_id}: a person must confirm good faith for a notice")
    if len(legal.explanation.strip()) < _LEAST_EXPLANATION:
        raise NotRenderableError(
            f"case {dossier.case_id}: explain in at least {_LEAST_EXPLANATION} characters why it is illegal content"
        )
    links = tuple(dict.fromkeys((*dossier.links, *(key.link for key in dossier.keys))))
    if not links:
        raise NotRenderableError(f"case {dossier.case_id} has no exact http(s) address, which a notice needs")
    notice = {
        "notice_id": dossier.report_id,
        "explanation": f"{legal.explanation}\n\n{' '.join(dossier.wording.summary)} {dossier.wording.authorisation}",
        "legal_ground": legal.ground.value,
        "legal_citation": legal.citation,
        "urls": list(links),
        "additional_identification": _identification(dossier),
        "notifier_name": dossier.reporter.organisation,
        "notifier_email": dossier.reporter.email,
        "bona_fide_statement": BONA_FIDE,
        "trusted_flagger_id": dossier.reporter.trusted_flagger_id,
        "evidence": [
            without_nothing({"sha256": row.sha256, "url": row.link, "captured_at": row.captured_at})
            for row in dossier.evidence
        ],
        "content_language": _language(dossier),
        "submitted_at": dossier.prepared_at,
    }
    return (json_file("dsa_notice.json", without_nothing(notice)),)


def _identification(dossier: Dossier) -> list[dict[str, object]]:
    return [
        without_nothing(
            {
                "listing": listing.key,
                "url": listing.link,
                "title": listing.title,
                "accounts": list(listing.sellers),
                "observed_at": listing.observed_at,
                "offers": [
                    without_nothing(
                        {
                            "number": offer.number,
                            "product": offer.product,
                            "price": f"{offer.price_amount} {offer.price_currency}" if offer.price_amount else None,
                            "percent_of_official": percent_text(offer.share_best) if offer.share_best else None,
                        }
                    )
                    for offer in dossier.offers_of(listing.key)
                ],
            }
        )
        for listing in dossier.listings
    ]


def _language(dossier: Dossier) -> str | None:
    return next((listing.language for listing in dossier.listings if listing.language), None)


def check_dsa_notice(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """Our published schema."""
    return schema_problems("dsa-notice", orjson.loads(files[0].content))


FORMAT = Format(
    "dsa_notice", "DSA Article 16 notice", "hosts and platforms in the EU", render_dsa_notice, check_dsa_notice
)
