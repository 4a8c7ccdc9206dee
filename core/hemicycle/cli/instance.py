"""`hemicycle init`, `plugins`, `schema print`: an instance's settings, and what it is made of."""

import json
import secrets
from pathlib import Path
from typing import Annotated

import typer

from hemicycle.app import build
from hemicycle.kernel.errors import StartupError
from hemicycle.kernel.settings import BUNDLED, FILE, load
from hemicycle.running import console

TEMPLATE = """\
# The settings of one instance of hemicycle. Each can also be said in the environment, as HEMICYCLE_NAME.

name = {name}
instance = "{instance}"  # its own name in tokens: never change it
locale = "fr"  # fr or en
url = "http://127.0.0.1:8000"  # where people reach it
database_url = "sqlite:///hemicycle.db"  # or postgresql://user@host/name; DATABASE_URL overrides it
secret_key = "{secret}"  # keep it out of version control
plugins = {plugins}

# production = true  # asks for https, a mail server, named hosts: see `hemicycle check`
# allowed_hosts = ["debat.example.org"]
# cors_origins = ["https://www.example.org"]

# [mail]
# host = "smtp.example.org"
# sender = "debat@example.org"

# [outbound]  # requests that leave reach public addresses over https alone, and these
# trusted = ["http://10.0.0.5:9000"]

# [logs]
# format = "json"  # auto: JSON, unless standard error is a terminal; or console
# level = "warning"  # debug, info or error

# [metrics]  # for Prometheus: pip install 'hemicycle[metrics]'
# token = "at least sixteen characters"  # whoever bears it reads /metrics
# worker = "127.0.0.1:9100"  # where `hemicycle work` answers, without a token

# [traces]  # of OpenTelemetry: pip install 'hemicycle[telemetry]'
# endpoint = "http://127.0.0.1:4318/v1/traces"

# [actions."contribution.contribute"]  # who may do what: other roles than the default ones
# roles = ["verified"]
"""


def init(folder: Annotated[Path, typer.Argument(help="Where; it is created if it is not there.")]) -> None:
    """Write the settings of a new instance into a folder."""
    target = folder / FILE
    if target.exists():
        raise StartupError(f"{target} is there already: edit it, or name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    slug = "".join(one if one.isalnum() and one.isascii() else "-" for one in folder.resolve().name.lower()).strip("-")
    text = TEMPLATE.format(
        name=json.dumps(folder.resolve().name, ensure_ascii=False), instance=slug[:60] or "local",
        secret=secrets.token_urlsafe(32), plugins=json.dumps(BUNDLED),
    )  # fmt: skip
    target.write_text(text, "utf-8")
    target.chmod(0o600)
    console.print(f"Wrote {target}. Next, in that folder:\n"
                  "  hemicycle db upgrade            make the tables\n"
                  "  hemicycle admin you@example.org the first administrator\n"
                  "  hemicycle serve                 answer at http://127.0.0.1:8000\n"
                  "  hemicycle check                 what is missing for production", highlight=False)  # fmt: skip


def plugins() -> None:
    """List the enabled plugins, in order of loading."""
    app = build(load())
    for one in app.plugins.loaded.values():
        if not one.core:
            typer.echo(f"{one.name}\t{one.version}\t{one.info.label}")
    for name in app.plugins.missing:
        console.print(f"{name}: named in the settings, but its package is not installed", style="yellow")


schema = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)


@schema.command("print")
def print_schema(
    core: Annotated[bool, typer.Option("--core", help="Without any plugin.")] = False,
) -> None:
    """Print the schema of this instance, as SDL."""
    settings = load()
    typer.echo(build(settings.model_copy(update={"plugins": []}) if core else settings).schema.as_str())


@schema.callback()
def _group() -> None:
    """The GraphQL schema."""
