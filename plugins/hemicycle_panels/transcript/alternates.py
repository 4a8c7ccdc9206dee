"""Who may take a seat that someone gave up: the same profile first; else whoever leaves every quota kept."""

from collections.abc import Collection, Sequence

Quota = Sequence[str | int]  # feature, value, minimum, maximum


def alternates(
    profiles: Sequence[Sequence[str]], features: Sequence[str], quotas: Sequence[Quota],
    panel: Collection[int], leaves: int, gone: Collection[int],
) -> list[int]:  # fmt: skip
    """The numbers among whom the lot decides, sorted; none if no swap keeps the quotas that the panel keeps.

    profiles: of each number. panel: the numbers that sit in it. leaves: who gives their seat up. gone: who did before.
    """
    free = [one for one in range(len(profiles)) if one not in panel and one not in gone]
    alike = [one for one in free if list(profiles[one]) == list(profiles[leaves])]
    return alike or [one for one in free if _keeps(profiles, features, quotas, panel, leaves, one)]


def _keeps(
    profiles: Sequence[Sequence[str]], features: Sequence[str], quotas: Sequence[Quota],
    panel: Collection[int], leaves: int, comes: int,
) -> bool:  # fmt: skip
    for feature, value, least, most in quotas:
        at = list(features).index(str(feature))
        step = (profiles[comes][at] == value) - (profiles[leaves][at] == value)
        seats = sum(profiles[one][at] == value for one in panel) + step
        if step and not int(least) <= seats <= int(most):
            return False
    return True
