"""The manifest fits the content: every listing of the street is expected or excused, once, and nothing else is."""

import re
from dataclasses import replace
from decimal import Decimal

import yaml

from domain.secrets import find_secrets
from street.content import files_in, json_of, yaml_of
from street.expectations import ANY, RaisedAlert, find_differences, load_expectations
from street.saved_pages import saved_pages
from street.sites._github_records import readme_text
from street.sites.telegram import channels
from street.source_files import source_files

TELEGRAM = {
    "qinghe_relay_example": "street/telegram-resellers",
    "north_harbor_example": "street/telegram-resellers",
    "five_tongues_example": "street/telegram-resellers",
    "model_price_wire_example": "street/telegram-mixed",
    "arcade_lagoon_example": "street/telegram-mixed",
    "glitch_bazaar_example": "street/telegram-hostile-texts",
    "open_drawer_example": "street/telegram-hostile-texts",
}
RELAYS = {"lantern": "street/relay-lantern", "sundial": "street/relay-sundial", "orchard": "street/host-orchard"}


def listings_of_the_content() -> set[tuple[str, str]]:
    """Every listing that a faithful reader finds, as source and external id."""
    found = {
        (source, f"{name}/{post.number}")
        for name, source in TELEGRAM.items()
        for post in channels()[name].posts
        if not post.parts.get("service")
    }
    for repository in yaml_of("github/repositories.yml"):
        name = repository["full_name"]
        found.add(("street/github-search", f"repository/{name}"))
        readme = readme_text(name)
        if readme is not None:
            found.add(("street/github-search", f"readme/{name}"))
            for host in re.findall(r'<td width="180"><a href="https://([^/"]+)', readme):
                found.add(("street/github-search", f"sponsor/{name}/{host}"))
    found |= {
        ("street/github-search", f"issue/{issue['repository']}#{issue['number']}")
        for issue in yaml_of("github/issues.yml")
    }
    found |= {
        ("street/github-code", f"code/{file['repository']}/{file['path']}") for file in yaml_of("github/code.yml")
    }
    for panel, source in RELAYS.items():
        rows = json_of(f"relays/{panel}/pricing.json")["data"]
        found |= {(source, re.split(r"[^a-z]", row["model_name"])[0]) for row in rows}
    for file in files_in("recorded", ".yml"):
        found |= {(source, str(name)) for source, names in yaml_of(file)["listings"].items() for name in names}
    found |= {(f"import/{page.family}", name) for page in saved_pages() for name in page.listings}
    found.add(("street/telegram-posts", "qinghe_relay_example/102"))
    for file in files_in("markets", ".yml"):
        market = yaml_of(file)
        found |= {
            (market["source"], str(item.get("listing", item["id"])))
            for item in market["items"]
            if not item.get("removed")
        }
    return found


def leaked_keys() -> set[tuple[str, str]]:
    """Every made-up key of the content, as the finding of its own that it becomes."""
    texts = {
        ("street/telegram-hostile-texts", f"{name}/{post.number}"): post.text
        for name in ("open_drawer_example", "glitch_bazaar_example")
        for post in channels()[name].posts
    }
    texts |= {
        ("street/github-code", f"code/{file['repository']}/{file['path']}"): str(file)
        for file in yaml_of("github/code.yml")
    }
    return {
        (source, f"leaked-key/{secret.sha256[:16]}@{shown_by}")
        for (source, shown_by), text in texts.items()
        for secret in find_secrets(text)
    }


def test_every_listing_is_expected_or_excused_once_and_every_entry_exists() -> None:
    manifest = load_expectations()
    named = [(entry.source, entry.external_id) for entry in (*manifest.expected, *manifest.must_not_alert)]
    precise = [place for place in named if place[1] != ANY]
    assert len(named) == len(set(named))
    assert set(precise) == listings_of_the_content() | leaked_keys()


