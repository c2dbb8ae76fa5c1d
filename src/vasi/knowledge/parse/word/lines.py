"""The text of a paragraph, as it's shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from vasi.knowledge.parse import equation
from vasi.knowledge.parse.blocks import HIDDEN, STRUCK_OUT
from vasi.knowledge.parse.ooxml import Element, attribute, child, children, is_on, local_name, number
from vasi.knowledge.parse.word.styles import Style, Styles, read_properties
from vasi.knowledge.parse.word.symbols import symbol

_DEEPEST: Final = 120
"""Elements within each other in one paragraph; Word writes about 30."""
_REMOVED: Final = frozenset({"del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr", "rt", "delText", "delInstrText"})
_DRAWN: Final = frozenset({"drawing", "pict", "object"})
_UNSHOWN_FIELDS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "INDEX", "TOA", "PAGEREF", "XE", "TC"})
"""Numbers of pages, and lists of headings that are read where they stand."""


@dataclass(slots=True)
class Line:
    """What a paragraph shows.

    Attributes:
        text: with tabs and newlines as they are.
        notes: (kind, id) of the foot- and endnotes and comments that it refers to.
        drawings: what is drawn in it: text boxes, charts, diagrams.
        is_bold: all of its text is.
        size: of its largest text in half points; 0 if that isn't known.
        has_page_number: it shows a number of a page.
    """

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    drawings: list[Element] = field(default_factory=list[Element])
    is_bold: bool = True
    size: int = 0
    has_page_number: bool = False
    has_struck: bool = False
    """Text was left out of it because it's struck out."""


@dataclass(slots=True)
class _Field:
    """A field that is open: its code is read until the separator, then its result."""

    code: str = ""
    in_result: bool = False
    is_unshown: bool = False


