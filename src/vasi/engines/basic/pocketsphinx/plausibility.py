"""Which of a decoder's words were said: a decoder finds words in silence and noise, too."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.ports import Word

_LONGEST_WORD_MS = 1_800


def heard(segments: Sequence[Word]) -> tuple[Word, ...]:
    """The words among ``segments``, without marks ("<sil>", "[NOISE]") and the numbers of variants ("the(2)").

    A word of two seconds is steady noise: nobody speaks so slowly, and the decoder gives such words full confidence.
    """
    return tuple(
        Word(word.text.partition("(")[0], word.start_ms, word.end_ms, word.confidence)
        for word in segments
        if word.text[0] not in "<[+" and word.end_ms - word.start_ms <= _LONGEST_WORD_MS
    )
