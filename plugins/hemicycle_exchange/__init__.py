"""Exchange: bring in what was said elsewhere, and let open data leave."""

from hemicycle.api import Commands, Importer, PluginInfo, hookimpl
from hemicycle_exchange import command
from hemicycle_exchange.decidim import command as decidim
from hemicycle_exchange.opendata import command as open_data


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Exchange", "Bring in what was said elsewhere, and take open data away.")


@hookimpl
def add_importers() -> list[Importer]:
    return [
        Importer("jsonl", "Any file of JSON lines, by a mapping.", add=command.add),
        Importer("decidim", "Proposals, debates and comments that Decidim exports.", add=decidim.add),
        Importer("open-data", "What `hemicycle export open-data` wrote.", add=open_data.add),
    ]


@hookimpl
def add_commands() -> list[Commands]:
    return [Commands("export", open_data.app)]
