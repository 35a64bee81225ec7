"""Relay panels answer as the true software does: status, price list, refusals, headers, front page."""

import json

import pytest

PANELS = ["lantern", "sundial", "shutter", "gate", "orchard"]


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_has_the_marks_of_its_software(ask, panel: str) -> None:
    status = ask(f"relay_{panel}", "/api/status")
    said = json.loads(status.text)
    assert list(said) == ["data", "message", "success"]
    assert {"price", "quota_per_unit", "usd_exchange_rate", "stripe_unit_price", "version"} <= said["data"].keys()
    assert said["data"]["version"] == status.headers["x-new-api-version"]
    assert status.headers["x-oneapi-request-id"]
    front = ask(f"relay_{panel}", "/")
    assert "<title>New API</title>" in front.text
    assert front.headers["cache-version"].startswith("b688f2fb")
    keyed = ask(f"relay_{panel}", "/v1/models")
    assert (keyed.status, json.loads(keyed.text)["error"]["type"]) == (401, "new_api_error")
    unknown = ask(f"relay_{panel}", "/api/nosuch")
    assert (unknown.status, json.loads(unknown.text)["error"]["type"]) == (404, "invalid_request_error")
    assert ask(f"relay_{panel}", "/console").headers["location"] == "/login"


def test_a_price_list_holds_groups_rows_and_the_sentinels(ask) -> None:
    answer = ask("relay_lantern", "/api/pricing")
    said = json.loads(answer.text)
    assert "message" not in said
    rows = {row["model_name"]: row for row in said["data"]}
    assert rows["claude-fable-5-1"]["model_ratio"] == 37.5
    assert said["group_ratio"]["staff-only"] == 99_999_999
    assert "hidden-group" in rows["gemini-3.1-pro-preview"]["enable_groups"]
    assert "hidden-group" not in said["usable_group"]
    again = ask("relay_lantern", "/api/pricing", {"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_tiered_rows_carry_the_placeholder_beside_the_expression(ask) -> None:
    said = json.loads(ask("relay_sundial", "/api/pricing").text)
    row = next(row for row in said["data"] if row["model_name"] == "gpt-5.5")
    assert (row["billing_mode"], row["model_ratio"]) == ("tiered_expr", 37.5)
    status = json.loads(ask("relay_sundial", "/api/status").text)["data"]
    assert (status["price"], status["usd_exchange_rate"], status["quota_display_type"]) == (0.5, 0.1, "CUSTOM")


@pytest.mark.parametrize(("panel", "status"), [("shutter", 403), ("gate", 401)])
def test_a_closed_price_list_is_refused_by_name(ask, panel: str, status: int) -> None:
    answer = ask(f"relay_{panel}", "/api/pricing")
    assert answer.status == status
    assert json.loads(answer.text)["success"] is False


def test_the_open_host_sells_no_closed_model(ask) -> None:
    said = json.loads(ask("relay_orchard", "/api/pricing").text)
    assert {row["model_name"].partition("-")[0] for row in said["data"]} == {"deepseek", "kimi", "glm", "minimax"}


def test_robots_files_differ(ask) -> None:
    assert ask("relay_lantern", "/robots.txt").body.startswith(b"\xef\xbb\xbfUser-agent: *\nDisallow: /console")
    assert ask("relay_shutter", "/robots.txt").status == 404


def test_the_groups_are_told_with_their_labels(ask) -> None:
    groups = json.loads(ask("relay_lantern", "/api/user/groups").text)["data"]
    assert groups["kiro"] == {"desc": "kiro 逆向渠道", "ratio": 0.15}
    assert groups["auto"]["ratio"] == "自动"
