"""Things that a question asks about, and whether a text speaks of another one of their kind.

"The week ticket" isn't the season ticket, and "the sails of the Heron" are neither its oars nor those of the Kestrel,
however many words they share.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vasi.language.deciding import asked_words
from vasi.language.detection import detect
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import stem, words

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
_OF: dict[Language, frozenset[str]] = {
    "en": frozenset({"of"}),
    "de": frozenset({"der", "des", "von", "vom"}),
    "es": frozenset({"de", "del"}),
    "fr": frozenset({"de", "du", "des"}),
    "it": frozenset({"di", "del", "della", "dello", "dei", "degli", "delle"}),
    "nl": frozenset({"van"}),
    "pt": frozenset({"de", "do", "da", "dos", "das"}),
}
_POSSESSIVE = ("'s", "’s", "s'", "s’")
_GRADING = frozenset(
    words(
        "maximum minimum max min average mean total overall whole exact approximate current present latest recent main"
        " official actual normal typical general usual new old big large small long short first last next good best"
        " open different certain own other same whole many more most much"
    )
)
"""Words that tell of one thing which figure or state is meant, rather than which thing."""
_WHO_IS = re.compile(
    r"(?:and |so |und |y |et |e )?(?:who(?:['’]s| (?:is|are|was|were)(?! to\b))|wer (?:ist|sind|war|waren)"
    r"|qui (?:est|sont|était|étaient)|quién(?:es)? (?:es|son|era|eran|fue)|chi (?:è|sono|era)|quem (?:é|são|era|foi)"
    r"|wie (?:is|zijn|was)) ",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:(?:in|inside|at|on|aboard|near|during|to) (?:the|our|my|your|this)"
    r"|im|am|beim|zur|zum|(?:in|an|auf) (?:der|dem|den)|en (?:el|la|los|las)|al"
    r"|dans (?:le|la|les)|au|aux|à la|nel|nella|al|alla|in (?:de|het)|no|na|nos|nas) ",
    re.IGNORECASE,
)
_LONGEST_RUN = 3
"""Words of a thing; where more stand side by side, one is a verb."""
_KIN = 5
"""Letters in common from which on two words count as forms of one."""


@dataclass(frozen=True, slots=True)
class AskedThing:
    """A thing that is asked about, in stems.

    Attributes:
        head: what it is: "ticket", "sails".
        described: what stands in front of it: "week"; only in English, where it is a word of its own.
        of: whose it is: "Heron", of "the sails of the Heron" and "the Heron's sails".
    """

    head: str
    described: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    stem: str
    telling: bool
    """Neither a stop word nor a mark."""
    light: bool


def asked_things(question: str, language: Language) -> tuple[AskedThing, ...]:
    """The things of ``question`` that have something with them which tells them from others of their kind.

    Args:
        question: as asked.
        language: of what it is compared with: stems are taken by it.
    """
    own = detect(question)
    light = {word.stem for word in asked_words(question, language) if word.light}
    tokens = [_token(found[0], own, language, light) for found in _TOKEN.finditer(question)]
    of_words = _OF.get(own, frozenset())
    found: list[AskedThing] = []
    at = 1  # what begins a question is its verb, or a name by itself
    while at < len(tokens):
        end = _run_end(tokens, at)
        if end == at:
            at += 1
            continue
        run = _trimmed(tokens[at:end], own)
        whose: Sequence[_Token] = ()
        if run and at + len(run) == end and end < len(tokens) and tokens[end].text.lower() in of_words:
            start = _skip_stop_words(tokens, end + 1)
            whose = _trimmed(tokens[start : _run_end(tokens, start)], own)
            end = start + len(whose) if whose else end
        if 0 < len(run) <= _LONGEST_RUN and run[-1].text.isalpha():
            found += _thing(run, whose, compounds=own == "en")
        at = max(end, at + 1)
    return tuple(found)


def asked_role(question: str, language: Language) -> str:
    """The stem of what somebody is in ``question``: "chair" of "who is the chair of the club"; "" if it asks otherwise.

    Args:
        question: as asked.
        language: as in ``asked_things``.
    """
    asked = _WHO_IS.match(question.strip())
    if asked is None:
        return ""
    own = detect(question)
    light = {word.stem for word in asked_words(question, language) if word.light}
    tokens = [_token(found[0], own, language, light) for found in _TOKEN.finditer(question.strip()[asked.end() :])]
    start = _skip_stop_words(tokens, 0)
    run = tokens[start : _run_end(tokens, start)]
    if not run or run[-1].light or _is_possessive(run[-1]):
        return ""
    behind = start + len(run)
    ends = (
        behind == len(tokens) or not tokens[behind].text[0].isalnum() or tokens[behind].text.lower() in _OF.get(own, ())
    )
    return run[-1].stem if ends or own != "en" else ""


def is_kin(one: str, stems: Collection[str]) -> bool:
    """Whether a stem is among ``stems``, or a form of one of them: "chair" and "chairwoman"."""
    if one in stems:
        return True
    return len(one) >= _KIN and any(
        other.startswith(one) or (len(other) >= _KIN and one.startswith(other)) for other in stems
    )


def asked_places(question: str, language: Language) -> frozenset[str]:
    """The stems of what ``question`` sets its matter in: "workshop" of "is smoking allowed in the workshop".

    Args:
        question: as asked.
        language: as in ``asked_things``.
    """
    own = detect(question)
    light = {word.stem for word in asked_words(question, language) if word.light}
    found: set[str] = set()
    for place in _WHERE.finditer(question):
        tokens = [_token(one[0], own, language, light) for one in _TOKEN.finditer(question[place.end() :])]
        run = _trimmed(tokens[: _run_end(tokens, 0)], own)
        if 0 < len(run) <= _LONGEST_RUN and run[-1].text.isalpha():
            found.add(run[-1].stem)
    return frozenset(found)


def speaks_of(things: Sequence[AskedThing], text: str, above: Collection[str], language: Language) -> bool:
    """Whether all that one of ``things`` is told by stands in ``text`` or, in stems, ``above`` it."""
    there = {*_parts(text, language), *above}
    return any(all(is_kin(one, there) for one in (thing.head, *thing.described, *thing.of)) for thing in things)


def speaks_of_another(
    things: Sequence[AskedThing], text: str, above: Collection[str], asked: Collection[str], language: Language
) -> bool:
    """Whether ``text`` tells of something else of the kind of one of ``things``, and not of that.

    Args:
        things: of a question.
        text: a sentence, a row or an item.
        above: stems of what stands above it: headings, the document's name.
        asked: all stems of the question.
        language: of ``text``.
    """
    if not things:
        return False
    tokens = [_token(found[0], language, language, ()) for found in _TOKEN.finditer(text)]
    there = {one for token in tokens for one in (token.stem, *_parts(token.text, language))}.union(above)
    return any(_of_another(thing, tokens, there, frozenset(asked), language) for thing in things)


def _of_another(
    thing: AskedThing, tokens: Sequence[_Token], there: set[str], asked: frozenset[str], language: Language
) -> bool:
    has_head = is_kin(thing.head, there)
    has_owner = all(is_kin(one, there) for one in thing.of)
    if thing.of and not (has_head and has_owner):
        for at, token in enumerate(tokens):
            whose = _whose(tokens, at, language)
            if whose is None or not token.telling:
                continue
            if not has_owner and token.stem == thing.head and whose.stem not in asked:
                return True  # the sails of another
            if has_owner and not has_head and whose.stem in thing.of and token.stem not in asked:
                return True  # something else of the same
    if thing.described and has_head and not any(is_kin(one, there) for one in thing.described):
        places = [at for at, token in enumerate(tokens) if token.stem == thing.head]
        return bool(places) and all(_is_of_another_kind(tokens, at, asked) for at in places)
    return False


def _is_of_another_kind(tokens: Sequence[_Token], at: int, asked: frozenset[str]) -> bool:
    """Whether in front of the noun at place ``at`` stands what tells it from others, and isn't asked for."""
    if not at:
        return False
    before = tokens[at - 1]
    return before.telling and before.text.isalpha() and before.stem not in asked and before.text.lower() not in _GRADING


