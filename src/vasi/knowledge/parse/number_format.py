"""Numbers of spreadsheets as they are shown: by format codes such as ``#,##0.00 "kg"`` and ``d. mmm yyyy``.

Dates are shown in English and, where the code leaves it to the country, in ISO form.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from vasi.knowledge.parse.dates import DAYS, MONTHS

BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""The codes that files name by number alone."""

Kind: TypeAlias = Literal["general", "number", "date", "text"]

_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*+)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*+)\]?'
    r"|(?P<half>AM/PM|A/P)|(?P<general>General)|(?P<exponent>E[+-])|(?P<run>(?P<unit>[ymdhs])(?P=unit)*+)|(?P<digits>[0#?]++)|(?P<any>.)",
    re.IGNORECASE | re.DOTALL,
)
_DIGITS: Final = frozenset("0#?")
_MOST_DECIMALS: Final = 10
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - what stands in a sheet has no time zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY: Final = 2_958_466.0


_TokenKind: TypeAlias = Literal[
    "literal", "digits", "point", "comma", "percent", "exponent", "date", "half", "elapsed", "general", "text"
]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal[
        "literal", "digits", "point", "comma", "percent", "exponent", "date", "half", "elapsed", "general", "text"
    ]
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[_Token, ...]
    kind: Kind


def show(value: float, code: str, *, since_1904: bool = False) -> str:
    """``value`` as a sheet shows it by the format ``code``; dates are days since the epoch of the file."""
    if not math.isfinite(value):
        return ""
    sections = _sections(code)
    section, signed = _choose(sections, value)
    if section.kind == "date":
        return _date(value, section, since_1904)
    if section.kind == "number":
        return _number(value if signed else abs(value), section)
    if section.kind == "text":
        return general(value)
    parts = [general(value if signed else abs(value)) if t.kind == "general" else t.text for t in section.tokens]
    return "".join(parts).strip() if section.tokens else ""


def is_date(code: str) -> bool:
    """Whether numbers with the format ``code`` are dates or times."""
    return _sections(code)[0].kind == "date"


