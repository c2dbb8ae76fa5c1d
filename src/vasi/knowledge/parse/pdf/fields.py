"""What is filled in: the fields of forms, beside their labels, and what was written upon pages."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]
from msgspec import structs

from vasi.knowledge.parse.pdf.words import Word, turn

_RAW = cast(Any, pypdfium2.raw)

_FREE_TEXT, _WIDGET = 3, 20
_COMMENTS = frozenset({1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
"""Sticky notes, and marks (lines, circles, highlights, stamps) that may carry a comment."""
_HIDDEN = 1 << 1
_PASSWORD = 1 << 13
_LONGEST_VALUE = 20_000
_MOST_ANNOTATIONS = 2_000
_MOST_UNCHECKED = 12
"""With more empty boxes on a page only what is checked is said."""
_LABEL_REACH = 160.0
"""Points between a field and the label left of it."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """What isn't part of a page's own text.

    Attributes:
        values: of form fields, at places beside their labels; their ``index`` is -1.
        texts: written into boxes upon the page, where they stand.
        comments: of sticky notes and marks, without a place in the text.
        fields: how many the page has, filled or not.
    """

    values: list[Word]
    texts: list[Word]
    comments: list[str]
    fields: int = 0


@dataclass(frozen=True, slots=True)
class _Field:
    left: float
    top: float
    right: float
    bottom: float
    text: str
    name: str
    """Its label as the form gives it to those who can't see the page; often empty."""
    is_box: bool


def read_annotations(page: Any, form: Any, words: Sequence[Word], direction: int) -> Annotations:
    """What is written upon ``page`` and into its fields; ``words`` are those of ``direction``.

    ``form`` is PDFium's form environment; None if the document has no fields.
    """
    fields: list[_Field] = []
    found = Annotations([], [], [])
    count: int = _RAW.FPDFPage_GetAnnotCount(page.raw)
    for number in range(min(count, _MOST_ANNOTATIONS)):
        annotation = _RAW.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        try:
            kind: int = _RAW.FPDFAnnot_GetSubtype(annotation)
            if _RAW.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                continue
            if kind == _WIDGET:
                if form and (field := _field(form.raw, annotation, direction)):
                    fields.append(field)
            elif kind == _FREE_TEXT:
                found.texts.extend(_free_text(annotation, direction))
            elif kind in _COMMENTS and (text := _string(annotation, b"Contents").strip()):
                author = _string(annotation, b"T").strip()
                found.comments.append(f"Comment of {author}: {text}" if author else f"Comment: {text}")
        finally:
            _RAW.FPDFPage_CloseAnnot(annotation)
    if any(field.text and field.text != "no" for field in fields):
        unchecked = sum(1 for field in fields if field.text == "no")
        for field in fields:
            if field.text and (field.text != "no" or unchecked <= _MOST_UNCHECKED):
                found.values.extend(_place(field, words))
    return replace(found, fields=len(fields))


def _field(form: Any, annotation: Any, direction: int) -> _Field | None:
    kind: int = _RAW.FPDFAnnot_GetFormFieldType(form, annotation)
    flags: int = _RAW.FPDFAnnot_GetFormFieldFlags(form, annotation)
    is_box = kind in {_RAW.FPDF_FORMFIELD_CHECKBOX, _RAW.FPDF_FORMFIELD_RADIOBUTTON}
    if is_box:
        text = "yes" if _RAW.FPDFAnnot_IsChecked(form, annotation) else "no"
    elif kind in {_RAW.FPDF_FORMFIELD_COMBOBOX, _RAW.FPDF_FORMFIELD_LISTBOX}:
        text = ", ".join(_options(form, annotation)) or _value(form, annotation)
    elif kind == _RAW.FPDF_FORMFIELD_TEXTFIELD and not flags & _PASSWORD:
        text = _value(form, annotation)
    else:
        return None
    name = _wide(_RAW.FPDFAnnot_GetFormFieldAlternateName, form, annotation).strip()
    return _Field(*_rectangle(annotation, direction), text[:_LONGEST_VALUE].strip(), name, is_box)


def _value(form: Any, annotation: Any) -> str:
    return _wide(_RAW.FPDFAnnot_GetFormFieldValue, form, annotation)