def _whose(tokens: Sequence[_Token], at: int, language: Language) -> _Token | None:
    """The noun that the one at place ``at`` belongs to, by an "of" behind it or a possessive in front of it."""
    if at + 1 < len(tokens) and tokens[at + 1].text.lower() in _OF.get(language, ()):
        start = _skip_stop_words(tokens, at + 2)
        end = _run_end(tokens, start)
        return tokens[end - 1] if end > start else None
    return tokens[at - 1] if at and _is_possessive(tokens[at - 1]) else None


def _thing(run: Sequence[_Token], whose: Sequence[_Token], *, compounds: bool) -> list[AskedThing]:
    """The thing, if something tells it from others of its kind."""
    owner = tuple(token.stem for token in whose)
    possessive = next((at for at, token in enumerate(run[:-1]) if _is_possessive(token)), None)
    if possessive is not None:
        owner = tuple(token.stem for token in run[: possessive + 1])
        run = run[possessive + 1 :]
    described: list[str] = []
    if compounds:
        described = [token.stem for token in run[:-1] if token.text.lower() not in _GRADING]
    return [AskedThing(run[-1].stem, tuple(described), owner)] if described or owner else []


def _token(text: str, own: Language, language: Language, light: Collection[str]) -> _Token:
    parts = words(text)
    last = stem(parts[-1], language) if parts else ""
    telling = bool(parts) and any(word not in STOP_WORDS_OF[own] for word in parts)
    return _Token(text, last, telling, last in light)


def _parts(text: str, language: Language) -> list[str]:
    """The stems of all words of ``text``."""
    return [stem(word, language) for word in words(text)]


def _run_end(tokens: Sequence[_Token], start: int) -> int:
    """The end of the telling words that stand side by side from ``start`` on."""
    while start < len(tokens) and tokens[start].telling:
        start += 1
    return start


def _skip_stop_words(tokens: Sequence[_Token], start: int) -> int:
    while start < len(tokens) and not tokens[start].telling and tokens[start].text[0].isalnum():
        start += 1
    return start


def _trimmed(run: Sequence[_Token], own: Language) -> Sequence[_Token]:
    """``run`` without the verb of the question at its end: general words, and in German what has no capital."""
    end = len(run)
    while end and (run[end - 1].light or (own == "de" and run[end - 1].text[0].islower())):
        end -= 1
    return run[:end]


def _is_possessive(token: _Token) -> bool:
    return token.text.lower().endswith(_POSSESSIVE)
