"""Markup taken out of a text that is read aloud while it is still being written.

Markdown, HTML tags, character entities, citation marks and emoji have no sound. ``MarkupFilter`` drops them as the text
arrives and tells of every character that is left where it was written, so that captions and interruptions still fit.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from vasi.language import markup_patterns as patterns
from vasi.language.html_names import BLOCKS, INLINE

_Undecided: TypeAlias = Literal["undecided"]
_Match: TypeAlias = re.Match[str] | _Undecided | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is read aloud; character i stands for ``starts[i]:ends[i]`` of the whole text."""

    text: str
    starts: list[int]
    ends: list[int]


@dataclass(slots=True)
class _Line:
    """What is known of the line that is being read."""

    begun: bool = False
    """Its markers (heading, list item, quote) are behind."""
    spoken: bool = False
    closed: bool = False
    """It is a heading, list item or row: its end is the end of a sentence."""
    code: int = 0
    """Backticks that opened the code in which it is."""


@dataclass(slots=True)
class _Said:
    text: list[str] = field(default_factory=list[str])
    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])


class MarkupFilter:
    """Takes the markup out of a text that arrives in pieces.

    How the text is divided into pieces doesn't change what is said. What may be the beginning of a link, tag or other
    mark is held back until that is decided: for 2,500 characters of one line at most.
    """

    def __init__(self, *, numbers: bool = True) -> None:
        """``numbers`` tells whether the numbers of a list's items are said."""
        self._numbers = numbers
        self._held = ""
        self._begin = 0
        """Where ``_held`` begins in the whole text."""
        self._at = 0
        self._before = ""
        self._last = "\n"
        """The last character that was said."""
        self._last_mark = ""
        """The same without white space."""
        self._line = _Line()
        self._fence = ""
        self._url_parentheses: int | None = None
        """Open parentheses of the address that is being read."""
        self._url_host = False
        """The name of its host isn't over."""
        self._jumps: dict[int, int] = {}
        """From the end of a link's text to behind its target."""
        self._final = False
        self._said = _Said()

    def feed(self, text: str) -> Spoken:
        """Add ``text``; returns what is certainly said next."""
        self._held += text.replace("\r", " ")
        self._scan()
        return self._take()

    def flush(self) -> Spoken:
        """The text is complete: the rest of it."""
        end = self._begin + len(self._held)
        self._held += "\n"  # what ends with the line ends with the text
        self._final = True
        self._scan()
        spoken = self._take()
        if spoken.starts and spoken.starts[-1] == end and spoken.text[-1] == "\n":
            return Spoken(spoken.text[:-1], spoken.starts[:-1], spoken.ends[:-1])
        return spoken

    def _take(self) -> Spoken:
        said, self._said = self._said, _Said()
        return Spoken("".join(said.text), said.starts, said.ends)

    def _scan(self) -> None:
        while self._at < len(self._held) and self._step():
            pass
        self._held, self._begin, self._at = self._held[self._at :], self._begin + self._at, 0

    def _step(self) -> bool:
        """Read on by one mark or word; False if more text has to come first."""
        jump = self._jumps.pop(self._begin + self._at, None)
        if jump is not None:
            return self._drop(jump - self._begin - self._at)
        if not self._line.begun:
            return self._begin_line()
        if self._url_parentheses is not None:
            return self._skip_url(self._url_parentheses)
        char = self._held[self._at]
        if char == "\n":
            return self._end_line()
        if char.isspace():
            return self._drop(1) if self._last.isspace() else self._say(1)
        if self._fence or (self._line.code and char != "`"):
            return self._say_word()
        return self._mark(char)

    def _mark(self, char: str) -> bool:
        match char:
            case "`":
                return self._backticks()
            case "*" | "_" | "~" | "=":
                return self._emphasis(char)
            case "[":
                return self._bracket()
            case "!":
                return self._exclamation()
            case "<":
                return self._angle()
            case "|":
                return self._bar()
            case "&":
                return self._entity()
            case "\\":
                return self._backslash()
            case "【" | "\ue200":
                return self._drop_match(self._find(patterns.SOURCE, 120))
            case "h" | "H" if not self._before.isalnum():
                return self._url()
            case _:
                return self._say_word()

    # --- moving on --------------------------------------------------------------------------------------------------
    def _drop(self, count: int) -> bool:
        """Pass over ``count`` characters."""
        self._before = self._held[self._at + count - 1]
        self._at += count
        return True

    def _say(self, count: int) -> bool:
        """Say ``count`` characters as they stand there."""
        start = self._begin + self._at
        self._said.text.append(self._held[self._at : self._at + count])
        self._said.starts.extend(range(start, start + count))
        self._said.ends.extend(range(start + 1, start + count + 1))
        self._note(self._held[self._at + count - 1])
        return self._drop(count)

    def _say_instead(self, text: str, count: int) -> bool:
        """Say ``text`` instead of the next ``count`` characters."""
        start = self._begin + self._at
        self._said.text.append(text)
        self._said.starts.extend([start] * len(text))
        self._said.ends.extend([start + count] * len(text))
        self._note(text.rstrip()[-1:] or text[-1])
        self._last = text[-1]
        return self._drop(count) if count else True

    def _note(self, last: str) -> None:
        self._last = last
        if not last.isspace():
            self._last_mark, self._line.spoken = last, True

    def _say_word(self) -> bool:
        if found := patterns.WORD.match(self._held, self._at):
            return self._say(found.end() - self._at)
        if found := patterns.EMOJI.match(self._held, self._at):
            return self._drop(found.end() - self._at)
        return self._say(1)

    def _drop_match(self, found: _Match) -> bool:
        if found == "undecided":
            return False
        return self._drop(found.end()) if found else self._say(1)

    # --- looking ahead ----------------------------------------------------------------------------------------------
    def _find(self, pattern: re.Pattern[str], most: int, at: int | None = None, *, lines: bool = False) -> _Match:
        """``pattern`` in the next ``most`` characters, counted from here; of this line unless ``lines``."""
        at = self._at if at is None else at
        found = pattern.match(self._held[at : at + most])
        if found is not None or self._final or len(self._held) >= at + most:
            return found
        return None if not lines and self._held.find("\n", at) >= 0 else "undecided"

    def _at_end(self, position: int) -> bool:
        """Whether what stands at ``position`` is yet to come."""
        return position >= len(self._held) and not self._final

    def _char(self, position: int) -> str:
        return self._held[position] if position < len(self._held) else "\n"

    # --- lines ------------------------------------------------------------------------------------------------------
    def _begin_line(self) -> bool:
        if found := patterns.INDENT.match(self._held, self._at):
            return self._drop(found.end() - self._at)
        char = self._held[self._at]
        if self._fence:
            return self._fence_line(char)
        if char in "-=*_|:+":
            end = self._run_end(patterns.RULE)
            if self._at_end(end) and end - self._at < 200:
                return False
            if self._char(end) == "\n":
                return self._drop(end - self._at)  # a rule, or the line under a heading or a table's head
        following = self._char(self._at + 1)
        if char in "`~" and (begun := self._open_fence()) is not None:
            return begun
        if char == "#" and (begun := self._heading()) is not None:
            return begun
        if char == ">":
            if self._at_end(self._at + 2) and "\n" not in self._held[self._at :]:
                return False
            if not (following + self._char(self._at + 2)).strip()[:1].isdigit():  # "> 30" is more than 30
                return self._drop(1)
        if char in patterns.BULLETS:
            if self._at_end(self._at + 1):
                return False
            if following in " \t":
                self._line.begun = self._line.closed = True
                return self._drop(1)
        if (char.isdecimal() or char == "(") and (begun := self._numbered()) is not None:
            return begun
        self._line.begun = True
        if char == "|":
            self._line.closed = True
            return self._drop(1)
        return True

    def _run_end(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._held, self._at)
        return found.end() if found else self._at

    def _fence_line(self, char: str) -> bool:
        found = self._find(patterns.FENCE_END, 82) if char == self._fence else None
        if found == "undecided":
            return False
        self._line.begun = True
        if found is None:
            return True
        self._fence = ""
        return self._drop(found.end())

    def _open_fence(self) -> bool | None:
        run = self._run_end(patterns.RUN)
        if self._at_end(run) and run - self._at < 3:
            return False
        found = self._find(patterns.FENCE, 92) if run - self._at >= 3 else None
        if found == "undecided":
            return False
        if found is None:
            return None
        self._fence = self._held[self._at]
        return self._drop(found.end())

    def _heading(self) -> bool | None:
        end = self._run_end(patterns.HASHES)
        if self._at_end(end) and end - self._at < 7:
            return False
        if end - self._at == 7 or self._char(end) not in " \t\n":
            return None
        self._line.begun = self._line.closed = True
        return self._drop(end - self._at)

    def _numbered(self) -> bool | None:
        found = patterns.NUMBER.match(self._held, self._at)
        if found is None:
            return False if self._at_end(self._run_end(patterns.NUMBER_BEGUN)) else None
        self._line.begun = self._line.closed = True
        count = found.end() - self._at
        return self._say(count) if self._numbers else self._drop(count)

    def _end_line(self) -> bool:
        if self._line.closed and self._line.spoken and self._last_mark not in patterns.STOPS:
            self._say_instead(".", 0)
        self._line = _Line()
        return self._drop(1) if self._last == "\n" else self._say(1)

    # --- marks ------------------------------------------------------------------------------------------------------
    def _backticks(self) -> bool:
        end = self._run_end(patterns.RUN)
        if self._at_end(end) and end - self._at < 10:
            return False
        count = end - self._at
        if self._line.code:
            if count != self._line.code:
                return self._say(count)
            self._line.code = 0
        elif count == 1 and self._before.isalnum() and self._char(end).isalnum():
            return self._say_instead("'", 1)  # "it`s"
        else:
            self._line.code = count
        return self._drop(count)

    def _emphasis(self, mark: str) -> bool:
        end = self._run_end(patterns.RUN)
        if self._at_end(end) and end - self._at < 10:
            return False
        count, before, following = end - self._at, self._before, self._char(end)
        apart = (before == "" or before.isspace()) and following.isspace()
        inside = before.isalnum() and following.isalnum()
        match mark:
            case "*" if count == 1:
                kept = apart or inside
            case "*":
                kept = before.isdecimal() and following.isdecimal()
            case "_":
                kept = inside or (count == 1 and apart)
            case "~":
                kept = count == 1
            case _:
                kept = count == 1 or (count == 2 and (apart or inside))
        return self._say(count) if kept else self._drop(count)

    def _bracket(self) -> bool:
        if not self._line.spoken:
            box = self._find(patterns.CHECKBOX, 5)
            if box is not None:
                return self._drop_match(box)
        if self._at_end(self._at + 1):
            return False
        if self._char(self._at + 1) == "[":
            wiki = self._find(patterns.WIKI, patterns.LONGEST_TEXT)
            if wiki == "undecided":
                return False
            if wiki is not None:
                return self._wiki_link(wiki)
        link = self._link(self._at)
        if link is None:
            return self._say(1)
        if link == "undecided":
            return False
        close, after = link
        if close == self._at:
            return self._drop(after - self._at)
        self._jumps[self._begin + close] = self._begin + after
        return self._drop(1)

    def _link(self, at: int) -> tuple[int, int] | _Undecided | None:
        """The end of a link's text and what follows the link at ``at``; a citation has no text: (``at``, its end)."""
        text = self._find(patterns.BRACKETS, patterns.LONGEST_TEXT, at)
        if text is None:
            return None
        if text == "undecided" or self._at_end(at + text.end()):
            return "undecided"
        end = at + text.end()
        following = self._char(end)
        if patterns.CITATION.fullmatch(text.group()) and following != "(":
            return at, end + (following == ":" and not self._line.spoken)
        rest: _Match = None
        if following == "(":
            rest = self._find(patterns.TARGET, patterns.LONGEST_TARGET, end)
        elif following == "[" and not self._before.isalnum():
            rest = self._find(patterns.REFERENCE, 100, end)
        if rest is None:
            return None
        return "undecided" if rest == "undecided" else (end - 1, end + rest.end())

    def _wiki_link(self, found: re.Match[str]) -> bool:
        start, end = found.span(2) if found[2] else found.span(1)
        self._drop(start)
        self._say(end - start)
        return self._drop(found.end() - end)

    def _exclamation(self) -> bool:
        if self._at_end(self._at + 1):
            return False
        if self._char(self._at + 1) == "[":
            link = self._link(self._at + 1)
            if link == "undecided":
                return False
            if link is not None and link[0] != self._at + 1:
                return self._drop(1)  # a picture
        return self._say(1)

    def _angle(self) -> bool:
        following = self._char(self._at + 1)
        if self._at_end(self._at + 1):
            return False
        if following == "!":
            return self._drop_match(self._find(patterns.COMMENT, patterns.LONGEST_COMMENT, lines=True))
        if not (following.isalnum() or following == "/"):
            return self._say(1)
        found = self._find(patterns.ANGLES, patterns.LONGEST_TAG)
        if found is None or found == "undecided":
            return found is None and self._say(1)
        count, inner = found.end(), found[1]
        tag = patterns.TAG.match(inner)
        name = tag[1].lower() if tag else ""
        if url := patterns.URL.match(inner):
            host = patterns.HOST.match(inner, url.end())
            return self._say_inner(inner, url.end(), host.end() if host else len(inner))
        if address := patterns.ADDRESS.fullmatch(inner):
            return self._say_inner(inner, address.start(1))
        if name in INLINE:
            return self._drop(count)
        if name in BLOCKS or inner.startswith("/") or "=" in inner or inner.endswith("/"):
            return self._drop(count) if self._last.isspace() else self._say_instead(" ", count)
        return self._say_inner(inner, 0)  # "<your name>"

    def _say_inner(self, inner: str, start: int, end: int | None = None) -> bool:
        """Say ``inner[start:end]`` of what stands between angles."""
        end = len(inner) if end is None else end
        if self._before.isalnum():
            self._say_instead(" ", 0)
        self._drop(1 + start)
        self._say(end - start)
        return self._drop(1 + len(inner) - end)

    def _bar(self) -> bool:
        blank = patterns.BLANKS.match(self._held, self._at + 1, self._at + 100)
        end = blank.end() if blank else self._at + 1
        if self._at_end(end):
            return False
        following = self._char(end)
        if following in "-:":
            rule = self._find(patterns.RULE_CELL, 100)
            if rule is not None:
                return self._drop_match(rule)
        if following in "|\n" or not self._line.spoken:
            return self._drop(1)
        return self._drop(1) if self._last in patterns.STOPS else self._say_instead(", ", 1)

    def _entity(self) -> bool:
        found = patterns.ENTITY.match(self._held, self._at)
        if found is None:
            begun = patterns.ENTITY_BEGUN.match(self._held, self._at)
            return not (begun and self._at_end(begun.end()) and len(begun.group()) < 34) and self._say(1)
        meant = html.unescape(found.group())
        if meant == found.group():
            return self._say(1)
        meant = " " if meant.isspace() else meant
        if meant == " " and self._last.isspace():
            return self._drop(len(found.group()))
        return self._say_instead(meant, len(found.group()))

    def _backslash(self) -> bool:
        if self._at_end(self._at + 1):
            return False
        following = self._char(self._at + 1)
        if following in patterns.PUNCTUATION:
            self._drop(1)
            return self._say(1)
        return self._drop(1) if following == "\n" else self._say(1)

    # --- addresses --------------------------------------------------------------------------------------------------
    def _url(self) -> bool:
        ahead = self._held[self._at : self._at + 9]
        found = patterns.URL.match(self._held, self._at)
        if found:
            self._url_parentheses, self._url_host = 0, True
            return self._drop(found.end() - self._at)
        begun = any(f"{scheme}://".startswith(ahead.lower()) for scheme in ("http", "https"))
        return not (begun and self._at_end(self._at + len(ahead))) and self._say_word()

    def _skip_url(self, parentheses: int) -> bool:
        """Say its host, and pass over the rest of it, but not over the marks that end the sentence around it."""
        if letters := patterns.URL_LETTERS.match(self._held, self._at):
            if self._url_host:
                host = patterns.HOST.match(letters.group())
                self._url_host = host is not None and host.end() == len(letters.group())
                if host is not None:
                    return self._say(host.end())
            self._url_parentheses = parentheses + letters.group().count("(")
            return self._drop(letters.end() - self._at)
        if parentheses and self._held[self._at] == ")":
            self._url_parentheses = parentheses - 1
            return self._drop(1)
        if marks := patterns.URL_MARKS.match(self._held, self._at):
            end = marks.end()
            if self._at_end(end) and end - self._at < 30:
                return False
            if end - self._at >= 30 or patterns.URL_LETTERS.match(self._held, end):
                self._url_host = self._url_host and marks.group() == "."
                return self._say(1) if self._url_host else self._drop(1)
        self._url_parentheses = None
        return True
