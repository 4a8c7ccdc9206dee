"""From a text to the words that search compares: without accents, capitals or endings, in French and English."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice

import snowballstemmer

LANGUAGES = ("french", "english")
LONGEST_WORD = 40  # characters; more of a word is not compared
MOST_WORDS = 25_000  # of one text: no text of 50,000 characters has more
MOST_STEMS = 5_000  # different words of one text; what people write in 50,000 characters has half as many

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_MAYBE_MARK = re.compile("[^\x00-\u02ff\u2010-\u20cf]")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_EMPTY = """
    a au aux avec c ce ces cet cette d dans de des du elle en et est il ils j je l la le les leur leurs lui m ma mais me
    mes mon n ne nos notre nous on ou par pas pour qu que qui s sa se ses son sur t ta te tes ton tu un une vos votre
    vous y an and are as at be by for from in is it of or that the this to was with
"""
_TELLS_NOTHING = frozenset(_EMPTY.split())


def words(text: str) -> list[str]:
    """The words of `text`, in order: lower-case, without accents, at most 40 characters each."""
    text = _bare(text)  # before it is normalised, which takes seconds over a long row of marks
    folded = _bare(unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
    found = _WORD.finditer(folded)
    return [word[0][:LONGEST_WORD] for word in islice(found, MOST_WORDS)]


def stems(text: str) -> str:
    """What is kept of a text: the stems of its words in every language, separated by spaces; only `a-z` and `0-9`."""
    known: dict[str, tuple[str, ...]] = {}
    found: list[str] = []
    for word in words(text):
        if word not in known:
            if len(known) == MOST_STEMS:
                continue
            known[word] = _stems_of(word)
        found += known[word]
    return " ".join(found)


def asked(text: str) -> list[tuple[str, ...]]:
    """What a query asks for: each of its words once, as alternatives. Words that say nothing count only if alone."""
    every = list(dict.fromkeys(words(text)))
    telling = [word for word in every if word not in _TELLS_NOTHING]
    return list(dict.fromkeys(_stems_of(word) for word in telling or every))


def _bare(text: str) -> str:
    text = _ACCENTS.sub("", text)
    if not _MAYBE_MARK.search(text):  # most texts: to look at each character is slow
        return text
    return "".join(one for one in text if not unicodedata.combining(one))


@lru_cache(maxsize=50_000)
def _stems_of(word: str) -> tuple[str, ...]:
    if not word.isascii():
        return (word.encode().hex(),)  # the two databases do not agree on what a letter is elsewhere
    # A stemmer keeps the word that it works on: one of one's own, so that threads do not meet in it.
    return tuple(dict.fromkeys(snowballstemmer.stemmer(name).stemWord(word) for name in LANGUAGES))
