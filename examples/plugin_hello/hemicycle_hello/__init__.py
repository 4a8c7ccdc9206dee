"""Hello: participants greet the authors of contributions."""

from hemicycle.api import (
    Action,
    Contribution,
    ContributionFilter,
    ContributionRow,
    Event,
    Mutation,
    PersonalData,
    PluginInfo,
    Sample,
    SchemaPart,
    Strict,
    Subscription,
    hookimpl,
)
from hemicycle_hello import graphql, samples


class HelloSettings(Strict):
    """`[plugin.hello]` in the settings."""

    words: str = "Hello!"
    """What a greeting says if its author says nothing else."""


@hookimpl
def describe_plugin() -> PluginInfo:
    return PluginInfo("Hello", "Participants greet the authors of contributions.", settings=HelloSettings)


@hookimpl
def declare_actions() -> list[Action]:
    told = "Greet its author, once."
    return [Action("hello.greet", told, ContributionRow, ["participant"], states=["PUBLISHED"])]


@hookimpl
def declare_events() -> list[Event]:
    english, french = "{actor} greeted someone.", "{actor} a salué quelqu’un."
    return [Event("hello.greeted", "Someone greeted an author.", english=english, french=french)]


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    told = "The greetings that they gave."
    return [PersonalData("hello_greeting.words", told, owner="author_id", erase="DELETE")]


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def extend_schema() -> SchemaPart:
    return SchemaPart(
        extend={
            Contribution: graphql.OnContribution,
            ContributionFilter: graphql.OnContributionFilter,
            Mutation: graphql.OnMutation,
            Subscription: graphql.OnSubscription,
        },
        types=(graphql.Greeting,),
    )