def test_every_source_of_the_manifest_is_a_source_file() -> None:
    manifest = load_expectations()
    files = {
        yaml.safe_load(re.sub(r"\{[a-z_]+\}", "http://h", file.read_text(encoding="utf-8")))["name"]
        for file in source_files()
    }
    named = {entry.source for entry in (*manifest.expected, *manifest.must_not_alert)} | set(manifest.states)
    assert named == files | {f"import/{page.family}" for page in saved_pages()}


def test_shares_are_intervals_with_their_arithmetic() -> None:
    for entry in load_expectations().expected:
        assert entry.arithmetic
        re.compile(entry.kind)
        if entry.share is not None:
            low, high = entry.share
            assert Decimal(0) < low <= high < Decimal(2)
            # Wide enough for the currency rates of a quarter, too narrow for a wrong reading.
            assert high / low < Decimal("1.41")


def test_offers_of_every_kind_are_expected() -> None:
    kinds = "|".join(entry.kind for entry in load_expectations().expected).split("|")
    assert set(kinds) == {
        "metered_tokens", "credit_topup", "per_call", "unlimited_plan", "subscription_account", "shared_seat",
        "activation_service", "api_key", "bulk_accounts", "free_pool", "enabling_service",
    }  # fmt: skip


def as_expected() -> list[RaisedAlert]:
    samples = {"gpt|claude|api-credit": "gpt"}
    raised = []
    missed = {(known.source, known.external_id) for known in load_expectations().known_shortfalls}
    for entry in load_expectations().expected:
        if (entry.source, entry.external_id) in missed:
            continue
        product = samples.get(
            entry.product or "", (entry.product or "").split("|")[0].replace(".*", "").replace("-.", "-")
        )
        raised.append(
            RaisedAlert(
                source=entry.source,
                external_id=entry.external_id,
                kinds=(entry.kind.split("|")[0],),
                products=(product.rstrip(".*") or None,),
                lowest_share=entry.share[0] if entry.share else None,
                lane=entry.lane or "grey",
            )
        )
    return raised


def test_a_crawl_that_did_as_expected_has_no_differences() -> None:
    assert find_differences(as_expected()) == ()


def test_a_shortfall_that_is_mended_must_leave_the_list() -> None:
    known = load_expectations().known_shortfalls[0]
    entry = next(each for each in load_expectations().expected if each.external_id == known.external_id)
    mended = RaisedAlert(
        entry.source,
        entry.external_id,
        (entry.kind.split("|")[0],),
        ("gpt",),
        entry.share[0] if entry.share else None,
        entry.lane or "grey",
    )
    told = find_differences([*as_expected(), mended])
    assert any(problem.startswith("mended") and known.external_id in problem for problem in told)


def test_every_way_of_falling_short_is_told() -> None:
    raised = as_expected()
    missing, wrong_share, wrong_lane = raised[0], raised[1], next(alert for alert in raised if alert.lane != "grey")
    changed = [alert for alert in raised if alert not in (missing, wrong_share, wrong_lane)]
    changed.append(replace(wrong_share, lowest_share=Decimal(3), kinds=("per_call",)))
    changed.append(replace(wrong_lane, lane="none"))
    changed.append(RaisedAlert("street/telegram-mixed", "arcade_lagoon_example/404", (), (), None, "grey"))
    changed.append(RaisedAlert("street/trap-robots-closed", "anything", (), (), None, "grey"))
    told = find_differences(
        changed,
        states={source: states[0] for source, states in load_expectations().states.items()}
        | {"street/trap-busy": "fresh"},
        requested={"robots_closed": ["/robots.txt", "/s/qinghe_relay_example"]},
    )
    assert sorted(problem.partition(":")[0] for problem in told) == [
        "kind", "lane", "manners", "not raised", "raised, and should not be", "raised, and should not be", "share",
        "state",
    ]  # fmt: skip
    assert any("Claude Monet" in problem for problem in told)
