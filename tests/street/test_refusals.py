"""Places that refuse, each in its own words."""

import pytest


@pytest.mark.parametrize(("site", "status"), [("challenge", 403), ("soft_challenge", 200)])
def test_a_challenge_has_the_known_marks(ask, site: str, status: int) -> None:
    answer = ask(site, "/s/qinghe_relay_example")
    assert answer.status == status
    assert all(mark in answer.text for mark in ("Just a moment", "_cf_chl_opt", "challenge-platform"))
    assert "tgme_" not in answer.text


def test_a_login_wall_leads_to_its_form(ask) -> None:
    assert ask("login_wall", "/anything").headers["location"].startswith("/login")
    assert 'type="password"' in ask("login_wall", "/login?return_to=%2F").text


def test_a_busy_host_says_when_to_come_back(ask) -> None:
    answer = ask("busy", "/s/qinghe_relay_example")
    assert (answer.status, answer.headers["retry-after"]) == (429, "120")


def test_behind_closed_robots_stand_true_pages_that_nobody_may_ask_for(ask) -> None:
    assert ask("robots_closed", "/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert ask("robots_broken", "/robots.txt").status == 500
    assert 'data-post="qinghe_relay_example/' in ask("robots_closed", "/s/qinghe_relay_example").text
