"""Words that are spelled much like a word: the first letter is right, few others are wrong."""

from collections.abc import Iterable
from typing import Final

SHORT: Final = 4
LONG: Final = 8
"""Letters from which on one wrong letter, and two, are forgiven."""

Candidate = tuple[int, str]
"""(edits, word)."""


def allowance(word: str) -> int:
    """How many edits are forgiven; none in numbers and short words."""
    if len(word) < SHORT or not any(letter.isalpha() for letter in word):
        return 0
    return 2 if len(word) >= LONG else 1


def edits(left: str, right: str, most: int) -> int:
    """Insertions, deletions, substitutions, swaps of neighbours between two words; `most` + 1 when more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    left, right = _different(left, right)
    if not left or not right:
        return min(len(left) + len(right), most + 1)
    if most == 1:
        swapped = len(left) == 2 and left == right[::-1]
        return 1 if swapped or len(left) == len(right) == 1 else 2
    return min(_alignment(left, right, most), most + 1)


def _different(left: str, right: str) -> tuple[str, str]:
    """What lies between the beginning and the end that two words share."""
    shorter = min(len(left), len(right))
    start = 0
    while start < shorter and left[start] == right[start]:
        start += 1
    end = 0
    while end < shorter - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return left[start : len(left) - end], right[start : len(right) - end]


def _alignment(left: str, right: str, most: int) -> int:
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]


class Vocabulary:
    """Words with one first letter, arranged to find those like another word."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: dict[int, list[tuple[str, int]]] = {}
        for word in words:
            self._by_length.setdefault(len(word), []).append((word, _letters(word)))

    def like(self, word: str) -> list[Candidate]:
        """Other words within the word's allowance, the nearest first, then by name."""
        most = allowance(word)
        if not most:
            return []
        letters = _letters(word)
        found: list[Candidate] = []
        for length in range(len(word) - most, len(word) + most + 1):
            for other, its_letters in self._by_length.get(length, ()):
                if (letters & ~its_letters).bit_count() <= most and (
                    its_letters & ~letters
                ).bit_count() <= most:
                    distance = edits(word, other, most)
                    if 0 < distance <= most:
                        found.append((distance, other))
        return sorted(found)


def _letters(word: str) -> int:
    """The set of its letters as bits: two words differ in at most as many as they need edits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits
