"""What may be changed about panels."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from hemicycle.api import Participant, Space, id_of, mutation, value
from hemicycle_panels import candidacy, drawing, links, meetings, opinion, rules, seats
from hemicycle_panels.graphql import (
    Panel,
    PanelCandidacy,
    PanelDraw,
    PanelLink,
    PanelMember,
    PanelOpinion,
    PanelQuota,
    PanelSession,
)
from hemicycle_panels.kinds import BeaconSource, CollegeKind, CollegeMethod, PanelAlgorithm

UNSET = strawberry.UNSET
plain = value  # a quota has a field of that name


@strawberry.input(description="How many seats are for one value of a feature.")
class PanelQuotaInput:
    feature: str = plain("What it is about: age, sex, place…")
    value: str = plain("One of its values.")
    minimum: int = plain("So many seats at least.")
    maximum: int = plain("So many seats at most.")
    flex_minimum: int | None = plain("How far the minimum may give way; not at all, if not said.", UNSET)
    flex_maximum: int | None = plain("How far the maximum may give way; not at all, if not said.", UNSET)


@strawberry.input(description="A part of a panel.")
class PanelCollegeInput:
    kind: CollegeKind = value("Who sits in it.")
    seats: int = value("How many.")
    method: CollegeMethod = value("How they are filled.")
    quotas: list[PanelQuotaInput] | None = value("What its members are to look like together: 100 at most.", UNSET)


@strawberry.input(description="A new panel.")
class CreatePanelInput:
    space: strawberry.ID = id_of("Where it belongs.", Space)
    title: str = value("What it is called.")
    question: str = value("What it is asked. Markdown.")
    colleges: list[PanelCollegeInput] = value("Its parts, each once.")
    algorithm: PanelAlgorithm | None = value("What its lottery makes fair: LEXIMIN if not said.", UNSET)
    lottery_size: int | None = value("How many panels the lottery holds: 1000 if not said.", UNSET)
    one_per_household: bool | None = value("Whether one of a household comes at most: not, if not said.", UNSET)
    criterion: str | None = value("Who may be a candidate: the name of a criterion; everyone if not said.", UNSET)
    criterion_parameters: JSON | None = value("What the criterion asks for: a JSON object.", UNSET)


@strawberry.input(description="What changes in the design of a panel; what is not given stays.")
class UpdatePanelInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    title: str | None = value("What it is called.", UNSET)
    question: str | None = value("What it is asked. Markdown.", UNSET)
    colleges: list[PanelCollegeInput] | None = value("Its parts, in place of those that it has.", UNSET)
    algorithm: PanelAlgorithm | None = value("What its lottery makes fair.", UNSET)
    lottery_size: int | None = value("How many panels the lottery holds.", UNSET)
    one_per_household: bool | None = value("Whether one of a household comes at most.", UNSET)
    criterion: str | None = value("Who may be a candidate: the name of a criterion.", UNSET)
    criterion_parameters: JSON | None = value("What the criterion asks for: a JSON object.", UNSET)


@strawberry.input(description="Another minimum and maximum of a quota.")
class AdjustQuotaInput:
    quota: strawberry.ID = id_of("The quota.", PanelQuota)
    minimum: int = value("So many seats at least.")
    maximum: int = value("So many seats at most.")
    reason: str = value("Why, in public.")


@strawberry.input(description="A call for candidates.")
class OpenCallInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    text: str = value("What candidates are told: what for, when, how they are paid, who keeps their data. Markdown.")
    ends_at: datetime = value("Until when one can be a candidate.")


@strawberry.input(description="What someone says of themselves.")
class PanelFeatureInput:
    feature: str = value("What it is about: age, sex, place…")
    value: str = value("One of its values, as the quotas have it.")


@strawberry.input(description="A candidacy.")
class ApplyToPanelInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    college: CollegeKind = value("For which college.")
    features: list[PanelFeatureInput] = value("A value of each feature that has quotas; nothing if none has.")
    consent: bool = value("That what you say is kept for the draw, seen by its organisers, and sealed with the pool.")
    household: str | None = value(
        "Where one of a household comes at most: words that all of yours say alike, as the address. Nobody reads them.",
        UNSET,
    )
    as_structure: strawberry.ID | None = id_of("A structure that you speak for.", Participant, optional=True)


@strawberry.input(description="Which candidacy.")
class PanelCandidacyInput:
    candidacy: strawberry.ID = id_of("The candidacy.", PanelCandidacy)


@strawberry.input(description="Which panel.")
class PanelInput:
    panel: strawberry.ID = id_of("The panel.", Panel)


@strawberry.input(description="Which draw.")
class PanelDrawInput:
    draw: strawberry.ID = id_of("The draw.", PanelDraw)


@strawberry.input(description="What a party fixed before the draw.")
class PanelCommitmentInput:
    party: str = value("Its name.")
    commitment: str = value(
        "SHA-256 of `hemicycle-reveal-v1|PARTY|SECRET` in hex; the secret is 32 random bytes, in hex."
    )


@strawberry.input(description="What a party reveals.")
class PanelRevealInput:
    party: str = value("Its name.")
    secret: str = value("The secret that it fixed: 64 hexadecimal digits.")


@strawberry.input(description="Where the number will come from.")
class PromiseBeaconInput:
    draw: strawberry.ID = id_of("The draw.", PanelDraw)
    source: BeaconSource | None = value("Its source: three lottery balls, if not said.", UNSET)
    commitments: list[PanelCommitmentInput] | None = value(
        "With REVEALS: what three parties or more have fixed.", UNSET
    )


@strawberry.input(description="The number that came: from the source that was promised.")
class BeaconInput:
    draw: strawberry.ID = id_of("The draw.", PanelDraw)
    balls: str | None = value("The three balls, as they came: `007`.", UNSET)
    reveals: list[PanelRevealInput] | None = value("The secret of each party that was promised.", UNSET)


@strawberry.input(description="A seat to take.")
class AcceptSeatInput:
    member: strawberry.ID = id_of("Your seat.", PanelMember)
    show_name: bool | None = value("Whether you are named as a member; not, if not said.", UNSET)


@strawberry.input(description="Which seat.")
class PanelMemberInput:
    member: strawberry.ID = id_of("The seat.", PanelMember)


@strawberry.input(description="A seat to free, and why.")
class ReleaseMemberInput:
    member: strawberry.ID = id_of("The seat.", PanelMember)
    reason: str = value("Why: for the organisers' journal, not in public.")


@strawberry.input(description="Who is designated.")
class DesignateMemberInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    college: CollegeKind = value("To which college.")
    participant: strawberry.ID = id_of("Whom.", Participant)


@strawberry.input(description="A session to announce.")
class PlanSessionInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    at: datetime = value("When.")
    place: str = value("Where.")
    agenda: str = value("What is to be talked about. Markdown.")


@strawberry.input(description="A session that does not take place.")
class CancelSessionInput:
    panel_session: strawberry.ID = id_of("The session.", PanelSession)
    reason: str = value("Why, in public.")


@strawberry.input(description="The minutes of a session.")
class PublishMinutesInput:
    panel_session: strawberry.ID = id_of("The session.", PanelSession)
    minutes: str = value("What was said. Markdown.")
    present: int = value("How many members were there.")


@strawberry.input(description="What members say who do not share the opinion.")
class PanelDissentInput:
    text: str = value("What they say. Markdown.")
    members: int = value("How many they are.")


@strawberry.input(description="An opinion, and its vote.")
class AdoptOpinionInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    title: str = value("What it is called.")
    text: str = value("What it says. Markdown.")
    votes_for: int = value("How many voted for it.")
    votes_against: int = value("How many voted against it.")
    abstentions: int = value("How many abstained.")
    dissents: list[PanelDissentInput] | None = value("Of those who do not share it.", UNSET)


@strawberry.input(description="To whom an opinion is handed over.")
class DeliverOpinionInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    to: str = value("To whom: the assembly, its president…")


@strawberry.input(description="What a panel works on.")
class LinkPanelInput:
    panel: strawberry.ID = id_of("The panel.", Panel)
    target: strawberry.ID = id_of("A space, a contribution, or anything else.")


@strawberry.input(description="Which link.")
class UnlinkPanelInput:
    link: strawberry.ID = id_of("The link.", PanelLink)


def _change(description: str, rule: Any, input: type, verb: str) -> Any:
    return mutation(description, rule, input, action=f"panels.{verb}")


@strawberry.type
class OnMutation:
    create_panel: Panel = _change("Design a panel.", rules.create, CreatePanelInput, "design")
    update_panel: Panel = _change("Change a design, before the call.", rules.update, UpdatePanelInput, "change_design")
    adjust_quota: Panel = _change("Change a quota, for a reason.", rules.adjust_quota, AdjustQuotaInput, "adjust_quota")
    open_call: Panel = _change("Call for candidates.", rules.open_call, OpenCallInput, "open_call")
    apply_to_panel: PanelCandidacy = _change("Be a candidate, once.", candidacy.apply, ApplyToPanelInput, "apply")
    withdraw_candidacy: Panel = _change(
        "Take one's candidacy back, while the call is open.", candidacy.withdraw, PanelCandidacyInput, "withdraw"
    )
    close_pool: Panel = _change("Seal the pool.", drawing.close_pool, PanelInput, "close_pool")
    commit_lottery: PanelDraw = _change(
        "Have the lottery computed and written down.", drawing.commit, PanelDrawInput, "commit"
    )
    promise_beacon: PanelDraw = _change(
        "Name the source of the number, before it comes: for the panel, or for seats that were given up since.",
        drawing.promise, PromiseBeaconInput, "promise",
    )  # fmt: skip
    draw_panel: Panel = _change(
        "Enter the number that came: it names the panel. It takes another person than the steps before.",
        drawing.draw_panel, BeaconInput, "draw",
    )  # fmt: skip
    replace_members: Panel = _change(
        "Enter the number that came for the seats that were given up. It takes another person, too.",
        drawing.replace, BeaconInput, "replace",
    )  # fmt: skip
    close_draw: PanelDraw = _change("End the transcript.", drawing.close_draw, PanelDrawInput, "close_draw")
    accept_seat: PanelMember = _change("Take the seat.", seats.accept, AcceptSeatInput, "accept")
    decline_seat: PanelMember = _change("Do not take the seat.", seats.decline, PanelMemberInput, "decline")
    resign_seat: PanelMember = _change("Give the seat up.", seats.resign, PanelMemberInput, "resign")
    release_member: PanelMember = _change(
        "Free the seat of someone who does not answer or cannot come.", seats.release, ReleaseMemberInput, "release"
    )
    designate_member: PanelMember = _change(
        "Name someone for a seat that is not drawn.", seats.designate, DesignateMemberInput, "designate"
    )
    convene_panel: Panel = _change("Begin to deliberate.", rules.convene, PanelInput, "convene")
    plan_session: PanelSession = _change("Announce a session.", meetings.plan, PlanSessionInput, "plan_session")
    cancel_session: PanelSession = _change("Cancel a session.", meetings.cancel, CancelSessionInput, "cancel_session")
    publish_minutes: PanelSession = _change(
        "Publish the minutes of a session.", meetings.publish_minutes, PublishMinutesInput, "publish_minutes"
    )
    adopt_opinion: PanelOpinion = _change(
        "Adopt the opinion, with its vote.", opinion.adopt, AdoptOpinionInput, "adopt_opinion"
    )
    deliver_opinion: PanelOpinion = _change(
        "Hand the opinion over.", opinion.deliver, DeliverOpinionInput, "deliver_opinion"
    )
    dissolve_panel: Panel = _change("End the panel.", rules.dissolve, PanelInput, "dissolve")
    link_panel: PanelLink = _change("Say what the panel works on.", links.link, LinkPanelInput, "link")
    unlink_panel: Panel = _change("Take a link back.", links.unlink, UnlinkPanelInput, "unlink")
