"""What a question is about, in its own words: to say what isn't there."""

from __future__ import annotations

import re

from vasi.language.deciding import asked_words
from vasi.language.detection import detect
from vasi.language.terms import words

_TOKEN = re.compile(r"\S+")
_EDGES = "\"'“”‘’«»„()[]{}<>,;:!?¿¡….。？"
_ARTICLES = frozenset(words("the a an my your our le la les un une el los las una il lo gli"))
_MOST_WORDS = 9
_WITHOUT_SPACES = ("ja", "zh")


def topic_of(question: str) -> str:
    """The stretch of ``question`` from its first to its last telling word: "insurance of the workshop".

    "" where it has none, or where it is too long to be said again.
    """
    language = detect(question)
    if language in _WITHOUT_SPACES:
        return ""
    asked = asked_words(question, language)
    telling = [word for word in asked if not word.light] or asked
    if not telling:
        return ""
    tokens = _TOKEN.findall(question)
    first, last = min(word.place for word in telling), max(word.place for word in telling)
    if last - first >= _MOST_WORDS:
        return ""
    if first and tokens[first - 1].lower() in _ARTICLES:
        first -= 1
    topic = " ".join(tokens[first : last + 1]).strip(_EDGES)
    return topic.removesuffix("'s").removesuffix("’s") if "{" not in topic and "}" not in topic else ""
