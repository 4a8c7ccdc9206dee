"""The source of a draw's number, as people enter it: promised before, then what came of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hemicycle.api import Application, invalid
from hemicycle_panels.models import DrawRow
from hemicycle_panels.signing import chain_of
from hemicycle_panels.transcript.sources import Beacon, line_of, text_of

if TYPE_CHECKING:
    from hemicycle_panels.transcript.steps import Steps

Commitments = Sequence[dict[str, str]]  # {party, commitment}
Secrets = Sequence[dict[str, str]]  # {party, secret}


def steps_of(app: Application, row: DrawRow) -> "Steps":
    """The transcript of a draw, to go on with. Refused without its key."""
    chain = chain_of(app, row.transcript, row.key)
    from hemicycle_panels.transcript.steps import Steps

    return Steps.resume(chain)


def promise_source(steps: "Steps", source: str, commitments: Commitments, vacant: list[int]) -> None:
    """Write the promise. Refused if it is none that can be trusted."""
    if source == "balls":
        if commitments:
            raise invalid("commitments", "Three balls need no commitments: leave them out, or promise REVEALS.")
        steps.promise_balls(vacant)
        return
    by_party = {one["party"]: one["commitment"] for one in commitments}
    if len(by_party) < len(commitments):
        raise invalid("commitments", "A party is there twice: each fixes one secret.")
    try:
        steps.promise_reveals(by_party, vacant)
    except ValueError as error:
        raise invalid("commitments", f"It {error}.") from None


def beacon_of(steps: "Steps", balls: str | None, reveals: Secrets) -> tuple[Beacon, str]:
    """What came, and how it is told. Refused if it is not from the source that was promised."""
    beacon: Beacon = balls or ""
    name, told = "balls", balls or ""
    if steps.promised["source"] != "balls":
        secrets = {one["party"]: one["secret"] for one in reveals}
        parties = [party for party, _ in steps.promised["commitments"]]
        beacon = [secrets.get(party, "") for party in parties]
        name, told = "reveals", ", ".join(parties)
    try:
        text_of(steps.promised, line_of(beacon))
    except ValueError as error:
        raise invalid(name, f"{error}.") from None
    return beacon, told
