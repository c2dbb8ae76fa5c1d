"""Where something stands, or comes near, in the passages that were found."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.llm.evidence import asked_words
from vasi.engines.llm.outputs import FoundPassage
from vasi.engines.llm.wording import sources
from vasi.language.ranking import rank_sentences
from vasi.language.replies import replies_for
from vasi.language.sentences import sentences
from vasi.language.speakable import speakable, spoken_name

_LOOKED_AT = 6
_NEAR = 0.5
"""Share of a question's telling words that a passage holds that comes near."""
_SHORT_TOPIC = 5  # words
_PLACES = 3
"""Passages that are named when only the place is asked for."""


def nearest(question: str, passages: Sequence[FoundPassage]) -> list[str]:
    """Where something comes near that isn't there; empty if nothing does."""
    asked, replies = asked_words(question), replies_for(question)
    for passage in passages[:_LOOKED_AT]:
        if passage.note or asked.heavy_share(f"{passage.heading} {passage.text}") < _NEAR:
            continue
        topic = passage.heading.rpartition(" > ")[2].strip(" .:")
        place = sources([passage], replies)
        if topic and len(topic.split()) <= _SHORT_TOPIC and topic.lower() != spoken_name(passage.document).lower():
            return [replies.nearest.format(place=place, topic=topic)]
        return [replies.nearest_place.format(place=place)]
    return []


def whereabouts(topic: str, passages: Sequence[FoundPassage]) -> list[str] | None:
    """Where the passages tell of ``topic``, with the sentence that does; None if none has all of its words."""
    replies = replies_for(topic)
    asked = asked_words(topic)
    telling = [one for one in passages[:_LOOKED_AT] if asked.share(f"{one.heading}\n{one.text}") == 1]
    if not telling:
        return None
    telling.sort(
        key=lambda one: (
            asked.share(one.heading.rpartition(" > ")[2]) == 1,  # the section that is called so
            max(asked.share(span.text) for span in sentences(one.text)),
        ),
        reverse=True,
    )
    telling = telling[:_PLACES]
    ranked = rank_sentences(topic, [telling[0].text], [telling[0].heading])
    said = speakable(ranked[0].text, topic) if ranked else ""
    return [replies.whereabouts.format(sources=sources(telling, replies)), *([said] if said else [])]