class LineReader:
    """Reads the paragraphs of one story (body, note, header), since fields may go on from one to the next.

    Args:
        styles: of the document.
        story: the element that holds the paragraphs.
        omitted: gets the warnings of what is left out.
    """

    def __init__(self, styles: Styles, story: Element, omitted: set[str]) -> None:
        self._styles = styles
        self._omitted = omitted
        self._is_sound = _fields_close(story)
        self._fields: list[_Field] = []
        self._line = Line()
        self._parts: list[str] = []
        self._style = Style()

    def read(self, paragraph: Element, style: Style) -> Line:
        """What ``paragraph`` shows, which has ``style``."""
        self._line, self._parts, self._style = Line(), [], style
        if not self._is_sound:
            self._fields.clear()
        self._walk(paragraph, 0)
        self._line.text = "".join(self._parts)
        if not self._line.text.strip():
            self._line.is_bold = False
        return self._line

    def _walk(self, elements: Iterable[Element], depth: int) -> None:
        if depth > _DEEPEST:
            return
        for element in elements:
            name = local_name(element)
            if name in _REMOVED:
                continue
            if name == "r":
                self._read_run(element)
            elif name == "fldSimple":
                self._read_simple_field(element, depth)
            elif name == "sdt":
                # What only asks for a text isn't one.
                if not is_on(child(element, "sdtPr", "showingPlcHdr")):
                    self._walk(children(element, "sdtContent"), depth + 1)
            elif name in {"oMath", "oMathPara"}:
                self._add(equation.linear(element))
            elif name == "AlternateContent":
                self._read_alternate(element)
            else:
                self._walk(element, depth + 1)

    def _read_run(self, run: Element) -> None:
        own = child(run, "rPr")
        named = self._styles.run(attribute(child(own, "rStyle"), "val") or "")
        said = read_properties(None, own)
        hidden = _first(said.hidden, named.hidden, self._style.hidden)
        if _first(said.struck, named.struck, self._style.struck) and self._is_shown():
            self._leave_out(run, STRUCK_OUT)
            return
        if hidden:
            self._leave_out(run, HIDDEN)
        bold = _first(said.bold, named.bold, self._style.bold)
        size = said.size or named.size or self._style.size or 0
        raised = attribute(child(own, "vertAlign"), "val") == "superscript"
        for element in run:
            self._read_in_run(element, hidden=bool(hidden), bold=bool(bold), size=size, raised=raised)

    def _leave_out(self, run: Element, warning: str) -> None:
        """The text of ``run``, if it has one, isn't read."""
        if any(_text_of(element, local_name(element)).strip() for element in run) and self._is_shown():
            self._omitted.add(warning)
            self._line.has_struck |= warning is STRUCK_OUT

    def _read_in_run(self, element: Element, *, hidden: bool, bold: bool, size: int, raised: bool) -> None:
        name = local_name(element)
        if name == "fldChar":
            self._step_field(element)
        elif name == "instrText":
            if self._fields and not self._fields[-1].in_result:
                self._fields[-1].code += (element.text or "")[:1_000]
        elif hidden or name in _REMOVED or not self._is_shown():
            return
        elif name == "AlternateContent":
            self._read_alternate(element)
        elif name in _DRAWN:
            self._line.drawings.append(element)
        elif name in {"footnoteReference", "endnoteReference", "commentReference"}:
            self._line.notes.append((name.removesuffix("Reference"), attribute(element, "id") or ""))
        elif name == "ruby":
            for base in children(child(element, "rubyBase"), "r"):
                self._read_run(base)
        elif text := _text_of(element, name):
            if raised and text.isdigit() and self._parts and self._parts[-1][-1:].isdigit():
                text = f"^{text}"  # 10 to the power of 6 isn't 106
            self._add(text)
            if text.strip():
                self._line.is_bold &= bold
                self._line.size = max(self._line.size, size)

    def _read_alternate(self, element: Element) -> None:
        """The same in two ways: the newer one, if it draws something."""
        for choice in (*children(element, "Choice"), *children(element, "Fallback")):
            drawn = [part for part in choice.iter() if local_name(part) in _DRAWN]
            if drawn:
                self._line.drawings.append(drawn[0])
                return
            if "".join(part.text or "" for part in choice.iter() if local_name(part) == "t"):
                self._walk(choice, _DEEPEST // 2)
                return

    def _add(self, text: str) -> None:
        if self._is_shown():
            self._parts.append(text)

    # --- fields -------------------------------------------------------------------------------------------------------
    def _is_shown(self) -> bool:
        return all(field.in_result and not field.is_unshown for field in self._fields)

    def _step_field(self, element: Element) -> None:
        match attribute(element, "fldCharType"):
            case "begin":
                if self._is_shown() and (box := child(element, "ffData", "checkBox")) is not None:
                    checked = is_on(child(box, "checked"))
                    checked = is_on(child(box, "default")) if checked is None else checked
                    self._parts.append("☒ " if checked else "☐ ")
                if self._is_shown() and (drop := child(element, "ffData", "ddList")) is not None:
                    entries = [attribute(entry, "val") or "" for entry in children(drop, "listEntry")]
                    self._parts.extend(entries[max(0, number(child(drop, "result")) or 0) :][:1])
                self._fields.append(_Field())
            case "separate" if self._fields:
                field = self._fields[-1]
                field.in_result = True
                code = field.code.split(None, 1)[0].upper() if field.code.strip() else ""
                self._note_page_number(code)
                # Word shows the entry that is chosen, not the result that is stored.
                field.is_unshown = code in _UNSHOWN_FIELDS or code == "FORMDROPDOWN"
            case "end" if self._fields:
                self._fields.pop()
            case _:
                pass

    def _read_simple_field(self, element: Element, depth: int) -> None:
        code = (attribute(element, "instr") or "").strip().split(" ", 1)[0].upper()
        self._note_page_number(code)
        if code not in _UNSHOWN_FIELDS:
            self._walk(element, depth + 1)

    def _note_page_number(self, code: str) -> None:
        if code in {"PAGE", "NUMPAGES"}:
            self._line.has_page_number = True


def _fields_close(story: Element) -> bool:
    """Does each field that begins end as well? Else all that follows would be taken for its code."""
    opened = 0
    for element in story.iter():
        if local_name(element) == "fldChar":
            kind = attribute(element, "fldCharType")
            opened += (kind == "begin") - (kind == "end")
            if opened < 0:
                return False
    return opened == 0


def _text_of(element: Element, name: str) -> str:
    match name:
        case "t":
            return element.text or ""
        case "tab" | "ptab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "sym":
            return symbol(attribute(element, "font") or "", attribute(element, "char") or "")
        case _:
            return ""


def _first(*values: bool | None) -> bool | None:
    return next((value for value in values if value is not None), None)
