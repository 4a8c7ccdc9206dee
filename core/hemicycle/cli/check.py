"""`hemicycle check`: what is unsafe or missing. It exits 1 if something serious is."""

from collections.abc import AsyncIterator
from typing import Annotated

import typer

from hemicycle.app import build
from hemicycle.kernel.application import Application
from hemicycle.kernel.db.migrations import owners_of, state
from hemicycle.kernel.declarations import Check, Finding
from hemicycle.kernel.jobs.queue import dead
from hemicycle.kernel.settings import Settings, load
from hemicycle.running import console, run


def check(as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False) -> None:
    """Say what is unsafe or missing in this instance."""
    import json

    found = run(_look(load()))
    if as_json:
        typer.echo(json.dumps({"ok": not any(one.serious for one in found), "findings": [vars(one) for one in found]}))
    for one in found:
        console.print(f"[{'red' if one.serious else 'yellow'}]●[/] {one.message} {one.remedy}", highlight=False)
    if not found:
        console.print("[green]●[/] Nothing to mend.")
    if any(one.serious for one in found):
        raise typer.Exit(1)


async def _look(settings: Settings) -> list[Finding]:
    app = build(settings)
    try:
        found = [*_settings(settings), *[one async for one in _database(app)]]
        if not any(one.serious for one in found):
            for declared in app.declared[Check].values():
                found += [one async for one in declared.run(app)]
        return found
    finally:
        await app.close()


def _settings(settings: Settings) -> list[Finding]:
    asked = [
        (len(settings.secret_key) < 32, "secret_key is short or the one of development.",
         "Set 32 random characters or more: `python -c 'import secrets; print(secrets.token_urlsafe(32))'`."),
        (not settings.url.startswith("https://"), "url is not https.", "Put a proxy with a certificate in front."),
        (not settings.allowed_hosts, "allowed_hosts is empty.", "Name the hosts under which it is reached."),
        (settings.mail.host is None, "There is no mail server: letters, and the links to sign in, go to the console.",
         "Set mail.host and mail.sender."),
        (settings.database_url.startswith("sqlite"), "The database is SQLite.",
         "That is fine for one machine; PostgreSQL serves several."),
    ]  # fmt: skip
    advice = {"The database is SQLite."}
    return [
        Finding(message, remedy, serious=settings.production and message not in advice)
        for wrong, message, remedy in asked if wrong
    ]  # fmt: skip


async def _database(app: Application) -> AsyncIterator[Finding]:
    import asyncio

    for name in app.plugins.missing:
        told = f"The plugin {name} is in the settings, but its package is not installed."
        yield Finding(
            told,
            f"Install it, or take it out of `plugins`; its data stays (`hemicycle db purge {name} --yes` destroys it).",
            serious=False,
        )
    try:
        known = await asyncio.to_thread(state, app.db.url, owners_of(app.plugins))
    except Exception as error:
        yield Finding(
            f"The database cannot be reached: {type(error).__name__}.", "Check DATABASE_URL, and that it runs."
        )
        return
    behind = [owner for owner, current, head in known if current != head]
    if behind:
        yield Finding(f"The tables of {', '.join(behind)} are not the current ones.", "Run `hemicycle db upgrade`.")
        return
    if lost := await dead(app):
        yield Finding(
            f"{len(lost)} jobs failed too often and were given up.",
            "Look at the log of the worker; when it is mended: `hemicycle work --retry`.",
            serious=False,
        )
