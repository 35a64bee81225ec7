"""`undercut bot`: the Telegram bot's inbound side, and who is linked to it."""

from typing import Annotated

import typer

from domain.clock import utc_now
from jobs.cli.output import print_json, print_table, say

app = typer.Typer(help="Buttons and forwarded messages in Telegram.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="the account's name, as in the console")]
By = Annotated[str, typer.Option(help="who links", envvar="USER")]


@app.command("run")
def run(
    channel: Annotated[
        str | None, typer.Argument(help="the Telegram channel whose bot it is; the only one without")
    ] = None,
) -> None:
    """Obey buttons, take forwarded messages, read the posts of channels; until stopped."""
    from jobs.bot import bot_channel, run_bot
    from jobs.installation import open_installation

    with open_installation() as installation:
        name, spec = bot_channel(installation, channel)
        say(f"the bot of channel {name} listens; stop with Ctrl+C")
        run_bot(installation, spec)


@app.command("link")
def link(name: Name, by: By = "operator") -> None:
    """Print a code with which that person links their Telegram, once, within a quarter of an hour."""
    from jobs.installation import open_installation
    from line.chat import offer_code
    from storage.console_memory import ConsoleMemory

    with open_installation() as installation:
        code = offer_code(ConsoleMemory(installation.store), name, by, utc_now())
    typer.echo(f"/start {code}")
    say("that person sends this line to the bot, in a private chat, within 15 minutes; it works once")


@app.command("unlink")
def unlink(name: Name, by: By = "operator") -> None:
    """Take away every link of an account."""
    from jobs.installation import open_installation
    from line.chat import unlink as take_away
    from storage.console_memory import ConsoleMemory

    with open_installation() as installation:
        say(f"{take_away(ConsoleMemory(installation.store), name, by, utc_now())} links are gone")


@app.command("links")
def links(as_json: Annotated[bool, typer.Option("--json", help="one JSON line a link")] = False) -> None:
    """List who is linked."""
    from jobs.installation import open_installation
    from storage.console_memory import ConsoleMemory

    with open_installation() as installation:
        found = ConsoleMemory(installation.store).chats.links()
    if as_json:
        for one in found:
            print_json({"account": one.account, "user": one.user_id, "linked_at": one.linked_at.isoformat()})
        return
    print_table(("account", "user", "linked"), [(o.account, o.user_id, f"{o.linked_at:%Y-%m-%d}") for o in found])
