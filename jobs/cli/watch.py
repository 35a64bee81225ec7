"""`undercut watch`: crawl what is due and run the line."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.output import print_json, print_table, say
from jobs.crawl_job import CrawlSummary
from jobs.events import CrashEvent, CrawlEvent, FailureEvent, PageEvent


def watch(
    sources: Annotated[list[str] | None, typer.Argument(help="sources by name; all that are due without")] = None,
    once: Annotated[bool, typer.Option("--once", help="one round, then a summary")] = False,
    replay: Annotated[
        Path | None, typer.Option(help="answer the one source named from this folder or WARC file, not the network")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line per crawl, with --once")] = False,
) -> None:
    """Crawl what is due, price it, judge it and tell; without --once, until stopped."""
    from jobs.installation import open_installation
    from jobs.watching import Watch, plan

    names = sources or []
    if replay is not None and len(names) != 1:
        raise typer.BadParameter("name the one source whose saved pages these are", param_hint="--replay")
    with open_installation() as installation:
        planned = plan(installation, names, replayed=replay is not None)
        watching = Watch(installation, show_event)
        with watching.running():
            if not once and not names:
                say("watching; stop with Ctrl+C")
                watching.work()
                return
            summaries = watching.crawl_once(planned.due, by_hand=bool(names), replay_from=replay)
    print_summaries(summaries, as_json=as_json)
    if not planned.due:
        say("nothing is due; `undercut sources list` says what runs, and why the rest does not")
    raise typer.Exit(1 if any(summary.failed for summary in summaries) else 0)


def show_event(source: str, event: CrawlEvent) -> None:
    """A line of progress for each event."""
    match event:
        case PageEvent():
            told = f", {len(event.alerts)} alerts" if event.alerts else ""
            reason = f" ({event.reason})" if event.reason else ""
            say(f"{source}: {event.state}{reason}, {event.listings} listings{told}  {event.url}")
        case FailureEvent():
            say(f"{source}: {event.failure}: {event.detail}  {event.url}")
        case CrashEvent():
            say(f"{source}: {event.message}")


def print_summaries(summaries: list[CrawlSummary], *, as_json: bool) -> None:
    """What each crawl brought, as a table or as JSON lines."""
    if as_json:
        for summary in summaries:
            print_json(summary.as_json())
        return
    print_table(
        ("source", "pages", "listings", "alerts", "states", "seconds", "note"),
        [
            (
                summary.source,
                str(summary.pages),
                str(summary.listings),
                str(summary.alerts),
                ", ".join(f"{state} {count}" for state, count in sorted(summary.states.items())) or "none",
                f"{summary.seconds:.1f}",
                ("FAILED: " if summary.failed else "") + summary.reason,
            )
            for summary in summaries
        ],
    )
