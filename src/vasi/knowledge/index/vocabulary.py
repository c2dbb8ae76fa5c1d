"""The words of an owner's passages by their sounds, and which of them somebody may have said.

A recogniser that mishears "copay" as "co pay", or "deductible" as "the duck tibial", still gets most sounds right. What
was heard is one run of sounds, without the borders of its words. Words that share trigrams with it are aligned with it,
and those that take few changes to be found somewhere in the run may have been said there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vasi.language.phonetics import CLASSES

_LETTERS = sorted(set(CLASSES.values()))
_BASE = len(_LETTERS) + 1
_GRAM = 3
_SHARE = 0.2
"""So much of its trigrams a word has to share with what was heard, to be aligned with it."""
_ALIGNED = 256
"""Words that are aligned, those with the largest share."""
_LEAST = 0.25
"""A word of less weight wasn't said: it takes too many changes, or is too small a part of what was."""
_STEEPNESS = 3.0
"""How fast a word's weight falls with the changes that it takes."""
_PARTLY = 2.0
"""The same for a short word inside a longer one: "ten" in "attention"."""
_MEANT = 6
"""Words that one heard word may be."""
_VOWEL_CHANGE = 0.7
"""A vowel heard as another one, or not at all, is less of a change than a consonant."""
_VOWELS = "ieao"


def _codes() -> npt.NDArray[np.uint8]:
    codes = np.zeros(256, np.uint8)
    for number, letter in enumerate(_LETTERS, 1):
        codes[ord(letter)] = number
    return codes


def _changes() -> npt.NDArray[np.float32]:
    """What it costs to hear one sound as another, or (0) as none."""
    cost = np.ones((_BASE, _BASE), np.float32) - np.eye(_BASE, dtype=np.float32)
    vowels = [0, *(_LETTERS.index(letter) + 1 for letter in _VOWELS)]
    cost[np.ix_(vowels, vowels)] *= _VOWEL_CHANGE
    return cost


_CODES = _codes()
_CHANGES = _changes()


def most_likely(words: Mapping[str, float]) -> Mapping[str, float]:
    """The few of ``words`` (with their likeness) that one heard word may be."""
    return dict(sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))[:_MEANT])


class SoundVocabulary:
    """The distinct sounds of words (``vasi.language.phonetics.sounds``) of all passages of an owner.

    Args:
        words: sorted; about 60 bytes of memory for each.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        text = np.frombuffer(" ".join(words).encode("ascii", "replace") + b" ", np.uint8)
        letters = _CODES[text].astype(np.int64)
        numbers = np.cumsum(text == ord(" "))
        self._lengths = np.diff(np.flatnonzero(text == ord(" ")), prepend=-1) - 1
        grams = letters[:-2] * _BASE * _BASE + letters[1:-1] * _BASE + letters[2:]
        whole = (letters[:-2] > 0) & (letters[1:-1] > 0) & (letters[2:] > 0)
        order = np.argsort(grams[whole], kind="stable")
        self._holders = numbers[:-2][whole][order].astype(np.int32)
        self._borders = np.searchsorted(grams[whole][order], np.arange(_BASE**_GRAM + 1))

    def __len__(self) -> int:
        return len(self._words)

    def meant(self, heard: Sequence[str]) -> list[Mapping[str, float]]:
        """For each of the ``heard`` words (their sounds, in order) the words that may have been said there.

        Returns:
            Words with their likeness, above 0 and up to 1; takes about 2 ms.
        """
        found: list[dict[str, float]] = [{} for _ in heard]
        for place, one in enumerate(heard):
            if one and self._knows(one):
                found[place][one] = 1.0
        run, place_of = _joined(heard)
        if len(run) >= _GRAM:
            candidates = self._sharing(run)
            if len(candidates):
                self._align(candidates, run, place_of, heard, found)
        return [most_likely(one) for one in found]

    def _knows(self, word: str) -> bool:
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at] == word

    def _sharing(self, run: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The numbers of the words that share most trigrams with the run."""
        grams = np.unique(run[:-2] * _BASE * _BASE + run[1:-1] * _BASE + run[2:])
        holders = [self._holders[self._borders[gram] : self._borders[gram + 1]] for gram in grams.tolist()]
        shared = np.bincount(np.concatenate(holders), minlength=len(self._words))
        near = np.flatnonzero(shared)
        share = shared[near] / (self._lengths[near] - _GRAM + 1)
        chosen = np.flatnonzero(share >= _SHARE)
        if len(chosen) > _ALIGNED:
            chosen = chosen[np.argpartition(-share[chosen], _ALIGNED)[:_ALIGNED]]
        return near[chosen]

    def _align(
        self,
        candidates: npt.NDArray[np.int64],
        run: npt.NDArray[np.int64],
        place_of: Sequence[int],
        heard: Sequence[str],
        found: Sequence[dict[str, float]],
    ) -> None:
        numbers: list[int] = candidates.tolist()
        words = [self._words[number] for number in numbers]
        ends, changes = _aligned(words, run)
        for word, end, change in zip(words, ends.tolist(), changes.tolist(), strict=True):
            likeness = 1 - change / len(word)
            middle = place_of[max(0, end - 1 - len(word) // 2)]
            covered = min(1.0, len(word) / len(heard[middle]))
            weight = max(0.0, likeness) ** _STEEPNESS * covered**_PARTLY
            if weight >= _LEAST:
                found[middle][word] = max(weight, found[middle].get(word, 0.0))


def _joined(heard: Sequence[str]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """The sounds in a row, one said twice at the border of two words counted once, and the word of each."""
    run = ""
    place_of: list[int] = []
    for place, word in enumerate(heard):
        said = word[1:] if run and word[:1] == run[-1] else word
        run += said
        place_of += [place] * len(said)
    return _CODES[np.frombuffer(run.encode("ascii", "replace"), np.uint8)].astype(np.int64), place_of


def _aligned(words: Sequence[str], run: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Where in the run each word ends at its best, and what it takes to find it there: edits, all words at once."""
    longest = max(map(len, words))
    letters = np.zeros((len(words), longest), np.int64)
    for row, word in enumerate(words):
        letters[row, : len(word)] = _CODES[np.frombuffer(word.encode("ascii", "replace"), np.uint8)]
    heard_more = np.concatenate([[0.0], np.cumsum(_CHANGES[0, run])]).astype(np.float32)
    cost = np.zeros((len(words), len(run) + 1), np.float32)  # a word may begin anywhere in the run
    for at in range(longest):
        letter = letters[:, at]
        left_out = cost + _CHANGES[letter, 0][:, None]
        left_out[:, 1:] = np.minimum(left_out[:, 1:], cost[:, :-1] + _CHANGES[letter[:, None], run[None, :]])
        longer = np.minimum.accumulate(left_out - heard_more, axis=1) + heard_more
        cost = np.where(letter[:, None] > 0, longer, cost)
    ends = np.argmin(cost, axis=1)
    return ends, cost[np.arange(len(words)), ends]
