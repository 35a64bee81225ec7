"""The street's own front door: a page and a JSON list of the sites, and what each site was asked so far."""

import html as escaping
from collections.abc import Mapping, Sequence

from street.messages import Request, Response, as_json, html, plain
from street.request_log import RequestLog
from street.site import NO_ROBOTS, Site


def directory_site(sites: Sequence[Site], addresses: Mapping[str, str], logs: Mapping[str, RequestLog]) -> Site:
    """The site `directory`; addresses and logs are looked up at every request, since the ports are bound later."""

    def answer(request: Request) -> Response:
        if request.path == "/":
            return html(_front_page(sites, addresses))
        if request.path == "/sites.json":
            return as_json(dict(addresses))
        if request.path == "/requests.json":
            return as_json({name: log.as_json() for name, log in logs.items()})
        return plain("not found\n", 404)

    return Site("directory", "the list of sites, for people and for tests", answer, NO_ROBOTS)


def _front_page(sites: Sequence[Site], addresses: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><td><a href="{addresses[site.name]}/">{escaping.escape(site.name)}</a></td>'
        f"<td>{escaping.escape(site.purpose)}</td></tr>"
        for site in sites
        if site.name in addresses
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The street</title></head><body>'
        "<h1>The street</h1><p>A constructed market. Every shop, name, price and contact here is made up.</p>"
        f"<table>{rows}</table></body></html>"
    )
