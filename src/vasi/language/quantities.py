"""Quantities, dates and times of day, read out of cells and questions: with their unit, in either spelling of decimals.

What can't be compared is told apart: euros and dollars, metres and hours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.forms import month_names
from vasi.language.number_words import ENGLISH, NUMBER_WORDS, with_digits
from vasi.language.stop_words import Language

Decimal: TypeAlias = Literal[".", ","]
"""The mark in front of decimals; the other one groups thousands."""

_UNITS = """
euro 1 € euro euros eur
dollar 1 $ dollar dollars usd us$ dólar dólares dólars
sterling 1 £ gbp
pound 1 pound pounds
franc 1 chf franken francs franc sfr
yen 1 ¥ yen jpy 円
crown 1 crown crowns kr sek nok dkk czk krone kronen kroner kronor kronas
rupee 1 rupee rupees inr ₹
real 1 r$ real reais brl
peso 1 peso pesos mxn
cent 1 cent cents ct
percent 1 % percent prozent pourcent procent
gram 0.001 mg milligram milligrams milligramm
gram 1 g gram grams gramme grammes gramm gramo gramos grammo grammi grama gramas
gram 1000 kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chilo chili
gram 1000 quilo quilos
gram 1000000 t ton tons tonne tonnes tonnen tonelada toneladas tonnellata tonnellate
gram 453.592 lb lbs
gram 28.3495 oz ounce ounces
metre 0.001 mm millimetre millimetres millimeter millimeters milímetro milímetros millimètre millimètres
metre 0.01 cm centimetre centimetres centimeter centimeters zentimeter centímetro centímetros centimètre centimètres
metre 1 m metre metres meter meters metern metro metros mètre mètres metri
metre 1000 km kilometre kilometres kilometer kilometers kilómetro kilómetros kilomètre kilomètres chilometro chilometri
metre 1000 quilómetro quilómetros quilômetro quilômetros
metre 0.3048 ft foot feet
metre 0.0254 inch inches
metre 1609.34 mile miles
square 1 m² m2 sqm qm quadratmeter
square 10000 ha hectare hectares hektar
litre 0.001 ml millilitre millilitres milliliter milliliters
litre 0.01 cl
litre 0.1 dl
litre 1 l litre litres liter liters litro litros litri
second 1 s sec secs second seconds sekunde sekunden segundo segundos seconde secondes secondo secondi
second 60 min mins minute minutes minuten minuto minutos minuti
second 3600 h hr hrs hour hours stunde stunden std hora horas heure heures ora ore uur
day 1 day days tag tage tagen día días dia dias jour jours giorno giorni dag dagen night nights
day 7 week weeks woche wochen semana semanas semaine semaines settimana settimane weken
day 30.44 month months monat monate monaten mes meses mois mese mesi maand maanden mês
day 365.25 year years yr yrs jahr jahre jahren año años an ans année années anno anni ano anos jaar
degree 1 ° °c degree degrees grad
watt 1 w watt watts
watt 1000 kw kilowatt kilowatts
watt 1000000 mw megawatt megawatts
hour-watt 1 kwh
speed 1 km/h kmh kph
speed 1.60934 mph
speed 1.852 knots knot kn
byte 1 kb kilobyte kilobytes
byte 1000 mb megabyte megabytes
byte 1000000 gb gigabyte gigabytes
byte 1000000000 tb terabyte terabytes
volt 1 v volt volts
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``factor`` of the smallest, or usual, one of its ``kind``."""

    kind: str
    factor: float


def _units() -> Mapping[str, Unit]:
    found: dict[str, Unit] = {}
    for line in _UNITS.strip().splitlines():
        kind, factor, *spellings = line.split()
        found |= {spelling: Unit(kind, float(factor)) for spelling in spellings}
    return found


_BY_SPELLING = _units()
MONEY = frozenset(("euro", "dollar", "sterling", "pound", "franc", "yen", "crown", "rupee", "real", "peso", "cent"))
"""Kinds of units that prices are in."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    Attributes:
        value: in the unit that ``kind`` is counted in, so that quantities of one kind compare.
        kind: what is measured, as "metre" or "euro"; "" of a bare number.
        factor: ``value`` of one unit as it was written.
        unit: as it was written; "" of a bare number.
        before: the unit stands in front of the number.
        plain: nothing else was written.
    """

    value: float
    kind: str = ""
    factor: float = 1.0
    unit: str = ""
    before: bool = False
    plain: bool = True


_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,5}(?:[.,]\d{1,6})?(?!\d)|\d{1,15}(?:[.,'\u2019]\d{1,15}){0,6}"
_NUMBER = re.compile(
    r"(?<![\w.,-])(?P<sign>[-\u2212+])?(?P<before>(?:US\$|R\$|CHF|EUR|USD|GBP|[$€£¥₹])\s?)?"
    rf"(?P<minus>[-\u2212])?(?P<digits>{_DIGITS})"
    r"(?P<scale>\s?(?:k|million|mio\.?|millones|millions|milhões|milioni|billion|thousand|tausend|mil)\b)?"
    r"(?:[\s-]?(?P<unit>km/h|US\$|R\$|°C?|[€$£¥₹%円]|[^\W\d_]{1,14}[²2]?))?",
    re.IGNORECASE,
)
_SCALES = {"k": 1e3, "thousand": 1e3, "tausend": 1e3, "mil": 1e3, "billion": 1e9}
_GROUPS = str.maketrans("", "", "'\u2019\u00a0\u202f ")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_NAME = re.compile(r"[^\W\d_]+(?:(?:-| y | e | et )[^\W\d_]+)?")
_ABOUT = re.compile(
    r"\b(?:about|around|approx|approximately|circa|ca|some|nearly|almost|up|from|per|each|or|to|bis|ab|etwa|rund)\b|[~–<>]",
    re.IGNORECASE,
)
_ENGLISH_NUMBERS = {word: str(number) for word, number in ENGLISH.items()} | {"hundred": "100"}


def decimal_of(values: list[str], language: Language) -> Decimal:
    """The mark in front of decimals in a column of ``values``: as they show it, else as ``language`` has it."""
    points = commas = 0
    for value in values:
        for found in _NUMBER.finditer(value):
            mark = _certain_mark(found["digits"].translate(_GROUPS))
            points += mark == "."
            commas += mark == ","
    if points != commas:
        return "." if points > commas else ","
    return "," if language in ("de", "es", "fr", "it", "nl", "pt") else "."


def _certain_mark(digits: str) -> Decimal | None:
    """The mark of decimals that ``digits`` show; None if it may group thousands as well."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return None
    mark = digits[last]
    others = digits[:last]
    if "." in others or "," in others:
        if mark in others:
            return "," if mark == "." else "."  # it comes again: it groups
        return "." if mark == "." else ","
    if len(digits) - last - 1 != 3 or last > 3:
        return "." if mark == "." else ","
    return None


