"""Where sentences end: in a text that is there (``sentences``), in one being written (``ClauseSplitter``).

Rules, not a model: English abbreviations, initials, decimals, list markers and headings are known; a newline
ends a sentence only where a paragraph, list item or heading does, so that hard-wrapped text stays whole. A row of a
table is one sentence, whatever stands in its cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vasi.language.rows import rows


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start:end`` of a text, without surrounding white space; ``text`` is what stands there."""

    start: int
    end: int
    text: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the last word of a sentence.
_LEADING = _words("""
    mr mrs ms mx dr prof rev hon gen col capt lt sgt gov sen rep pres st mt messrs vs cf viz e.g i.e eg ie
    al approx ca fig figs eq sec ch vol ed eds pp para art op incl esp resp
    bzw inkl zzgl evtl ggf vgl sog gem lt hr frl z.b d.h u.a o.ä i.d.r sra srta dra mme mlle
""")
# The last word of a sentence if what follows looks like the beginning of one.
_TRAILING = _words("""
    etc inc ltd co corp plc llc bros jr sr dept est ave blvd rd hwy a.m p.m am pm u.s u.k u.n e.u d.c ph.d
    m.d b.a m.a b.c a.d jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun min max
    hr hrs oz lb lbs ft ext tel
""")
# Abbreviations only in front of a number.
_BEFORE_NUMBER = _words("no nos p pp art sec ch fig vol ext tel approx ca nr abs kap núm pág num")
# Behind an ordinal that is written with a stop: "4. Oktober".
_MONTHS = _words("""
    januar jänner februar feber märz april mai juni juli august september oktober november dezember
    januari marts maj maart mei augustus
""")
# In front of one: "der 2. Vorsitzende".
_BEFORE_ORDINAL = _words("""
    der die das dem den des am im vom zum zur beim ab bis seit jeder jede jedes jeden unser unsere unserem ihr ihre
""")
_STARTERS = _words("""
    the this these that those it its he she they we you i in on at a an if when while for but and so as there
    here what who how where why which each every all no not our my your his her their to from with after
    before please however then also
""")

