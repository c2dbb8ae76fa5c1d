"""Which of a decoder's words were said: a decoder finds words in silence and noise, too."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.ports import Word


def heard(segments: Sequence[Word]) -> tuple[Word, ...]:
    """The words among ``segments``, without marks ("<sil>", "[NOISE]") and the numbers of variants ("the(2)").

    Empty if the whole is more likely noise than speech.
    """
    words = [segment for segment in segments if segment.text[0] not in "<[+"]
    return tuple(Word(word.text.partition("(")[0], word.start_ms, word.end_ms, word.confidence) for word in words)