def general(value: float) -> str:
    """A number without a format: whole, or with 10 digits; what arithmetic left behind them is left out."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if abs(value) >= 1e11 or abs(value) < 1e-9:
        return f"{value:.6g}"
    decimals = min(10, max(0, 9 - math.floor(math.log10(abs(value)))))
    shown = f"{value:.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if decimals else shown


# --- format codes -----------------------------------------------------------------------------------------------------
@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    """For positive numbers, negative ones, zero and text, as far as ``code`` has them."""
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code[:500]):
        kind = match.lastgroup or ""
        text = match.group(kind) if kind else match.group()
        match kind:
            case "quoted" | "escaped":
                token = _Token("literal", text)
            case "space" | "fill":
                token = _Token("literal", " " if text == " " else "")
            case "bracket":
                token = _bracket(text)
            case "half":
                token = _Token("half", text)
            case "general":
                token = _Token("general", "")
            case "exponent":
                token = _Token("exponent", text)
            case "run":
                token = _Token("date", text.lower())
            case "digits":
                token = _Token("digits", text)
            case _:
                if text == ";":
                    sections.append([])
                    continue
                token = _character(text)
        if token.kind != "literal" or token.text:
            sections[-1].append(token)
    return tuple(_Section(tuple(tokens), _kind(tokens)) for tokens in sections[:4])


def _bracket(text: str) -> _Token:
    if text.startswith("$"):
        return _Token("literal", text[1:].partition("-")[0])  # a currency with its country
    if text and set(text.lower()) <= set("hms"):
        return _Token("elapsed", text.lower())
    return _Token("literal", "")  # a colour or a condition


def _character(text: str) -> _Token:
    match text:
        case ".":
            return _Token("point", text)
        case ",":
            return _Token("comma", text)
        case "%":
            return _Token("percent", text)
        case "@":
            return _Token("text", text)
        case _:
            return _Token("literal", text)


def _kind(tokens: list[_Token]) -> Kind:
    kinds = {token.kind for token in tokens}
    if kinds & {"date", "elapsed", "half"}:
        return "date"
    if "digits" in kinds:
        return "number"
    return "text" if "text" in kinds else "general"


def _choose(sections: tuple[_Section, ...], value: float) -> tuple[_Section, bool]:
    """The section for ``value``, and whether its sign is to be written; sections for negative ones have it."""
    for_negative = 1 if len(sections) > 1 else 0
    at = for_negative if value < 0 else 2 if value == 0 and len(sections) > 2 else 0
    return sections[at], at == 0


# --- numbers ----------------------------------------------------------------------------------------------------------
def _number(value: float, section: _Section) -> str:
    tokens = section.tokens
    kinds = [token.kind for token in tokens]
    if any(token.kind == "literal" and token.text == "/" for token in tokens):
        return general(round(value, 4))  # fractions
    first = kinds.index("digits")
    last = len(kinds) - 1 - kinds[::-1].index("digits")
    point = kinds.index("point") if "point" in kinds else None
    if kinds.count("digits") > 1 and any(kind == "literal" for kind in kinds[first:last]):
        return _masked(value, tokens)
    decimals = sum(len(token.text) for token in tokens[point:] if token.kind == "digits") if point is not None else 0
    whole = [at for at in range(first, last + 1) if point is None or at < point]
    grouped = any(
        tokens[at].kind == "comma" for at in whole if any(kinds[k] == "digits" for k in range(at, whole[-1] + 1))
    )
    trailing = 0
    for at in range((point if point is not None and point > last else last) + 1, len(kinds)):
        if kinds[at] != "comma":
            break
        trailing += 1
    value = value * 100 ** kinds.count("percent") / 1000**trailing
    least = sum(token.text.count("0") for at, token in enumerate(tokens) if at in whole)
    if "exponent" in kinds:
        mantissa = (
            sum(len(t.text) for t in tokens[point : kinds.index("exponent")] if t.kind == "digits") if point else 0
        )
        digits = f"{value:.{min(mantissa, _MOST_DECIMALS)}E}"
    else:
        optional = "".join(t.text for t in tokens[point:] if t.kind == "digits") if point is not None else ""
        digits = _digits(value, min(decimals, 30), optional, least, grouped)
    before = "".join(token.text for token in tokens[:first] if token.kind in ("literal", "percent"))
    after = "".join(token.text for token in tokens[last + 1 :] if token.kind in ("literal", "percent"))
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    return f"{sign}{before}{digits}{after}".strip()


def _digits(value: float, decimals: int, optional: str, least: int, grouped: bool) -> str:
    # Half is rounded away from zero, as it is shown; 2.675 is stored a little below.
    nudged = math.nextafter(value, math.inf if value > 0 else -math.inf) if value else 0.0
    scaled = f"{nudged:,.{decimals}f}" if grouped else f"{nudged:.{decimals}f}"
    if decimals:
        head, _, tail = scaled.partition(".")
        while tail and optional[len(tail) - 1] in "#?" and tail.endswith("0"):
            tail = tail[:-1]
        scaled = f"{head}.{tail}" if tail else head
    sign = "-" if scaled.startswith("-") else ""
    body = scaled.lstrip("-")
    head, mark, tail = body.partition(".")
    if not grouped and least > len(head):
        head = head.zfill(min(least, 30))
    if not strip_zero(head + tail):
        sign = ""
    return f"{sign}{head}{mark}{tail}"


def strip_zero(digits: str) -> str:
    """``digits`` without zeros and separators: empty for nought."""
    return digits.replace("0", "").replace(",", "")


def _masked(value: float, tokens: tuple[_Token, ...]) -> str:
    """Numbers with signs between their digits, such as telephone numbers: ``000-0000``."""
    width = sum(len(token.text) for token in tokens if token.kind == "digits")
    digits = str(abs(round(value))).zfill(width)
    extra = len(digits) - width
    at = 0
    parts: list[str] = []
    for token in tokens:
        if token.kind == "digits":
            count = len(token.text) + (extra if at == 0 else 0)
            parts.append(digits[at : at + count])
            at += count
        elif token.kind in ("literal", "point", "comma"):
            parts.append(token.text)
    return ("-" if value < 0 else "") + "".join(parts).strip()


# --- dates ------------------------------------------------------------------------------------------------------------
def _date(value: float, section: _Section, since_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return general(value)
    fraction = any(token.kind == "point" for token in section.tokens)
    seconds = round(value * 86_400, 3 if fraction else 0)
    if not since_1904 and seconds < 60 * 86_400:
        seconds += 86_400  # day 60, a 29 February of 1900 that never was
    moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(seconds=seconds)
    half = any(token.kind == "half" for token in section.tokens)
    parts: list[str] = []
    tokens = section.tokens
    for at, token in enumerate(tokens):
        match token.kind:
            case "date":
                parts.append(_date_part(token.text, moment, half, is_minutes=_is_minutes(tokens, at)))
            case "half":
                parts.append("AM" if moment.hour < 12 else "PM")
            case "elapsed":
                total = round(value * 86_400)
                parts.append(str(total // {"h": 3_600, "m": 60, "s": 1}[token.text[0]]))
            case "digits":
                parts.append(f"{moment.microsecond:06d}"[: len(token.text)])
            case "literal" | "point" | "comma":
                parts.append(token.text)
            case _:
                pass
    return "".join(parts).strip(" ,;")


def _is_minutes(tokens: tuple[_Token, ...], at: int) -> bool:
    """Whether an ``m`` means minutes: it stands behind hours or before seconds."""
    units = [(place, token.text[0]) for place, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    index = next(number for number, (place, _) in enumerate(units) if place == at)
    return (index > 0 and units[index - 1][1] == "h") or (index + 1 < len(units) and units[index + 1][1] == "s")


def _date_part(text: str, moment: datetime, half: bool, *, is_minutes: bool) -> str:
    unit, width = text[0], len(text)
    hour = (moment.hour % 12 or 12) if half else moment.hour
    match unit:
        case "y":
            return f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
        case "m" if not is_minutes and width > 2:
            name = MONTHS[moment.month - 1]
            return name[0] if width == 5 else name if width > 3 else name[:3]
        case "d" if width > 2:
            name = DAYS[moment.weekday()]
            return name if width > 3 else name[:3]
        case _:
            number = {
                "m": moment.minute if is_minutes else moment.month,
                "d": moment.day,
                "h": hour,
                "s": moment.second,
            }
            return f"{number[unit]:0{min(width, 2)}d}"
