"""Lists in the text of a note: "shopping list: bread, apples", or a title with one item a line.

An item that is done has ``[x]`` in front, as task lists in Markdown have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vasi.language.folded import fold_letters, fold_words
from vasi.language.terms import STOP_WORDS, stem, words

_LINE = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)])\s+(?:\[(?P<mark>[ xX])\]\s*)?(?P<text>\S.*)")
_TITLE = re.compile(r"(?P<title>[^:\n]{1,80}):\s*")
_PARTED = re.compile(r" ?[,;] ?(?:(?:and|plus|und|et|y) )?| (?:and|plus|und|et|y|&) ")
_ENDS = " \t\r\n.,;:!?、。，؛،؟！？：¿¡"
_ARTICLE_WORDS = """
    a an the some my our of more to der die das den dem ein eine einen el la los las lo un una unos unas le les l du des
    de d o os as um uma uns umas
"""
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
"""Of the languages in which lists are kept: "the milk" is the milk that was put on it."""


@dataclass(frozen=True, slots=True)
class ListItem:
    """One entry of a list."""

    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class ListText:
    """A list: what it's called and what is on it. ``inline``: it was written in one line."""

    title: str
    items: tuple[ListItem, ...] = ()
    inline: bool = False

    def __str__(self) -> str:
        if self.inline and not any(item.done for item in self.items):
            return f"{self.title}: {', '.join(item.text for item in self.items)}".rstrip(": ") + ":" * (not self.items)
        lines = [f"- {'[x] ' if item.done else ''}{item.text}" for item in self.items]
        return "\n".join([f"{self.title}:", *lines])

    @property
    def open(self) -> tuple[str, ...]:
        """What isn't done yet."""
        return tuple(item.text for item in self.items if not item.done)

    @property
    def done(self) -> tuple[str, ...]:
        """What is ticked off."""
        return tuple(item.text for item in self.items if item.done)

    def matching(self, wanted: str) -> tuple[ListItem, ...]:
        """The items that ``wanted`` means: the one that says just that, else all that have its words."""
        asked = _key(wanted)
        exact = tuple(item for item in self.items if _key(item.text) == asked)
        return exact or tuple(item for item in self.items if asked and set(asked) <= set(_key(item.text)))

    def with_items(self, texts: Iterable[str]) -> ListText:
        """With further items; one that is there isn't put down twice, and is open again if it was done."""
        items = list(self.items)
        for text in texts:
            there = next((at for at, item in enumerate(items) if _key(item.text) == _key(text)), None)
            if there is None:
                items.append(ListItem(text))
            else:
                items[there] = ListItem(items[there].text)
        return replace(self, items=tuple(items))

    def without(self, gone: Sequence[ListItem]) -> ListText:
        """Without those items."""
        return replace(self, items=tuple(item for item in self.items if item not in gone))

    def marked(self, chosen: Sequence[ListItem], *, done: bool) -> ListText:
        """With those items ticked off, or open again."""
        items = tuple(replace(item, done=done) if item in chosen else item for item in self.items)
        return replace(self, items=items)


def read_list(text: str, title: str = "") -> ListText | None:
    """The list that ``text`` is, or None if it's none.

    Args:
        text: of a note.
        title: what the list is called; text in one line that begins with it needs no colon.
    """
    text = text.strip()
    lines = text.split("\n")
    items = [_LINE.fullmatch(line) for line in lines[1:] if line.strip()]
    if items and all(items):
        found = tuple(ListItem(item["text"].strip(), (item["mark"] or "").lower() == "x") for item in items if item)
        return ListText(lines[0].strip().rstrip(":").strip("#* "), found)
    if len(lines) == 1 and (head := _TITLE.match(text)):
        items_in_line = tuple(map(ListItem, parted(text[head.end() :])))
        return ListText(head["title"].strip(), items_in_line, inline=bool(items_in_line))
    if len(lines) == 1 and title and text.casefold().startswith(title.casefold()):
        return ListText(text[: len(title)], tuple(map(ListItem, parted(text[len(title) :]))), inline=True)
    return None


def parted(spoken: str) -> list[str]:
    """The items in "milk, two eggs and bread"."""
    return parted_by(_PARTED, spoken)


def parted_by(between: re.Pattern[str], spoken: str) -> list[str]:
    """The items in ``spoken``, with ``between`` them."""
    line = ", ".join(" ".join(line.split()) for line in spoken.splitlines())
    parts: list[str] = []
    end = 0
    for gap in between.finditer(fold_letters(line)):
        parts.append(line[end : gap.start()])
        end = gap.end()
    tidy = (part.strip(_ENDS) for part in (*parts, line[end:]))
    return [part for part in tidy if part]


def same_title(title: str, name: str) -> bool:
    """Whether ``name`` is how people call a list with this title."""
    called, titled = _called(name), _called(title)
    if not called:  # just "the list"
        return _is_list(title)
    return called == titled


def _called(name: str) -> frozenset[str]:
    said = words(fold_words(name).replace(_JAPANESE_LIST, " "))
    return frozenset(stem(word) for word in said if not {word, stem(word)} & _GENERIC)


def _is_list(title: str) -> bool:
    plain = fold_words(title)
    return _JAPANESE_LIST in plain or any(word.endswith(_LISTS) for word in words(plain))


_JAPANESE_LIST = "リスト"
_LISTS = ("list", "liste", "lista", "قائمه")
_GENERIC = frozenset(
    (
        "list", "note", "my", "the", "a", "our", "of", "for", "meine", "die", "der", "lista", "liste", "la",
        "le", "les", "de", "du", "des", "del", "das", "do", "da", "ma", "mon", "mes", "mi", "minha", "para",
        "の", "قائمه",
    )
)  # fmt: skip
"""Words of a list's name that don't tell it from others."""


def _key(text: str) -> tuple[str, ...]:
    said = words(text)
    telling = [word for word in said if word not in STOP_WORDS and word not in _ARTICLES] or said
    return tuple(stem(word) for word in telling)
