"""What a poll promises, in words: written and hashed when it opens, so that nothing about it can change unseen."""

import hashlib
import json
from collections.abc import Sequence

from hemicycle_votes.counting import Sentence
from hemicycle_votes.polls.kinds import BUDGETS
from hemicycle_votes.polls.models import OptionRow, PollRow

METHODS = {
    "PLURALITY": Sentence(
        "Each person chooses one option; the most votes win.",
        "Chaque personne choisit une option ; le plus de voix l’emporte.",
    ),
    "APPROVAL": Sentence(
        "Each person approves of as many options as they like; the most approvals win.",
        "Chaque personne approuve autant d’options qu’elle veut ; le plus d’approbations l’emporte.",
    ),
    "SCORE": Sentence(
        "Each person gives points from {worst} to {best}; the most points win. No points count as none.",
        "Chaque personne donne des points de {worst} à {best} ; le plus de points l’emporte. Sans points, zéro.",
    ),
    "QUADRATIC": Sentence(
        "Each person spends up to {credits} credits: v votes for an option cost v², also against; the most votes win.",
        "Chaque personne dépense jusqu’à {credits} crédits : v voix pour une option coûtent v², également "
        "contre ; le plus de voix l’emporte.",
    ),
    "IRV": Sentence(
        "Options are ranked; in each round the one with the fewest first preferences leaves, until one has more "
        "than half.",
        "Les options sont classées ; à chaque tour, celle qui a le moins de premières préférences est éliminée, "
        "jusqu’à ce que l’une ait plus de la moitié.",
    ),
    "CONDORCET": Sentence(
        "Options are ranked; the one wins that beats each other one in a duel, if there is one.",
        "Les options sont classées ; celle qui bat chacune des autres en duel l’emporte, s’il y en a une.",
    ),
    "SCHULZE": Sentence(
        "Options are ranked; the Schulze method compares the strongest chains of duels (a duel is as strong as the "
        "number of people who prefer its winner).",
        "Les options sont classées ; la méthode Schulze compare les plus fortes chaînes de duels (un duel a la force "
        "du nombre de personnes qui préfèrent son gagnant).",
    ),
    "STV": Sentence(
        "Options are ranked; {seats} seats are filled in proportion (Scottish single transferable vote). Equals are "
        "told apart by earlier rounds, if one differs.",
        "Les options sont classées ; {seats} sièges sont pourvus à la proportionnelle (vote unique transférable "
        "écossais). Les égalités se règlent d’abord par les tours précédents, si l’un diffère.",
    ),
    "MAJORITY_JUDGMENT": Sentence(
        "Each option is given a grade from {worst} (worst) to {best} (best); the best median wins, the lower one of "
        "two. Of equal medians one grade is taken away from each option, again and again, until they differ.",
        "Chaque option reçoit une mention de {worst} (pire) à {best} (meilleure) ; la meilleure médiane l’emporte, la "
        "plus basse de deux. À médianes égales, on en retire une à chaque option, encore et encore, jusqu’à ce "
        "qu’elles diffèrent.",
    ),
    "GREEDY": Sentence(
        "Each person approves of projects; the most approved are paid first, and what does not fit in the "
        "budget of {budget} is skipped.",
        "Chaque personne approuve des projets ; les plus approuvés sont financés d’abord, et ce qui ne tient "
        "pas dans le budget de {budget} est passé.",
    ),
    "EQUAL_SHARES": Sentence(
        "Each person approves of projects and has an equal share of the budget of {budget} (Method of "
        "Equal Shares, completed by raising the shares step by step, as long as nothing is overspent).",
        "Chaque personne approuve des projets et dispose d’une part égale du budget de {budget} (méthode "
        "des parts égales, complétée en augmentant les parts pas à pas, tant que rien n’est dépassé).",
    ),
}
BLANKS = {
    "RANKED": Sentence(
        "A blank ballot counts as a ballot, and for no option; options that are not ranked come after the "
        "others, equally.",
        "Un bulletin blanc compte comme un bulletin, et pour aucune option ; les options non classées viennent "
        "après les autres, à égalité.",
    ),
    "MAJORITY_JUDGMENT": Sentence(
        "An option without a grade has the worst grade on that ballot, and so have all on a blank ballot.",
        "Une option sans mention a la pire mention sur ce bulletin ; sur un bulletin blanc, toutes l’ont.",
    ),
    "OTHER": Sentence(
        "A blank ballot counts as a ballot, and gives nothing to any option.",
        "Un bulletin blanc compte comme un bulletin, et ne donne rien à aucune option.",
    ),
}
EQUAL = {
    "SPLIT": Sentence(
        "Options ranked equally share the ballot in equal parts.",
        "Les options classées à égalité se partagent le bulletin en parts égales.",
    ),
    "WHOLE": Sentence(
        "Options ranked equally each count the ballot fully.",
        "Les options classées à égalité comptent chacune le bulletin entier.",
    ),
    "EXHAUST": Sentence(
        "A ballot ends before its first equal rank.", "Un bulletin s’arrête avant son premier rang à égalité."
    ),
}
TIES = {
    "ORDER": Sentence(
        "Ties are broken by the order of the options.", "Les égalités sont départagées par l’ordre des options."
    ),
    "LOT": Sentence(
        "Ties are broken by a lot that anyone can draw again: SHA-256 of a text, known only after closing, and of "
        "the option; the smaller one wins. The text is: {lot_source}.",
        "Les égalités sont départagées par un tirage que chacun peut refaire : SHA-256 d’un texte, connu seulement "
        "après la clôture, et de l’option ; le plus petit l’emporte. Ce texte est : {lot_source}.",
    ),
}
CHEAPER = Sentence(
    "Of projects with equal support the cheaper is taken first; what nobody voted for is not paid.",
    "À soutien égal, le projet le moins cher est pris d’abord ; ce qui n’a aucune voix n’est pas financé.",
)
ACCOUNTS = Sentence(
    "An account votes once: nothing here finds one person with two accounts, or with a new one in place of an erased "
    "one, if no condition above does.",
    "Un compte vote une fois : rien ici ne repère une personne qui aurait deux comptes, ou un nouveau à la place d’un "
    "compte effacé, si aucune condition ci-dessus ne le fait.",
)
SECRECY = {
    "OPEN": Sentence(
        "OPEN: after closing, your ballot is published with your name. Until then nobody reads it here.",
        "OUVERT : après la clôture, votre bulletin est publié avec votre nom. D’ici là personne ne le lit ici.",
    ),
    "CONFIDENTIAL": Sentence(
        "CONFIDENTIAL: your ballot is sealed until closing, then mixed with the others and published without your "
        "name, and the key is destroyed. Whoever operates this service and holds the key before closing could link "
        "ballots to people. That you voted is recorded. Results of fewer than five ballots are withheld.",
        "CONFIDENTIEL : votre bulletin est scellé jusqu’à la clôture, puis mêlé aux autres et publié sans votre nom, "
        "et la clé est détruite. Qui exploite ce service et détient la clé avant la clôture pourrait relier bulletins "
        "et personnes. Il est noté que vous avez voté. Les résultats de moins de cinq bulletins ne sont pas publiés.",
    ),
    "BELENIOS": Sentence(
        "BELENIOS: the vote is held with Belenios; nothing is cast here, and its result is brought back.",
        "BELENIOS : le vote se tient avec Belenios ; rien n’est déposé ici, et son résultat est rapporté.",
    ),
}
LIMITS = Sentence(
    "No vote at a distance resists pressure on the voter, an altered page or an infected device. Nobody reads an "
    "interim result; how many have voted is shown.",
    "Aucun vote à distance ne résiste aux pressions sur l’électeur, à une page altérée ou à un appareil infecté. "
    "Personne ne lit de résultat intermédiaire ; le nombre de votants est affiché.",
)


