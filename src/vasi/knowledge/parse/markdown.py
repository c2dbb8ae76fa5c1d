"""Markdown: headings, lists, tables and code as text, as it reads when it's rendered.

CommonMark with tables and strikethrough, and of what note-taking programs add: front matter, wiki links, footnotes,
task lists, highlights and callouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from vasi.knowledge.parse import front_matter, html
from vasi.knowledge.parse.blocks import STRUCK_OUT, Block, Parsed, clean, clean_code, join_lists, row
from vasi.knowledge.parse.grid import Cell
from vasi.knowledge.parse.html import HTML_TAGS
from vasi.knowledge.parse.table import records

_MAX_INLINE: Final = 4_000
"""Characters of a paragraph that are taken apart at once: some strings take time that grows with its square."""
_BAR: Final = "\ue000"
"""Stands for ``|`` in code spans; the text has no such character when it comes here."""
_CODE: Final = {ord("="): "\ue001", ord("["): "\ue002"}
"""Stand for these in code, where they mean nothing."""
_UNMASKED: Final = {ord(_BAR): "|", 0xE001: "=", 0xE002: "["}
_PRIVATE = re.compile("[\ue000-\ue002]")
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3}+)([^`\n]++)\1(?!`)")
_WIKI_LINK = re.compile(r"!?\[\[([^\[\]\n|\\]{1,300}+)(?:\\?\|([^\[\]\n]{1,300}+))?\]\](?!\()")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,100}+\]")
_FOOTNOTE_TEXT = re.compile(r"\[\^[^\]\s]{1,100}+\]:[ \t]*+")
_DEFINITION = re.compile(r"\n[:~] {1,3}+(?=\S)")
"""Between a term and what it means, as in PHP Markdown Extra and pandoc."""
_ATTRIBUTES = re.compile(r"(?<=\S) \{[#.][^{}\n]{0,100}\}$")
_TASK = re.compile(r"\[([ xX])\][ \t]++")
_CALLOUT = re.compile(r"\[![A-Za-z]{1,30}+\][+-]?[ \t]*+")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]{1,500}+)(?<=[^\s=])==(?![=\w])")
_ESCAPED_LINK = re.compile(r"\[{1,2}+([^\[\]\n]{1,200}+)\]{1,2}+\(([^()\s]{0,500}+)(?:[ \t]++\"[^\"\n]{0,300}+\")?\)")
"""A link that a converter has escaped by half: the mark of a citation, mostly."""
_CITATION_MARK = re.compile(r"\[?[\d ]{1,5}\]?|[\^↑↩︎]{1,3}")
_BREAK = re.compile(r"<br[ \t]*+/?>", re.IGNORECASE)
_STRUCK = re.compile(r"</?(?:del|s|strike)>", re.IGNORECASE)
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,60}+)>")


def parse(text: str) -> Parsed:
    """The blocks of a Markdown ``text``."""
    text = _PRIVATE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    front = front_matter.read(text)
    renderer = _Renderer()
    renderer.read(_mask_code(text[front.end :]))
    blocks = renderer.blocks
    if any(name.lower() != "title" for name, _ in front.fields):
        named = row([name for name, _ in front.fields], [value for _, value in front.fields])
        # Below the title of the document, whose fields they are.
        blocks.insert(1 if blocks and blocks[0].kind == "heading" else 0, Block(named, "row"))
    return Parsed(join_lists(blocks), title=front.title, warnings=[STRUCK_OUT] if renderer.has_struck else [])


def _mask_code(text: str) -> str:
    """``text`` with other characters for the bars in its code spans, which would end the cells of a table."""
    return _CODE_SPAN.sub(lambda span: span.group().replace("\\|", _BAR).replace("|", _BAR), text)


def _unmasked(text: str) -> str:
    return text.translate(_UNMASKED)


class _Renderer:
    """Turns tokens into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.has_struck = False
        """Text was left out because it's struck out."""
        self._markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("inline")
        self._markdown.block.ruler.before("reference", "footnote", _footnote_text, {"alt": ["paragraph"]})
        self._markdown.inline.ruler.before("link", "note_marks", _note_marks)
        self._environment: dict[str, Any] = {}
        """Reference definitions, for the links in paragraphs."""
        self._level = 0
        """Of the heading that is open."""
        self._depth = 0
        """Of lists."""
        self._marker = ""
        """Of the list item that is open, until it's written."""
        self._lines: list[str] = []
        """Of the outermost list that is open: it's one block, since its items are read together."""
        self._rows: list[list[Cell]] | None = None
        """Of the table that is open."""

    def read(self, text: str) -> None:
        """All of a document."""
        for token in self._markdown.parse(text, self._environment):
            self._read_token(token)

    def _read_token(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._add(self._inline(token.content))
            case "fence" | "code_block":
                self._add_code(clean_code(_unmasked(token.content)))
            case "html_block":
                parsed = html.parse(_unmasked(token.content))
                self.has_struck |= STRUCK_OUT in parsed.warnings
                for block in parsed.blocks:
                    self._add_block(block)
            case "heading_open":
                self._level = int(token.tag.removeprefix("h"))
            case "heading_close":
                self._level = 0
            case "bullet_list_open" | "ordered_list_open":
                self._depth += 1
            case "bullet_list_close" | "ordered_list_close":
                self._depth -= 1
                if not self._depth:
                    text, self._lines = clean("\n".join(self._lines)), []
                    self._add(text)
            case "list_item_open":
                self._marker = f"{token.info}{token.markup} " if token.info else "- "
            case "list_item_close":
                self._marker = ""
            case "table_open":
                self._rows = []
            case "tr_open":
                assert self._rows is not None
                self._rows.append([])
            case "table_close":
                self._close_table()
            case _:
                pass

    def _close_table(self) -> None:
        rows, self._rows = self._rows or [[]], None
        is_headed = any(cell.text for cell in rows[0])
        if not is_headed:
            # Names left empty say that there are none: what stands at the left are labels.
            rows = [[replace(cell, is_header=at == 0) for at, cell in enumerate(row)] for row in rows[1:]]
        for block in records(rows, is_headed=is_headed):
            self._add_block(block)

    def _add(self, text: str) -> None:
        if self._rows is not None:
            self._rows[-1].append(Cell(text))
            return
        text = clean(text)
        if not self._depth:
            text = _CALLOUT.sub("", text, count=1) if text.startswith("[!") else text
            if self._level:
                self._add_block(Block(_ATTRIBUTES.sub("", text.replace("\n", " ")), "heading", self._level))
            else:
                self._add_definition(_DEFINITION.sub(": ", text))
        elif text:
            if self._marker and (task := _TASK.match(text)):
                text = text[task.end() :] + (" (done)" if task.group(1) in "xX" else "")
            self._lines.append(self._marker + text)
            self._marker = ""

    def _add_definition(self, text: str) -> None:
        """A paragraph, or what a term above it means."""
        term = self.blocks[-1] if self.blocks else None
        if text.startswith(": ") and term is not None and term.kind == "text" and "\n" not in term.text:
            self.blocks[-1] = Block(f"{term.text.removesuffix(':')}{text}")
        else:
            self._add_block(Block(text))

    def _add_code(self, text: str) -> None:
        self._add_block(Block(text, "code" if "\n" in text else "text"))

    def _add_block(self, block: Block) -> None:
        if self._depth:
            self._lines.append(self._marker + block.text)
            self._marker = ""
        elif block.text:
            self.blocks.append(block)

    def _inline(self, content: str) -> str:
        """The text of a paragraph, heading or cell."""
        parts: list[str] = []
        for chunk in _chunks(content):
            tokens: list[Token] = []
            self._markdown.inline.parse(chunk, self._markdown, self._environment, tokens)
            # What is ticked off is often struck out as well.
            self.has_struck |= _render(tokens, parts, keeps_struck=_TASK.match(content) is not None)
        return _unmasked(_ESCAPED_LINK.sub(_link_label, _HIGHLIGHT.sub(r"\1", "".join(parts))))


def _render(tokens: Sequence[Token], parts: list[str], *, keeps_struck: bool = False) -> bool:
    """Add the text of inline ``tokens`` to ``parts``; returns whether some was left out because it's struck out."""
    struck: int | None = None
    """Where the text that is struck out begins."""
    has_struck = False
    jump: int | None = None
    """Where the text of a link within the page begins."""
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                parts.append(token.content)
            case "code_inline":
                parts.append(token.content.translate(_CODE))
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "image":
                _render(token.children or (), parts)
            case "html_inline" if _STRUCK.fullmatch(token.content) and not keeps_struck:
                if token.content[1] != "/":
                    struck = len(parts)
                elif struck is not None:
                    del parts[struck:]
                    struck, has_struck = None, True
            case "html_inline":
                parts.append(_tag_text(token.content))
            case "s_open" if not keeps_struck:
                struck = len(parts)
            case "s_close" if struck is not None:
                del parts[struck:]
                struck, has_struck = None, True
            case "link_open":
                jump = len(parts) if str(token.attrGet("href") or "").startswith("#") else None
            case "link_close":
                if jump is not None and _CITATION_MARK.fullmatch("".join(parts[jump:])):
                    del parts[jump:]
                jump = None
            case _:
                pass
    return has_struck


def _tag_text(tag: str) -> str:
    """What a tag in a paragraph stands for; what only looks like one, as in ``List<Name>``, stays."""
    if _BREAK.fullmatch(tag):
        return "\n"
    name = _TAG_NAME.fullmatch(tag)
    return tag if name and name.group(1).lower() not in HTML_TAGS else ""


def _link_label(link: re.Match[str]) -> str:
    """What stays of a link that was escaped by half."""
    label: str = link.group(1)
    return "" if link.group(2).startswith("#") and _CITATION_MARK.fullmatch(label) else label


def _chunks(content: str) -> Iterator[str]:
    """``content`` in pieces that end with a line, or at a space, and aren't too long."""
    while len(content) > _MAX_INLINE:
        end = max(content.rfind("\n", 0, _MAX_INLINE), content.rfind(" ", _MAX_INLINE - 500, _MAX_INLINE)) + 1
        end = end or _MAX_INLINE
        yield content[:end]
        content = content[end:]
    yield content


# --- rules of the parser ----------------------------------------------------------------------------------------------
def _note_marks(state: StateInline, silent: bool) -> bool:
    """Wiki links, and the marks of footnotes, which say nothing."""
    if state.src[state.pos] not in "![":
        return False
    text = ""
    if match := _WIKI_LINK.match(state.src, state.pos, state.posMax):
        text = (match.group(2) or match.group(1).replace("#", " > ")).strip()
    elif (match := _FOOTNOTE.match(state.src, state.pos, state.posMax)) is None:
        return False
    if not silent and text:
        state.push("text", "", 0).content = text
    state.pos = match.end()
    return True


def _footnote_text(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """The text of a footnote is a paragraph; to CommonMark a word would be the address of a reference."""

    def label(at: int) -> re.Match[str] | None:
        return _FOOTNOTE_TEXT.match(state.src, state.bMarks[at] + state.tShift[at], state.eMarks[at])

    if state.is_code_block(line) or (match := label(line)) is None:
        return False
    if silent:
        return True
    end = line + 1
    while end < end_line and not state.isEmpty(end) and label(end) is None:
        end += 1
    state.line = end
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content = state.src[match.end() : state.eMarks[end - 1]]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True
