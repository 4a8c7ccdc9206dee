"""What the rules of a petition are, in words: who signs, how often, what is needed, and what becomes public."""

import hashlib
import json

from hemicycle.api import Application, describe_criterion
from hemicycle_votes.petitions.models import PetitionRow

UNIQUE = {
    "en": "An account signs once: the database refuses a second signature of the same participant under the same "
    "petition (UNIQUE participant, petition), whatever way it comes. Structures do not sign.",
    "fr": "Un compte signe une seule fois : la base de données refuse une seconde signature du même participant sous "
    "la même pétition (UNIQUE participant, petition), d’où qu’elle vienne. Les structures ne signent pas.",
}
ONLY_ACCOUNTS = {
    "en": "Nothing more than an account is asked for: one person with two accounts is not found by this rule.",
    "fr": "Rien d’autre qu’un compte n’est demandé : cette règle ne repère pas une personne qui en aurait deux.",
}
CHECKED = {
    "en": "One account for one person is as sure as this condition on who may sign: {who}.",
    "fr": "Qu’un compte soit une personne est aussi sûr que cette condition pour signer : {who}.",
}
KIND = {
    "PETITION": {
        "en": "This is a petition: those who may sign are on the electoral register.",
        "fr": "Ceci est une pétition : seules signent les personnes inscrites sur les listes électorales.",
    },
    "INTERPELLATION": {
        "en": "This is an interpellation, not a petition in the sense of the law: no electoral register is attached.",
        "fr": "Ceci est une interpellation, et non une pétition au sens de la loi : aucune liste électorale n’y est "
        "attachée.",
    },
}
TOTAL = {
    "en": "It is reached with {needed} signatures until {closes} (UTC).",
    "fr": "Elle aboutit avec {needed} signatures jusqu’au {closes} (UTC).",
}
GROUPS = {
    "en": "At least {wanted} of these must each have theirs too: {groups}.",
    "fr": "Au moins {wanted} de ces ensembles doivent aussi réunir les leurs : {groups}.",
}
GROUP = {"en": "{name} {needed} (true of them: {who})", "fr": "{name} {needed} (condition : {who})"}
PRIVATE = {
    "en": "Who signs is not public; how many do is. A signature can be taken back until the petition is reached. "
    "When an account is erased its signatures go, and the number stays.",
    "fr": "Qui signe n’est pas public, le nombre l’est. Une signature se retire tant que la pétition n’a pas abouti. "
    "Quand un compte est effacé, ses signatures disparaissent et le nombre reste.",
}


def uniqueness(app: Application, row: PetitionRow, locale: str) -> str:
    """What made two signatures of one person impossible, and how far that goes."""
    if row.criterion is None:
        return f"{UNIQUE[locale]} {ONLY_ACCOUNTS[locale]}"
    return f"{UNIQUE[locale]} {CHECKED[locale].format(who=_who(app, row.criterion, row.parameters))}"


def rules(app: Application, row: PetitionRow, locale: str) -> str:
    """All rules of a petition that is about to open, one on each line."""
    assert row.closes_at is not None
    told = [KIND[row.kind][locale], TOTAL[locale].format(needed=row.needed, closes=f"{row.closes_at:%Y-%m-%d %H:%M}")]
    if row.groups:
        groups = "; ".join(
            GROUP[locale].format(
                name=one["name"], needed=one["needed"], who=_who(app, one["criterion"], one["parameters"])
            )
            for one in row.groups
        )
        told.append(GROUPS[locale].format(wanted=row.groups_needed, groups=groups))
    return "\n".join([*told, uniqueness(app, row, locale), PRIVATE[locale]])


def hashed(texts: dict[str, str]) -> str:
    """SHA-256 of the rules in all languages: of their JSON, keys in order, nothing between."""
    return hashlib.sha256(
        json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _who(app: Application, criterion: str, parameters: dict[str, object]) -> str:
    said = describe_criterion(app, criterion)
    return f"{said} {json.dumps(parameters, ensure_ascii=False, sort_keys=True)}" if parameters else said
