"""Contributions: what participants say in spaces."""

from hemicycle.contributions import moderation, rules, samples
from hemicycle.contributions.follows import Follow
from hemicycle.contributions.graphql import (
    Contribution,
    ContributionVersion,
    OnContribution,
    OnParticipant,
    OnQuery,
    OnSpace,
    OnSubscription,
    Report,
)
from hemicycle.contributions.kinds import ContributionKindName
from hemicycle.contributions.models import ContributionRow, FollowRow
from hemicycle.contributions.mutations import OnMutation
from hemicycle.contributions.open_data import OPEN_DATA
from hemicycle.kernel.declarations import (
    Action,
    ContributionKind,
    Event,
    Figure,
    Handler,
    OpenData,
    PersonalData,
    Sample,
    Searchable,
    Supportable,
)  # fmt: skip
from hemicycle.kernel.graphql.parts import SchemaPart
from hemicycle.kernel.graphql.roots import Mutation, Query, Subscription
from hemicycle.kernel.hookspecs import hookimpl
from hemicycle.kernel.plugins import Declarations
from hemicycle.participants.graphql import Participant
from hemicycle.spaces.graphql import Space
from hemicycle.spaces.models import SpaceRow


@hookimpl
def declare_actions() -> list[Action]:
    def action(
        verb: str, told: str, *who: str, own: bool = False, not_own: bool = False, states: tuple[str, ...] = ()
    ) -> Action:
        return Action(f"contribution.{verb}", told, ContributionRow, who, own=own, not_own=not_own, states=states)

    alive = ("DRAFT", "PENDING", "PUBLISHED")
    return [
        Action("contribution.contribute", "Say something in a space.", SpaceRow, ["participant"], states=["OPEN"]),
        Action("contribution.record", "Write down what someone without an account said, with their consent.",
               SpaceRow, ["moderator"], states=["OPEN", "CLOSED"]),
        Action("contribution.follow", "Follow something, to hear of it.", roles=["participant"]),
        Action("contribution.unfollow", "Stop following.", FollowRow, own=True),
        action("publish", "Publish one's draft.", own=True, states=("DRAFT",)),
        action("edit", "Change one's words: it makes a version.", own=True, states=alive),
        action("withdraw", "Take one's words back; a tombstone stays.", own=True, states=(*alive, "HIDDEN")),
        action("approve", "Publish what waits for a moderator.", "moderator", not_own=True, states=("PENDING",)),
        action("hide", "Hide it, with a reason.", "moderator", states=("PENDING", "PUBLISHED")),
        action("restore", "Publish it again, with a reason.", "moderator", not_own=True, states=("HIDDEN",)),
        action("report", "Report it to the moderators.", "participant", states=("PUBLISHED",)),
        action("ask_review", "Ask for another look at a decision on one's words.", own=True, states=("HIDDEN",)),
        action("read_reports", "Read who reported it and why.", "moderator"),
    ]  # fmt: skip


@hookimpl
def declare_contribution_kinds() -> list[ContributionKind]:
    return [
        ContributionKind("IDEA", "Something to do."),
        ContributionKind("QUESTION", "Something to answer."),
        ContributionKind("COMMENT", "An answer to another contribution.", reply=True),
    ]


@hookimpl
def declare_events() -> list[Event]:
    def event(verb: str, told: str, english: str, french: str, *, public: bool = True) -> Event:
        return Event(f"contribution.{verb}", told, english=english, french=french, public=public)

    return [
        event("published", "It was published.", "A contribution was published.", "Une contribution a été publiée."),
        event("submitted", "It waits for a moderator.",
              "A contribution waits for a moderator.", "Une contribution attend la modération.", public=False),
        event("edited", "It was changed.", "{actor} edited a contribution.", "{actor} a modifié une contribution."),
        event("hidden", "A moderator hid it.",
              "A contribution was hidden: {reason}", "Une contribution a été masquée : {reason}", public=False),
        event("restored", "A moderator published it again.",
              "A contribution was restored: {reason}", "Une contribution a été rétablie : {reason}"),
        event("withdrawn", "It was taken back.", "A contribution was withdrawn.", "Une contribution a été retirée."),
        event("discarded", "Its author threw the draft away.",
              "A draft was discarded.", "Un brouillon a été abandonné.", public=False),
        event("reported", "Someone reported it.",
              "A contribution was reported.", "Une contribution a été signalée.", public=False),
        event("review_asked", "Its author asks for another look at a decision.",
              "{actor} asks for another look.", "{actor} demande un réexamen.", public=False),
        Event("import.completed", "What was said elsewhere was imported.",
              english="Contributions were imported: {reason}.", french="Contributions importées : {reason}."),
    ]  # fmt: skip


@hookimpl
def declare_handlers() -> list[Handler]:
    told, gone = "Tell the author of a decision on their words.", "Withdraw what someone wrote who is erased with it."
    return [
        *(
            Handler(f"contribution.tell_{verb}", told, event=f"contribution.{verb}",
                    run=moderation.tell_author, outward=True)
            for verb in ("published", "hidden", "restored")
        ),
        Handler("contribution.withdraw_erased", gone, event="participant.content_erased",
                run=moderation.withdraw_erased),
    ]  # fmt: skip


@hookimpl
def declare_personal_data() -> list[PersonalData]:
    def words(column: str, told: str, erase: str) -> PersonalData:
        through = ("contribution_id", "core_contribution")
        return PersonalData(f"core_contribution_version.{column}", told, owner="author_id", through=through,
                            erase=erase, content=True)  # type: ignore[arg-type]  # fmt: skip

    return [
        words("title", "What they wrote about.", "NULL"),
        words("text", "What they wrote.", "NULL"),
        PersonalData("core_contribution_category.category", "What they said that it is about.", owner="author_id",
                     through=("contribution_id", "core_contribution"), erase="DELETE", content=True),
        PersonalData("core_contribution.author_id", "That they wrote it.", owner="author_id", erase="KEEP"),
        PersonalData("core_contribution.recorded_by_id", "That they wrote it down for someone.",
                     owner="recorded_by_id", erase="KEEP"),
        PersonalData("core_report.reason", "Why they reported something.", owner="participant_id", erase="BLANK"),
        PersonalData("core_follow.object_id", "What they follow.", owner="participant_id", erase="DELETE"),
    ]  # fmt: skip


@hookimpl
def declare_open_data() -> list[OpenData]:
    return OPEN_DATA


@hookimpl
def declare_searchable() -> list[Searchable]:
    told = "The titles and texts of contributions."
    return [Searchable("Contribution", told, on=ContributionRow, query=rules.texts)]


@hookimpl
def declare_supportable() -> list[Supportable]:
    return [Supportable("Contribution", "What someone said.", on=ContributionRow, states=["PUBLISHED"])]


@hookimpl
def declare_figures() -> list[Figure]:
    return rules.FIGURES


@hookimpl
def declare_samples() -> list[Sample]:
    return samples.SAMPLES


@hookimpl
def extend_schema(declared: Declarations) -> SchemaPart:
    kinds = {one.name: one.description for one in declared[ContributionKind].values()}
    return SchemaPart(
        extend={
            Query: OnQuery,
            Mutation: OnMutation,
            Subscription: OnSubscription,
            Space: OnSpace,
            Contribution: OnContribution,
            Participant: OnParticipant,
        },
        types=(Contribution, ContributionVersion, Report, Follow),
        enums={ContributionKindName: kinds},
    )
