"""`hemicycle token create`: a token of the API for a program, without signing in first."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from hemicycle.kernel.access.actor import Actor
from hemicycle.kernel.errors import RefusalCode, Refused
from hemicycle.participants.identity import rules, tokens
from hemicycle.running import answer, console, opened, run

app = typer.Typer(help="Tokens of the API, for programs.", no_args_is_help=True)


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="The address of the person for whom the program acts.")],
    scope: Annotated[
        list[str], typer.Option(help="read:public, read, write, or the name of an action; may be said again.")
    ],
    days: Annotated[int, typer.Option(help="How long it works.", min=1, max=365)] = 90,
    label: Annotated[str, typer.Option(help="What it is called.")] = "Made on the command line",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Print a new token. It is shown this once."""
    said = run(_create(email, scope, days, label))
    if as_json:
        answer(said, as_json)
        return
    console.print(f"It works until {said['expires_at']:%Y-%m-%d}. Keep it where only the program reads:")
    typer.echo(said["token"])


@app.callback()
def _group() -> None:
    """Tokens of the API, for programs."""


async def _create(email: str, scopes: list[str], days: int, label: str) -> dict[str, Any]:
    async with opened() as application, application.write() as session:
        person = await rules.known(session, email)
        if person is None:
            raise Refused(RefusalCode.NOT_FOUND, f"Nobody has the address {email}: they sign in first.")
        made = await tokens.create_token(
            session, Actor(person), label=label, scopes=scopes, expires_at=session.now + timedelta(days=days)
        )
        return {"token": made.secret, "id": made.id, "scopes": scopes, "expires_at": made.expires_at}
