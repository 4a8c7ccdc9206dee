"""`hemicycle admin`: make someone an administrator, the first one included."""

from typing import Annotated, Any

import typer

from hemicycle.kernel.access.actor import SYSTEM
from hemicycle.participants.identity import links, rules
from hemicycle.running import answer, console, opened, run
from hemicycle.spaces import roles
from hemicycle.spaces.rules import ensure_root


def admin(
    email: Annotated[str, typer.Argument(help="Their address.")],
    link: Annotated[bool, typer.Option("--link", help="Print a link that signs them in (not in production).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Make whoever reads this address an administrator. A second time changes nothing."""
    said = run(_admin(email, link))
    answer(said, as_json)
    if not as_json and not link:
        console.print(f"Next: `hemicycle serve`, then sign in with this address at {said['sign_in']}", highlight=False)


async def _admin(email: str, link: bool) -> dict[str, Any]:
    async with opened() as app:
        root = await ensure_root(app)
        async with app.write() as session:
            person = await rules.invite(session, email)
            await roles.grant(session, SYSTEM, space=root, participant=person, role="administrator")
            said: dict[str, Any] = {"administrator": links.email_of(email), "sign_in": links.sign_in_page(app.settings)}
            if link:
                said["link"] = await links.direct(session, email)
        return said