def rules_of(poll: PollRow, options: Sequence[OptionRow], roll: int) -> dict[str, str]:
    """All that is fixed when the poll opens, in English and in French. roll: how many lines its roll has."""
    return {locale: "\n".join(_lines(poll, options, roll, at)) for at, locale in enumerate(("en", "fr"))}


def hash_of(rules: dict[str, str]) -> str:
    """The SHA-256 of both texts, as canonical JSON, in hex."""
    plain = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _in(sentence: Sentence, at: int) -> str:
    return (sentence.en, sentence.fr)[at]


def _lines(poll: PollRow, options: Sequence[OptionRow], roll: int, at: int) -> list[str]:
    english = at == 0
    lines = [poll.question]
    for number, one in enumerate(options, 1):
        lines.append(f"{number}. {one.label}" + (f" ({one.cost})" if one.cost is not None else ""))
    lines.append(_in(METHODS[poll.method], at).format(**poll.model_dump()))
    if poll.seats > 1 and poll.method != "STV":
        lines.append(f"{poll.seats} are elected." if english else f"{poll.seats} sont élues.")
    kind = "RANKED" if poll.method in ("IRV", "CONDORCET", "SCHULZE", "STV") else poll.method
    lines.append(_in(BLANKS.get(kind, BLANKS["OTHER"]), at))
    if poll.method in ("IRV", "STV"):
        lines.append(_in(EQUAL[poll.equal_ranks], at))
    if poll.method in BUDGETS:
        lines.append(_in(CHEAPER, at))
    lines.append(_in(TIES[poll.tie_break], at).format(lot_source=poll.lot_source))
    lines.append(_voters(poll, roll, english))
    if not poll.by_roll:
        lines.append(_in(ACCOUNTS, at))
    if poll.replaceable:
        lines.append("A ballot may be replaced until closing; the last one counts." if english else
                     "Un bulletin peut être remplacé jusqu’à la clôture ; le dernier compte.")  # fmt: skip
    else:
        lines.append("A ballot is final." if english else "Un bulletin est définitif.")
    if poll.proxies:
        lines.append(f"One may vote for up to {poll.proxies} others who entrust them with it." if english else
                     f"On peut voter pour {poll.proxies} autres au plus, qui en donnent procuration.")  # fmt: skip
    if poll.quorum:
        lines.append(f"Quorum: {poll.quorum} ballots." if english else f"Quorum : {poll.quorum} bulletins.")
    closes = poll.closes_at.strftime("%Y-%m-%d %H:%M UTC")
    lines.append(f"It closes at {closes}; before that, or called off, only for a reason that is public." if english else
                 f"Clôture : {closes} ; plus tôt, ou annulé, seulement pour un motif public.")  # fmt: skip
    return [*lines, _in(SECRECY[poll.secrecy], at), _in(LIMITS, at)]


def _voters(poll: PollRow, roll: int, english: bool) -> str:
    named = [
        one["criterion"] + (f" {json.dumps(one['parameters'])}" if one["parameters"] else "") for one in poll.criteria
    ]
    if poll.by_roll:
        named.insert(0, f"the imported roll ({roll})" if english else f"la liste importée ({roll})")
    if not named:
        told = "Every person who takes part here may vote, once.", "Toute personne inscrite ici peut voter, une fois."
        return told[0] if english else told[1]
    return ("Who may vote, once: " if english else "Qui peut voter, une fois : ") + "; ".join(named) + "."
