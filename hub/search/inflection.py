"""English words that say the same as a word in another form: `merges`, `merging`, `merged` for `merge`.

For questions only: indexes hold words as they were written. Made by rule, so some forms are no words; nothing
holds those.
"""

import re
from functools import lru_cache
from typing import Final

from hub.search.text import forms

LEAST: Final = 4
"""Letters of the shortest word that is inflected."""
LONGEST: Final = 24
"""Longer runs of letters are names."""

_DOUBLING: Final = re.compile(r".*[^aeiou][aeiou][bdgklmnprt]")
"""One vowel and one consonant: `plot` doubles it in `plotting`, `format` in `formatter`."""
_DOUBLED: Final = re.compile(r".*([bdgklmnprt])\1")
_ISED: Final = re.compile(r"(.{2,})i([sz])(e|es|ed|ing|ation|ations)")
_VOWEL: Final = re.compile("[aeiouy]")
_SPELLED: Final = (
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("neighbour", "neighbor"),
    ("centre", "center"),
)


@lru_cache(maxsize=4096)
def inflections(word: str) -> tuple[str, ...]:
    """The word, its singular or plural (see `forms`), then its other forms."""
    plain = forms(word)
    if not (LEAST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
        return plain
    found = dict.fromkeys(plain)
    for base in _bases(word):
        found |= dict.fromkeys(_forms_of(base))
    return tuple(dict.fromkeys([*found, *(other for one in found for other in _spellings(one))]))


def _bases(word: str) -> tuple[str, ...]:
    """What a word may be made of, the word itself if nothing."""
    for ending, makers in _ENDINGS:
        stem = word.removesuffix(ending)
        if ending in ("er", "ers") and not _DOUBLED.fullmatch(stem):
            continue  # a `customer` is no form of `custom`
        if stem != word and len(stem) >= 3 and _VOWEL.search(stem):
            bases = tuple(base for maker in makers if (base := stem + maker))
            return (*bases, stem[:-1]) if "e" in makers and _DOUBLED.fullmatch(stem) else bases
    return (min(forms(word), key=len),)


_ENDINGS: Final = (
    *((f"{i}ations", (f"{i}e",)) for i in ("iz", "is")),
    *((f"{i}ation", (f"{i}e",)) for i in ("iz", "is")),
    ("ification", ("ify",)),
    ("ifications", ("ify",)),
    ("ations", ("ate", "")),
    ("ation", ("ate", "")),
    ("uctions", ("uce", "uct")),
    ("uction", ("uce", "uct")),
    ("ctions", ("ct",)),
    ("ction", ("ct",)),
    ("ying", ("y",)),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("ated", ("ate",)),
    ("ed", ("", "e")),
    ("ers", ("", "e")),
    ("er", ("", "e")),
    ("ly", ("",)),
)


def _forms_of(base: str) -> list[str]:
    stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else base
    past = f"{base[:-1]}ied" if re.search("[^aeiou]y$", base) else f"{stem}ed"
    found = [*forms(base), f"{stem}ing", past, *_nouns(base)]
    if _DOUBLING.fullmatch(base):
        found += [f"{base}{base[-1]}{ending}" for ending in ("ing", "ed", "er", "ers")]
    return found


def _nouns(base: str) -> list[str]:
    for ending, noun in (("ify", "ification"), ("ize", "ization"), ("ise", "isation"), ("ate", "ation")):
        if base.endswith(ending) and len(base) > len(ending) + 1:
            return [base.removesuffix(ending) + noun]
    if base.endswith("uce"):
        return [f"{base[:-1]}tion"]
    return [f"{base}ion"] if base.endswith("ct") and len(base) > 3 else []


def _spellings(word: str) -> list[str]:
    """The same word in British or American spelling."""
    found = []
    if ised := _ISED.fullmatch(word):
        stem, letter, rest = ised.groups()
        found.append(f"{stem}i{'z' if letter == 's' else 's'}{rest}")
    for british, american in _SPELLED:
        if british in word:
            found.append(word.replace(british, american))
        elif american in word:
            found.append(word.replace(american, british))
    return found