def number(digits: str, decimal: Decimal = ".") -> float | None:
    """The number that ``digits`` with their marks stand for; None if it's none.

    Args:
        digits: as written.
        decimal: the mark of decimals where they don't show it themselves: in "1.250".
    """
    digits = digits.translate(_GROUPS).rstrip(".,")
    mark = _certain_mark(digits) or decimal
    plain = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    try:
        return float(plain)
    except ValueError:
        return None


def quantity(text: str, decimal: Decimal = ".") -> Quantity | None:
    """The first quantity in ``text``, a number in words as well; None if there is none."""
    found = find_quantity(text, decimal)
    return found[0] if found else None


def find_quantity(text: str, decimal: Decimal = ".") -> tuple[Quantity, int, int] | None:
    """The same, and where it stands."""
    if found := _NUMBER.search(text):
        return _read(found, text, decimal)
    for word in _NUMBER_NAME.finditer(text):
        digits = with_digits(word[0].lower())
        if not digits.isdecimal():
            digits = _ENGLISH_NUMBERS.get(digits) or _foreign(digits)
        if digits.isdecimal():
            read = find_quantity(f"{digits}{text[word.end() :]}", decimal)
            return (read[0], word.start(), read[2] + word.end() - len(digits)) if read else None
    return None


def _read(found: re.Match[str], text: str, decimal: Decimal) -> tuple[Quantity, int, int] | None:
    value = number(found["digits"], decimal)
    if value is None:
        return None
    if found["minus"] or found["sign"] in ("-", "\u2212"):
        value = -value
    if scale := (found["scale"] or "").strip().lower():
        value *= _SCALES.get(scale, 1e6)
    sign, behind = (found["before"] or "").strip(), found["unit"] or ""
    written = sign or behind
    unit = _BY_SPELLING.get(written.lower())
    end = found.end() if unit is not None or not behind else found.start("unit")
    rest = f"{text[: found.start()]} {text[end:]}"
    plain = not any(c.isdigit() for c in rest) and _ABOUT.search(rest) is None
    if unit is None:
        return Quantity(value, plain=plain), found.start(), end
    return Quantity(value * unit.factor, unit.kind, unit.factor, written, bool(sign), plain), found.start(), end


