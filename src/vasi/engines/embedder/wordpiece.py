"""The tokenizer of BERT and its kin (MiniLM, BGE, E5): WordPiece over a ``vocab.txt``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|[^\s]")
_LONGEST_WORD = 100


class WordPiece:
    """Turns text into token ids.

    Args:
        vocabulary: the lines of ``vocab.txt``: token ``n`` in line ``n``.

    Raises:
        ValueError: the vocabulary lacks [CLS], [SEP] or [UNK].
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {token.rstrip("\n"): number for number, token in enumerate(vocabulary)}
        try:
            self._start, self._end, self._unknown = (self._ids[token] for token in ("[CLS]", "[SEP]", "[UNK]"))
        except KeyError as error:
            raise ValueError(f"the vocabulary has no {error.args[0]}") from error
        self.pad = self._ids.get("[PAD]", 0)
        """The id that stands for nothing."""

    def encode(self, text: str, most: int) -> list[int]:
        """The ids of ``text`` between start and end mark, ``most`` in all."""
        ids = [self._start]
        folded = unicodedata.normalize("NFD", text.lower())
        plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
        for match in _TOKEN.finditer(plain):
            if len(ids) >= most:
                break
            ids += self._pieces(match.group())
        return [*ids[: most - 1], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._ids.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            pieces.append(piece)
            start = end
        return pieces
