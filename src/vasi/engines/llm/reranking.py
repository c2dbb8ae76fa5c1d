"""The order of sentences that may answer, changed by what was asked and what was noted a moment ago."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vasi.engines.llm.evidence import Asked
from vasi.language.measures import asked_measure, holds
from vasi.language.ranking import RankedSentence
from vasi.language.rows import is_row

_QUANTITY = 0.12
"""Added to the score of a sentence that holds the quantity asked for."""
_FRESH = 0.26
"""Added to the score of a sentence that was noted a moment ago."""
_LINE = re.compile(r"[^\n]+")


def lifted(ranked: list[RankedSentence], passages: Sequence[int]) -> list[RankedSentence]:
    """``ranked`` with what stands in these ``passages`` further up."""
    if not passages:
        return ranked
    raised = [
        replace(sentence, score=min(1.0, sentence.score + _FRESH)) if sentence.passage_index in passages else sentence
        for sentence in ranked
    ]
    return sorted(raised, key=lambda sentence: -sentence.score)


def by_rows(asked: Asked, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Of short rows that were read as one sentence only those that hold the most of the question."""
    parted: list[RankedSentence] = []
    for sentence in ranked:
        lines = [(found.start(), found[0]) for found in _LINE.finditer(sentence.text)]
        if len(lines) < 2 or not any(is_row(line) for _, line in lines):
            parted.append(sentence)
            continue
        most = max(asked.share(line) for _, line in lines)
        for at, line in lines:
            if asked.share(line) == most:
                start = sentence.start + at
                parted.append(replace(sentence, start=start, end=start + len(line), text=line))
    return parted


def by_quantity(question: str, ranked: list[RankedSentence]) -> list[RankedSentence]:
    """Sentences with the quantity that is asked for go up."""
    measure = asked_measure(question)
    if measure is None:
        return ranked
    raised = [
        replace(sentence, score=min(1.0, sentence.score + _QUANTITY * holds(measure, sentence.text)))
        for sentence in ranked
    ]
    return sorted(raised, key=lambda sentence: -sentence.score)
