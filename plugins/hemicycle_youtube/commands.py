"""`hemicycle youtube refresh` and `hemicycle youtube transcript`: what a timer or a producer's computer calls."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hemicycle.api import SYSTEM, StartupError, answer, decode_id, opened, run
from hemicycle_youtube import refreshing, rules

app = typer.Typer(help="Shows and their episodes.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.callback()
def _group() -> None:
    """Shows and their episodes."""


@app.command()
def refresh(as_json: AsJson = False) -> None:
    """Ask the sites of videos about the episodes that are due, as the worker does every ten minutes."""
    answer(run(_refresh()), as_json)


@app.command()
def transcript(
    episode: Annotated[str, typer.Argument(help="The id of the episode.")],
    file: Annotated[Path, typer.Argument(help="A .vtt or .srt file.", exists=True, dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Bring in what is said in an episode, in place of what was there."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        raise StartupError(f"{file}: it is not UTF-8: save it anew in that encoding.") from None
    answer(run(_transcript(episode, text)), as_json)


async def _refresh() -> dict[str, Any]:
    async with opened() as application:
        new = await refreshing.look_at_channels(application)
        return {"new": new, **(await refreshing.round_of(application)).as_json()}


async def _transcript(episode: str, text: str) -> dict[str, Any]:
    found = decode_id(episode)
    if found is None or found.type != "Episode":
        raise StartupError(
            f"{episode} is not the id of an episode: take it from `query {{ episodes {{ nodes {{ id }} }} }}`."
        )
    async with opened() as application, application.write() as session:
        row = await rules.set_transcript(session, SYSTEM, episode=found.key, text=text)
        return {"episode": episode, "title": row.title}
