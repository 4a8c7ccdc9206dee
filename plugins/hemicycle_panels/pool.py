"""What is drawn from: the colleges whose seats are drawn, their quotas and candidates, as the lottery sees them."""

from typing import Any
from uuid import UUID

from hemicycle.api import RefusalCode, Refused, Session
from hemicycle_panels import rules
from hemicycle_panels.models import CandidacyRow, CollegeRow, DrawRow, PanelRow, QuotaRow

NONE = "—"  # the value of a feature that another college has


def features_of(colleges: dict[UUID, CollegeRow], quotas: list[QuotaRow]) -> list[str]:
    """The features of the lottery. Where several colleges are drawn together, each has its own; the college is one."""
    own = dict.fromkeys(_named(colleges, one) for one in quotas)
    return [*(["college"] if len(colleges) > 1 or not own else []), *own]


def quotas_of(colleges: dict[UUID, CollegeRow], quotas: list[QuotaRow]) -> list[list[Any]]:
    """[feature, value, minimum, maximum, flex minimum, flex maximum] of the lottery.

    The members of another college have no value of a feature, and are as many as that college has seats.
    """
    size = sum(one.seats for one in colleges.values())
    found: list[list[Any]] = []
    if "college" in features_of(colleges, quotas):
        found += [["college", one.kind, *[one.seats] * 4] for one in colleges.values()]
    for name in dict.fromkeys(_named(colleges, one) for one in quotas):
        its = [one for one in quotas if _named(colleges, one) == name]
        found += [[name, one.value, one.minimum, one.maximum, one.flex_minimum, one.flex_maximum] for one in its]
        if others := size - colleges[its[0].college_id].seats:
            found.append([name, NONE, *[others] * 4])
    return found


def _named(colleges: dict[UUID, CollegeRow], quota: QuotaRow) -> str:
    return quota.feature if len(colleges) == 1 else f"{colleges[quota.college_id].kind}: {quota.feature}"


def profile_of(colleges: dict[UUID, CollegeRow], features: list[str], one: CandidacyRow) -> list[str]:
    kind = colleges[one.college_id].kind
    said = one.features if len(colleges) == 1 else {f"{kind}: {name}": value for name, value in one.features.items()}
    return [kind if name == "college" else said.get(name, NONE) for name in features]


async def lots_of(session: Session, panel: PanelRow) -> tuple[dict[UUID, CollegeRow], list[QuotaRow]]:
    """The colleges whose seats are drawn, and their quotas."""
    known = {one.id: one for one in await rules.colleges_of(session, panel.id) if one.method == "LOTTERY"}
    return known, await rules.quotas_of(session, panel.id)


def check_pool(colleges: dict[UUID, CollegeRow], quotas: list[QuotaRow], pool: list[CandidacyRow]) -> None:
    """What arithmetic alone can see: the lottery sees the rest."""
    for college in colleges.values():
        if (there := sum(one.college_id == college.id for one in pool)) < college.seats:
            told = f"{college.kind} has {college.seats} seats and {there} candidates: wait for more"
            raise Refused(RefusalCode.CONFLICT, f"{told}, or draw fewer seats.")
    for quota in quotas:
        having = sum(one.college_id == quota.college_id and one.features[quota.feature] == quota.value for one in pool)
        if having < quota.flex_minimum:
            raise Refused(
                RefusalCode.CONFLICT,
                f"{quota.feature} = {quota.value} asks for {quota.minimum} seats, and {having} candidates have it: "
                "wait for more, or lower the minimum (adjustQuota).",
            )


def count_values(quotas: list[QuotaRow], pool: list[CandidacyRow]) -> None:
    """How many have which value: told where it is many, and where no other number tells what is left out."""
    for name in {(one.college_id, one.feature) for one in quotas}:
        its = [one for one in quotas if (one.college_id, one.feature) == name]
        for quota in its:
            theirs = (one for one in pool if one.college_id == quota.college_id)
            quota.candidates = sum(one.features[quota.feature] == quota.value for one in theirs)
        few = [one for one in its if (one.candidates or 0) < rules.FEWEST]
        if len(few) == 1 and len(its) > 1:
            few.append(min((one for one in its if one not in few), key=lambda one: one.candidates or 0))
        for one in few:
            one.candidates = None


def households_of(sealed: list[CandidacyRow]) -> list[str | None]:
    """Who lives with whom, in the order of the numbers: those who live together have a word in common."""
    return [one.household for one in sealed]


def college_of(colleges: dict[UUID, CollegeRow], features: list[str], row: DrawRow, number: int) -> UUID:
    if len(colleges) == 1:
        return next(iter(colleges))
    assert row.profiles is not None
    kind = row.profiles[number][features.index("college")]
    return next(one.id for one in colleges.values() if one.kind == kind)