def _options(form: Any, annotation: Any) -> Iterator[str]:
    """The options that are chosen, as they are shown."""
    count: int = _RAW.FPDFAnnot_GetOptionCount(form, annotation)
    for at in range(max(0, min(count, 1_000))):
        if _RAW.FPDFAnnot_IsOptionSelected(form, annotation, at):
            yield _wide(_RAW.FPDFAnnot_GetOptionLabel, form, annotation, at)


def _free_text(annotation: Any, direction: int) -> Iterator[Word]:
    left, top, right, _ = _rectangle(annotation, direction)
    for text in _string(annotation, b"Contents").splitlines():
        if text.strip():
            yield Word(text.strip(), left, max(left, right), top, top + 12, top + 9.5)
        top += 14


def _rectangle(annotation: Any, direction: int) -> tuple[float, float, float, float]:
    box = _RAW.FS_RECTF()
    _RAW.FPDFAnnot_GetRect(annotation, box)
    left, right = sorted((box.left, box.right))
    bottom, top = sorted((box.bottom, box.top))
    return turn(direction, left, bottom, right, top)


def _string(annotation: Any, key: bytes) -> str:
    return _wide(_RAW.FPDFAnnot_GetStringValue, annotation, key)


def _wide(function: Any, *arguments: Any) -> str:
    """A string that PDFium writes in UTF-16 into a buffer whose length in bytes it tells first."""
    length: int = function(*arguments, None, 0)
    if not 2 < length < 1_000_000:
        return ""
    buffer = ctypes.create_string_buffer(length)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


# --- beside the label -----------------------------------------------------------------------------------------------
def _place(field: _Field, words: Sequence[Word]) -> Iterator[Word]:
    """The field's value as words of the page: behind its label, else where the field is."""
    lines = [line for line in (" ".join(line.split()) for line in field.text.splitlines()) if line]
    label = _label(field, words)
    if label is None:
        size = min(12.0, max(4.0, field.bottom - field.top))
        name = f"{field.name.rstrip(':')}: " if field.name else ""
        top = field.top if len(lines) > 1 else (field.top + field.bottom - size) / 2
        for at, line in enumerate(lines):
            start = top + at * size * 1.15
            text = line if at else f"{name}{line}"
            yield Word(text, field.left, max(field.left, field.right), start, start + size, start + size * 0.8)
        return
    end = label.right + 0.1
    yield structs.replace(label, text=" ".join(lines), left=end, right=end + 0.1, index=-1)


def _label(field: _Field, words: Sequence[Word]) -> Word | None:
    """The last word of what labels a field: what stands behind a box or before a field, else what stands above it."""
    if field.is_box and (behind := _behind(field, words)):
        return behind
    middle = (field.top + field.bottom) / 2
    height = field.bottom - field.top
    before = [
        word
        for word in words
        if word.right <= field.left + 3
        and field.left - word.right < _LABEL_REACH
        and (word.top < middle < word.bottom or field.top - 2 < word.baseline < field.bottom + 2)
    ]
    above = [
        word
        for word in words
        if word.left < field.right
        and word.right > field.left - 2
        and -height < field.top - word.bottom < word.height * 1.5
        and word.baseline < middle
    ]
    nearest = max(before, key=lambda word: word.right, default=None)
    if nearest is not None and (not above or field.left - nearest.right < 12 or nearest.text[-1] in ":?"):
        return nearest
    if above:
        lowest = max(word.baseline for word in above)
        line = [word for word in words if abs(word.baseline - lowest) < word.height * 0.3]
        start = min((word for word in above if word in line), key=lambda word: word.left)
        return _last_of(start, line)
    return nearest


def _behind(field: _Field, words: Sequence[Word]) -> Word | None:
    """The end of the text that begins just behind a box."""
    middle = (field.top + field.bottom) / 2
    line = [word for word in words if word.top < middle < word.bottom and word.left > field.right - 3]
    first = min(line, key=lambda word: word.left, default=None)
    if first is None or first.left - field.right > first.height * 2.5:
        return None
    return _last_of(first, line)


def _last_of(first: Word, line: Sequence[Word]) -> Word:
    """The last word that follows ``first`` without a wide gap."""
    last = first
    for word in sorted(line, key=lambda word: word.left):
        if word.left > last.left and word.left - last.right < last.height * 0.8:
            last = word
    return last
