"""Places in documents: questions for one ("which page tells about pruning") and by one ("what is on page 17")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vasi.language.dates import number_of
from vasi.language.terms import STOP_WORDS, content_words, words

_PART = r"(?:pages?|slides?|documents?|files?|chapters?|sections?|manuals?|handbooks?|guides?|texts?)"
_TELLS = (
    r"(?:(?:tells?|talks?|speaks?|says?)(?: (?:me|us))?(?: something| anything)?(?: about| of| on)?"
    r"|mentions?|describes?|explains?|covers?|discuss(?:es)?|deals? with|(?:is|are) (?:it )?about"
    r"|(?:has|have|contains?) (?:(?:something|anything|information|details) )?(?:about|on))"
)
_TOLD = r"(?:mentioned|described|explained|covered|discussed|written(?: down)?|documented|printed)"
_READ = r"(?:can|could|do|should) (?:i|we) (?:find|read|look up|learn)(?: (?:something|anything|more|out|information))*"
_IT = r"(?:it|they|(?:the|my|our|your|these|those) [\w-]+(?: [\w-]+)?)"

_QUESTIONS = tuple(
    re.compile(rf"(?![\s\S]{{301}}){question}[\s?.!]*+", re.IGNORECASE)
    for question in (
        rf"(?:on |in )?(?:which|what) {_PART}(?: of {_IT})? {_TELLS}(?: that)? (?P<topic>.+?)",
        rf"(?:on |in )?(?:which|what) {_PART} {_READ} about (?P<topic>.+?)",
        rf"(?:on |in )?(?:which|what) {_PART} (?:does|do) {_IT} (?:say|tell|mention|explain|describe|cover)"
        r"(?: (?:that|about))? (?P<topic>.+?)",
        rf"(?:on |in )?(?:which|what) {_PART} (?:is|are) (?P<topic>.+?) (?:on|in|{_TOLD}(?: on| in)?)",
        r"(?:on|in) (?:which|what) (?:pages?|slides?|chapters?|sections?) (?:is|are) (?P<topic>.+?)",
        rf"where (?:(?:does|do) {_IT} (?:say|tell|mention|explain|describe|cover)|(?:is it|does it stand) {_TOLD})"
        r"(?: (?:that|about|something about|anything about))? (?P<topic>.+?)",
        rf"where {_READ} about (?P<topic>.+?)",
        rf"where (?:is|are) (?P<topic>.+?) {_TOLD}",
        r"(?:do (?:i|we|you) have|is there|are there) (?:anything|something|any (?:documents?|information|texts?))"
        r"(?: in (?:my|the|your) documents?)? (?:about|on|regarding) (?P<topic>.+?)(?: in (?:my|the|your) documents?)?",
        r"what (?:do (?:i|we|you) have|is there) (?:about|on|regarding) (?P<topic>.+?)",
    )
)


def sought(question: str) -> str | None:
    """What ``question`` wants to know the place of in the documents; "" if that is what was just said ("which page is
    that on"), None if it asks for something else.
    """
    for pattern in _QUESTIONS:
        if found := pattern.fullmatch(question.strip()):
            topic = found["topic"]
            return topic if any(word not in STOP_WORDS for word in words(topic)) else ""
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document.

    Attributes:
        page: 1-based page or slide; None if a section is meant.
        section: the number of a section, chapter or article, as it is written: "2", "4.1", "IV".
        rest: the telling words of the question beside the place: of the document's name, of a topic.
    """

    page: int | None
    section: str
    rest: str


_PAGE = re.compile(
    r"\b(?:pages?|p\.|slides?|seite|folie|página|pagina|diapositiva|diapositive)\s(?:number |no\.? |nr\.? )?"
    r"(?P<number>\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty)\b"
    r"|\b(?P<first>the first|the title|erste|première|primera|primeira) (?:page|slide|seite|página)\b"
    r"|(?P<kanji>\d{1,5})\s?ページ",
    re.IGNORECASE,
)
_SECTION_WORDS = (
    "section chapter article clause part appendix annex paragraph abschnitt kapitel artikel anhang sección capítulo "
    "artículo anexo chapitre annexe secção seção artigo"
)
_SECTION = re.compile(
    rf"\b(?:{_SECTION_WORDS.replace(' ', '|')}|§)\s?(?:number |no\.? |nr\.? )?"
    r"(?P<number>\d{1,4}(?:\.\d{1,4}){0,4}|[IVX]{1,6}|[A-Z])(?![\w.-]*\w)",
    re.IGNORECASE,
)
_SECTION_NAMES = frozenset(_SECTION_WORDS.split())
_FILLING_WORDS = """
say says tell tells read contain contains content contents written stand stands show shows page pages slide section
chapter document file text pdf about me please find given mentioned happens summary topic steht sagt inhalt
"""
_FILLING = frozenset(_FILLING_WORDS.split())
_LONGEST = 400  # characters of a question that are looked at


def named_place(question: str) -> Place | None:
    """The page or section that ``question`` asks about; None if it names none."""
    question = question[:_LONGEST]
    if found := _PAGE.search(question):
        number = found["number"] or found["kanji"]
        page = number_of(number) if number else 1
        if page:
            return Place(page, "", _rest(question, found))
    found = _SECTION.search(question)
    if found is None or (found["number"].isalpha() and not found["number"].isupper()):
        return None
    return Place(None, found["number"], _rest(question, found))


def _rest(question: str, found: re.Match[str]) -> str:
    rest = f"{question[: found.start()]} {question[found.end() :]}"
    telling = [word for word in content_words(rest) if word not in _FILLING and word not in STOP_WORDS]
    return " ".join(telling)


def is_section(heading: str, number: str) -> bool:
    """Whether ``heading`` is that of section ``number``: "2. Terms", "Section 2: Terms", "§ 2"."""
    parts = heading.lower().replace("§", "§ ").split()
    if parts and (parts[0] in _SECTION_NAMES or parts[0] == "§"):
        del parts[0]
    return bool(parts) and parts[0].strip(".:)(–-") == number.lower()
