"""The tokenizer of XLM-RoBERTa and its kin (multilingual E5): the likeliest pieces, as ``tokenizer.json`` has them.

Done here rather than by the package that writes such files: that one brings a client of a model hub and 20 packages.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

_SPACE = "\u2581"
"""What a piece that begins a word begins with."""
_UNKNOWN_PENALTY = 10.0
_REMEMBERED = 20_000
"""Words whose pieces are kept: texts repeat theirs."""
_MARKS = ("<s>", "</s>", "<unk>")
_CHARACTERS_PER_TOKEN = 16


class _Model(msgspec.Struct):
    type: str
    vocab: list[tuple[str, float]]
    unk_id: int | None = None
    byte_fallback: bool = False


class _File(msgspec.Struct):
    """What is read of ``tokenizer.json``."""

    model: _Model
    added_tokens: list[dict[str, Any]] = []


class Unigram:
    """Turns text into token ids.

    Args:
        vocabulary: pieces in the order of their ids, each with the logarithm of how likely it is.

    Raises:
        ValueError: the vocabulary lacks <s>, </s> or <unk>.
    """

    def __init__(self, vocabulary: Sequence[tuple[str, float]]) -> None:
        self._pieces = {piece: number for number, (piece, _) in enumerate(vocabulary)}
        self._scores = [score for _, score in vocabulary]
        try:
            self._start, self._end, self._unknown = (self._pieces[mark] for mark in _MARKS)
        except KeyError as error:
            raise ValueError(f"the vocabulary has no {error.args[0]}") from error
        self.pad = self._pieces.get("<pad>", 0)
        """The id that stands for nothing."""
        for mark in ("<s>", "<pad>", "</s>", "<unk>", "<mask>"):  # never found in a text
            self._pieces.pop(mark, None)
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, self._pieces), default=1)
        self._known: dict[str, list[int]] = {}

    @classmethod
    def read(cls, file: bytes) -> Unigram:
        """The tokenizer that ``tokenizer.json`` describes. Raises ``ValueError`` if it is of another kind."""
        try:
            model = msgspec.json.decode(file, type=_File).model
        except msgspec.ValidationError as error:
            raise ValueError(f"tokenizer.json isn't one of a Unigram model ({error})") from error
        if model.type != "Unigram" or model.byte_fallback:
            raise ValueError(f"tokenizer.json has a {model.type} model, but only plain Unigram is known")
        return cls(model.vocab)

    def encode(self, text: str, most: int) -> list[int]:
        """The ids of ``text`` between start and end mark, ``most`` in all."""
        ids = [self._start]
        for word in _normalised(text[: most * _CHARACTERS_PER_TOKEN]).split():
            if len(ids) >= most:
                break
            ids += self._word(_SPACE + word)
        return [*ids[: most - 1], self._end]

    def _word(self, word: str) -> list[int]:
        ids = self._known.get(word)
        if ids is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            ids = self._known[word] = self._likeliest(word)
        return ids

    def _likeliest(self, word: str) -> list[int]:
        """Viterbi's way through ``word``; letters that no piece has become one unknown token for each run of them."""
        best = [0.0, *[float("-inf")] * len(word)]
        came: list[tuple[int, int]] = [(0, self._unknown)] * (len(word) + 1)
        for start in range(len(word)):
            alone = False
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                number = self._pieces.get(word[start:end])
                if number is None:
                    continue
                alone = alone or end == start + 1
                if (score := best[start] + self._scores[number]) > best[end]:
                    best[end], came[end] = score, (start, number)
            if not alone and (score := best[start] + self._unknown_score) > best[start + 1]:
                best[start + 1], came[start + 1] = score, (start, self._unknown)
        ids: list[int] = []
        at = len(word)
        while at:
            at, number = came[at]
            if number != self._unknown or not ids or ids[-1] != number:
                ids.append(number)
        return ids[::-1]


def _normalised(text: str) -> str:
    """NFKC without what is not to be seen, as the vocabulary was made with."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.isascii() and plain.isprintable():
        return plain
    return "".join(letter if unicodedata.category(letter)[0] != "C" else _instead(letter) for letter in plain)


def _instead(letter: str) -> str:
    return " " if letter in "\t\n\r\u200b\ufeff" else ""