# The look-behind keeps a long run of stops linear.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*(?=\s|$)|[。！？]+[”’」』]*|\n")
_NEXT_TOKEN = re.compile(r"\s*([\"'“‘«(\[]*)(\S{1,40})?")
_MARKER = re.compile(r"(?:[-*•‣▪◦–+]|#{1,6}|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])(?=\s)")
_SHORT_LINE = 45
_ORDINAL_DIGITS = 2
_LINE_START = re.compile(r"[ \t]*")


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` in order; between them lies only white space. Takes linear time."""
    spans: list[Span] = []
    at = 0
    for start, end in rows(text):
        _split(spans, text, at, start)
        _append(spans, text, start, end)
        at = end
    _split(spans, text, at, len(text))
    return spans


def _split(spans: list[Span], text: str, start: int, stop: int) -> None:
    """Add the sentences in ``text[start:stop]``, which has no rows."""
    for match in _END.finditer(text, start, stop):
        end = match.end()
        if match.group() == "\n":
            if not _line_ends(text, match.start()):
                continue
        elif not _stop_ends(text, match):
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, stop)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    part = text[start:end]
    stripped = part.strip()
    if stripped:
        first = start + len(part) - len(part.lstrip())
        spans.append(Span(first, first + len(stripped), stripped))


def _next_token(text: str, position: int) -> str:
    match = _NEXT_TOKEN.match(text, position)
    return (match.group(2) or "") if match else ""


def _last_token(text: str, position: int) -> str:
    before = text[max(0, position - 40) : position]
    return before.rsplit(None, 1)[-1] if before and not before[-1].isspace() else ""


def _line_ends(text: str, position: int) -> bool:
    """Whether the newline at ``position`` ends a paragraph, a heading or a list item."""
    begin = _LINE_START.match(text, position + 1)
    following = begin.end() if begin else position + 1
    if following >= len(text) or text[following] in "\r\n" or _MARKER.match(text, following):
        return True
    line_start = max(text.rfind("\n", max(0, position - 200), position) + 1, position - 200, 0)
    line = text[line_start:position].strip()
    if line.startswith("#") and line.lstrip("#")[:1] == " ":
        return True
    first = text[following]
    short = len(line) <= _SHORT_LINE and line[-1:] not in {",", ";", "-", "–", "&"}
    return short and (first.isupper() or first.isdigit())


def _stop_ends(text: str, match: re.Match[str]) -> bool:
    match match.group()[0]:
        case ".":
            return _period_ends(text, match)
        case "!" | "?" | "…":
            return not _next_token(text, match.end())[:1].islower()
        case _:
            return True


def _period_ends(text: str, match: re.Match[str]) -> bool:
    """Whether the full stop at ``match`` ends a sentence, by the words on both sides of it."""
    begin, end = match.span()
    follower = _next_token(text, end)
    if not follower:
        return True
    if match.group().startswith("..") or match.group()[-1] != ".":
        return not follower[0].islower()
    token = _last_token(text, begin)
    word = token.lstrip("\"'“‘«([").lower()
    if _is_marker(text, begin, token):
        return False
    if word in _BEFORE_NUMBER and follower[0].isdigit():
        return False
    if word.isdecimal() and len(word) <= _ORDINAL_DIGITS and _is_ordinal(text, begin, token, follower):
        return False
    if word in _LEADING or follower[0].islower():
        return False
    if len(word) == 1 and word.isalpha() and not _letter_ends(text, begin, token, follower):
        return False
    if word in _TRAILING or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return follower.rstrip(",.;:'’").lower() in _STARTERS or follower[0] in "-•*#"
    return True


def _is_ordinal(text: str, begin: int, token: str, follower: str) -> bool:
    """Whether "4." is an ordinal: before a month, or between a German article and a noun."""
    if follower.rstrip(",.;:").lower() in _MONTHS:
        return True
    return follower[0].isupper() and _last_token(text, begin - len(token) - 1).lower() in _BEFORE_ORDINAL


def _letter_ends(text: str, begin: int, token: str, follower: str) -> bool:
    """Whether "B." ends a sentence ("plan B. Then ...") or is an initial ("by J. Smith")."""
    if follower.rstrip(",.;:'’").lower() in _STARTERS or token[-1:].islower():
        return True
    before = _last_token(text, begin - len(token) - 1).lower() if begin > len(token) else ""
    first = text[begin - len(token) - len(before) - 1 : begin - len(token)][:1]
    return before.isalpha() and first.islower() and before not in _STARTERS | {"by", "of"}


def _is_marker(text: str, begin: int, token: str) -> bool:
    """Whether ``token`` with its full stop is a list marker ("1.", "b.") at the start of a line."""
    if not ((token.isdigit() and len(token) <= 3) or (len(token) == 1 and token.isalpha())):
        return False
    before = text[max(0, begin - len(token) - 20) : begin - len(token)].rstrip(" \t")
    return not before or before[-1] == "\n"


# --- clauses of a text that is being written ------------------------------------------------------------
_CUT = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*(?=\s)|[,;:](?=\s)|(?<![–—])[–—]++(?=\s)|\n|[。！？]+|[、，；：]")
_CLAUSE_MARKS = ",;:–—、，；："
_OPEN_END = ".!?…\"'”’»)],;:–—。！？"

FIRST_CLAUSE = 18
"""Characters after which the first clause may be cut at a comma: audio starts early."""
LATER_CLAUSE = 70
"""The same for all other clauses: longer ones sound better."""
LONGEST_CLAUSE = 260
"""A clause without any punctuation is cut at white space before this many characters."""


class ClauseSplitter:
    """Cuts a text that arrives in pieces into clauses that can be spoken one by one.

    All clauses together are exactly the text that was fed. Cuts fall after sentence ends and newlines, and
    after commas, semicolons, colons and dashes once the clause is long enough; never inside a number,
    abbreviation or URL. How the text was divided into deltas doesn't change the clauses.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._scanned = 0
        self._first = True

    def feed(self, delta: str) -> list[str]:
        """Add ``delta``; returns the clauses that it completed."""
        self._pending += delta
        clauses: list[str] = []
        while (cut := self._next_cut()) is not None:
            clauses.append(self._take(cut))
        return clauses

    def flush(self) -> list[str]:
        """The text is complete: what was left of it."""
        return [self._take(len(self._pending))] if self._pending else []

    def _take(self, cut: int) -> str:
        clause, self._pending = self._pending[:cut], self._pending[cut:]
        self._scanned = 0
        if any(letter.isalnum() for letter in clause):
            self._first = False
        return clause

    def _next_cut(self) -> int | None:
        text = self._pending
        for match in _CUT.finditer(text, self._scanned):
            cut = match.end() if match.group() == "\n" else min(match.end() + 1, len(text))
            if match.group()[0] in "。！？、，；：":
                cut = match.end()
                if cut == len(text):
                    break
            if cut > LONGEST_CLAUSE:
                break
            if self._cuts(match):
                return cut
        if len(text) > LONGEST_CLAUSE:
            space = max(text.rfind(" ", 1, LONGEST_CLAUSE), text.rfind("\n", 1, LONGEST_CLAUSE))
            return space + 1 if space > 0 else self._after_long_word(text)
        self._scanned = len(text.rstrip(_OPEN_END))
        return None

    @staticmethod
    def _after_long_word(text: str) -> int | None:
        space = re.compile(r"\s").search(text, LONGEST_CLAUSE)
        return space.end() if space else (len(text) if len(text) > 8 * LONGEST_CLAUSE else None)

    def _cuts(self, match: re.Match[str]) -> bool:
        spoken = self._pending[: match.start()].strip()
        if match.group()[0] in _CLAUSE_MARKS:
            return len(spoken) >= (FIRST_CLAUSE if self._first else LATER_CLAUSE)
        return bool(spoken) and _ends_sentence(self._pending, match)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a ``_CUT`` that is no clause's mark ends a sentence, not an abbreviation: by what stands before it."""
    if match.group()[0] != ".":
        return True
    token = _last_token(text, match.start())
    word = token.lstrip("\"'“‘«([").lower()
    known = word in _LEADING or word in _TRAILING or word in _BEFORE_NUMBER
    letter = len(word) == 1 and word.isalpha()
    acronym = re.fullmatch(r"(?:[a-z]\.)+[a-z]", word) is not None
    return not (known or letter or acronym or _is_marker(text, match.start(), token))


def clauses(text: str) -> list[str]:
    """All clauses of ``text``; joined they are exactly ``text``."""
    splitter = ClauseSplitter()
    return splitter.feed(text) + splitter.flush()


def last_cut(text: str, shortest: int) -> int:
    """Where a speaker would pause last in ``text``, after ``shortest`` characters at least.

    After a sentence, else after a clause, else after a word; the end of ``text`` if none of them ends in it.
    """
    sentence = clause = 0
    for match in _CUT.finditer(text):
        if match.end() < shortest:
            continue
        if match.group()[0] in _CLAUSE_MARKS:
            clause = match.end()
        elif _ends_sentence(text, match):
            sentence = match.end()
    space = max(text.rfind(" ", shortest - 1), text.rfind("\n", shortest - 1)) + 1
    return sentence or clause or space or len(text)
