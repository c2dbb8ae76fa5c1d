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


_PART_ON = re.compile(
    r"\A(?:the |a )?(?:chapter|section|part|paragraph|passage|page|article) (?:on|about|called|named|that deals with) ",
    re.IGNORECASE,
)
"""In front of a topic: that part is called so."""


_PART_SAYS = re.compile(
    r"\A(?:and )?what (?:does|do|is in|is) (?:the |a )?(?:chapter|section|part|paragraph|article)s?"
    r" (?:on|about|called) (?P<topic>[^?!]{2,120}?)(?: (?:say|tell us|tell me|tell|contain|cover|about))?[ ?!.]*\Z",
    re.IGNORECASE,
)


def asked_part(question: str) -> str | None:
    """The topic of the chapter whose contents are asked for: "what does the chapter on frost say"; None if none is."""
    found = _PART_SAYS.match(question.strip())
    return found["topic"] if found else None


def sought(question: str) -> str | None:
    """What ``question`` wants to know the place of in the documents; "" if that is what was just said ("which page is
    that on"), None if it asks for something else.
    """
    for pattern in _QUESTIONS:
        if found := pattern.fullmatch(question.strip()):
            topic = _PART_ON.sub("", found["topic"])
            return topic if any(word not in STOP_WORDS for word in words(topic)) else ""
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document.

    Attributes:
        page: 1-based page or slide; None if a section is meant. -1 is the last one.
        section: the number of a section, chapter or article, as it is written: "2", "4.1", "IV"; "-1" is the last one.
        rest: the telling words of the question beside the place: of the document's name, of a topic.
    """

    page: int | None
    section: str
    rest: str


_PAGE = re.compile(
    r"\b(?:pages?|p\.|slides?|seite|folie|página|pagina|diapositiva|diapositive)\s(?:number |no\.? |nr\.? )?"
    r"(?P<number>\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty)\b"
    r"|\bpage (?:number |no\.? )?(?P<roman>x{0,3}(?:ix|iv|v?i{0,3}))(?<=[ivx])\b"
    r"|\b(?P<last>the last|the final|letzte[rn]?|dernière|última|ultima|laatste)"
    r" (?:page|slide|seite|folie|página|pagina)\b"
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
_LAST_SECTION = re.compile(
    r"\b(?:the last|the final|dem letzten|das letzte|der letzte|le dernier|la dernière|el último|la última|o último"
    r"|a última|letzten) (?:section|chapter|article|paragraph|abschnitt|kapitel|artikel|chapitre|capítulo|sección"
    r"|secção|artigo)\b",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
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
        if found["roman"]:
            page = roman_number(found["roman"])
        elif found["last"]:
            page = -1
        if page:
            return Place(page, "", _rest(question, found))
    if found := _LAST_SECTION.search(question):
        return Place(None, "-1", _rest(question, found))
    found = _SECTION.search(question)
    if found is None or (found["number"].isalpha() and not found["number"].isupper()):
        return None
    return Place(None, found["number"], _rest(question, found))


def roman_number(numeral: str) -> int:
    """The number that a small Roman numeral stands for: "iv" is 4."""
    values = [_ROMAN[letter] for letter in numeral.lower()]
    return sum(-one if one < max(values[at:]) else one for at, one in enumerate(values))


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
