"""Panels of citizens: so far the provably fair lottery, from the command line."""

from hemicycle.api import Commands, PluginInfo, hookimpl
from hemicycle_panels.commands import app


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Panels", "Draw panels of citizens by a lottery whose fairness anyone can check.")


@hookimpl
def add_commands() -> list[Commands]:
    return [Commands("panels", app)]
