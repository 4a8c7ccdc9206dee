"""Exchange: bring in what was said elsewhere, by a mapping. (Open data will leave by here.)"""

from hemicycle.api import Importer, PluginInfo, hookimpl
from hemicycle_exchange import command
from hemicycle_exchange.decidim import command as decidim


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Exchange", "Bring in what was said elsewhere.")


@hookimpl
def add_importers() -> list[Importer]:
    return [
        Importer("jsonl", "Any file of JSON lines, by a mapping.", add=command.add),
        Importer("decidim", "Proposals, debates and comments that Decidim exports.", add=decidim.add),
    ]