def _foreign(word: str) -> str:
    return next((str(known[word]) for known in NUMBER_WORDS.values() if word in known), word)


def unit_of(word: str) -> Unit | None:
    """The unit that is spelt ``word``."""
    return _BY_SPELLING.get(word.lower())


# --- dates ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Date:
    """A day, month or year: ``month`` and ``day`` are 0 where they aren't said, ``year`` where it isn't."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def first(self) -> int:
        """Its first day as a number that grows with time."""
        return self.year * 10_000 + max(self.month, 1) * 100 + max(self.day, 1)

    @property
    def last(self) -> int:
        """Its last day, in the same way."""
        return self.year * 10_000 + (self.month or 12) * 100 + (self.day or 31)


_MONTH_NUMBERS = {name: number for number, names in enumerate(month_names(), 1) for name in names}
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"(?<![\w.])(?:(?P<y1>{_YEAR})-(?P<m1>\d\d?)(?:-(?P<d1>\d\d?))?"
    rf"|(?P<d2>\d\d?)\.\s?(?P<m2>\d\d?)\.\s?(?P<y2>{_YEAR}|\d\d)"
    rf"|(?P<one>\d\d?)/(?P<two>\d\d?)/(?P<y3>{_YEAR}|\d\d)"
    rf"|(?P<d4>\d\d?)(?:\.|st|nd|rd|th|º|er)?(?: of| de| di)? (?P<m4>{_MONTH})\b\.?(?:,? (?:de |del )?(?P<y4>{_YEAR}))?"
    rf"|(?P<m5>{_MONTH})\b\.? (?P<d5>\d\d?)(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y5>{_YEAR}))?"
    rf"|(?P<m6>{_MONTH})\b\.?(?:,? (?:de |del )?(?P<y6>{_YEAR}))?"
    rf"|(?P<m7>\d\d?)/(?P<y7>{_YEAR})"
    rf"|(?P<y8>{_YEAR}))(?![\w%€$£]|[.,]\d)",
    re.IGNORECASE,
)


def date(text: str, *, month_first: bool = False) -> tuple[Date, int, int] | None:
    """The first date in ``text`` and where it stands; None if there is none.

    Args:
        text: of a cell, or of a question.
        month_first: 3/4/2024 is the fourth of March.
    """
    for found in _DATE.finditer(text):
        part = {name[0] if name[0] in "ymd" else name: value for name, value in found.groupdict().items() if value}
        if "one" in part:
            first, second = int(part["one"]), int(part["two"])
            day, month = (second, first) if (month_first and first <= 12) or second > 12 else (first, second)
        else:
            day = int(part.get("d", 0))
            named = part.get("m", "0")
            month = int(named) if named.isdecimal() else _MONTH_NUMBERS[named.lower()]
        year = int(part.get("y", 0))
        if 0 < year < 100:
            year += 2000 if year < 70 else 1900
        if month > 12 or day > 31 or (not year and named_alone(found)):
            continue
        return Date(year, month, day), found.start(), found.end()
    return None


def named_alone(found: re.Match[str]) -> bool:
    """A month that is a word as well: "may" and "march" without a capital and a day."""
    return found["m6"] is not None and found["m6"].lower() in ("may", "march", "mar") and found["m6"].islower()


def writes_month_first(values: list[str]) -> bool:
    """Whether dates like 3/14/2024 stand among ``values``."""
    return any(
        found["two"] and int(found["two"]) > 12 for value in values for found in _DATE.finditer(value) if found["one"]
    )


# --- times of day ---------------------------------------------------------------------------------------------------
_TIME = re.compile(
    r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3])"
    r"(?:[:.h](?P<minute>[0-5]\d)(?!\d|[.:]\d)(?:\s?(?P<half>[ap])\.?m\b)?|\s?(?P<noon>[ap])\.?m\b|\s?(?P<clock>uhr|o'clock|h)\b)",
    re.IGNORECASE,
)
_NAMED_TIMES = {"noon": 720, "midday": 720, "midnight": 1440, "mittag": 720, "mitternacht": 1440, "midi": 720}


def time_of_day(text: str) -> tuple[int, int, int] | None:
    """The first time in ``text`` in minutes after midnight, and where it stands; None if there is none."""
    found = _TIME.search(text)
    if found is None:
        word = next((word for word in _WORD.finditer(text) if word[0].lower() in _NAMED_TIMES), None)
        return (_NAMED_TIMES[word[0].lower()], *word.span()) if word else None
    hour, half = int(found["hour"]), (found["half"] or found["noon"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(found["minute"] or 0), *found.span()
