"""How German says what is written."""

from __future__ import annotations

from typing import Final

from vasi.language.spoken.table import Currency, SpokenLanguage, words

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
_SMALL = (
    "null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
)  # fmt: skip
_TENS = ("", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_ORDINALS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}
_INFLECTED = words("am vom zum bis dem den beim des im ab")


def _ordinal(number: int) -> str:
    """The stem of an ordinal: "zweit"."""
    if number in _ORDINALS:
        return _ORDINALS[number]
    if number < 20:
        return _SMALL[number] + "t"
    if number > 99:
        return f"{number}st"
    tens, ones = divmod(number, 10)
    return (f"{_SMALL[ones]}und" if ones else "") + f"{_TENS[tens - 1]}st"


def _date(day: int, month: str, year: int, before: str) -> str:
    ending = "en" if before in _INFLECTED else "e" if before in ("der", "die", "das") else "er"
    return f"{_ordinal(day)}{ending} {month}" + (f" {_year(year)}" if year else "")


def _year(number: int) -> str:
    if not 1100 <= number < 2000:
        return str(number)
    high, low = divmod(number, 100)
    return f"{_SMALL[high]}hundert" + (f" {low}" if low else "")


def _clock(hour: int, minute: int, half: str) -> str:
    hour += 12 if half == "pm" and hour < 12 else 0
    return f"{'ein' if hour == 1 else hour} Uhr" + (f" {minute}" if minute else "")


GERMAN: Final = SpokenLanguage(
    code="de",
    decimal=",",
    months=_MONTHS,
    month_names={**{month[:3].lower(): n for n, month in enumerate(_MONTHS, start=1)}, "jänner": 1, "sept": 9,
        "mrz": 3},
    date=_date,
    clock=_clock,
    year=_year,
    ordinal=lambda number: f"{_ordinal(number)}en",
    regnal=lambda number: f"der {_ordinal(number).capitalize()}e",
    currencies={
        "€": Currency("Euro", "Euro", "Cent", "Cent"), "EUR": Currency("Euro", "Euro", "Cent", "Cent"),
        "$": Currency("Dollar", "Dollar", "Cent", "Cent"), "USD": Currency("Dollar", "Dollar", "Cent", "Cent"),
        "£": Currency("Pfund", "Pfund", "Penny", "Pence"), "GBP": Currency("Pfund", "Pfund", "Penny", "Pence"),
        "CHF": Currency("Franken", "Franken", "Rappen", "Rappen"), "¥": Currency("Yen", "Yen"),
        "JPY": Currency("Yen", "Yen"),
    },
    cents=" und ",
    scales={"mio": "Millionen", "mrd": "Milliarden", "k": "Tausend", "m": "Millionen", "bn": "Milliarden"},
    units={
        "km": ("Kilometer", "Kilometer"), "m": ("Meter", "Meter"), "cm": ("Zentimeter", "Zentimeter"),
        "mm": ("Millimeter", "Millimeter"),
        "kg": ("Kilogramm", "Kilogramm"), "g": ("Gramm", "Gramm"), "mg": ("Milligramm", "Milligramm"),
        "t": ("Tonne", "Tonnen"),
        "l": ("Liter", "Liter"), "L": ("Liter", "Liter"), "ml": ("Milliliter", "Milliliter"),
        "m²": ("Quadratmeter", "Quadratmeter"),
        "m2": ("Quadratmeter", "Quadratmeter"), "qm": ("Quadratmeter", "Quadratmeter"),
        "m³": ("Kubikmeter", "Kubikmeter"),
        "km²": ("Quadratkilometer", "Quadratkilometer"), "ha": ("Hektar", "Hektar"),
        "km/h": ("Kilometer pro Stunde", "Kilometer pro Stunde"),
        "m/s": ("Meter pro Sekunde", "Meter pro Sekunde"), "°C": ("Grad Celsius", "Grad Celsius"),
        "°F": ("Grad Fahrenheit", "Grad Fahrenheit"),
        "°": ("Grad", "Grad"), "%": ("Prozent", "Prozent"), "‰": ("Promille", "Promille"),
        "min": ("Minute", "Minuten"), "Min": ("Minute", "Minuten"),
        "h": ("Stunde", "Stunden"), "Std": ("Stunde", "Stunden"), "s": ("Sekunde", "Sekunden"),
        "Sek": ("Sekunde", "Sekunden"),
        "ms": ("Millisekunde", "Millisekunden"), "W": ("Watt", "Watt"), "kW": ("Kilowatt", "Kilowatt"),
        "kWh": ("Kilowattstunde", "Kilowattstunden"),
        "V": ("Volt", "Volt"), "A": ("Ampere", "Ampere"), "Hz": ("Hertz", "Hertz"),
        "kHz": ("Kilohertz", "Kilohertz"), "GHz": ("Gigahertz", "Gigahertz"),
        "MB": ("Megabyte", "Megabyte"), "GB": ("Gigabyte", "Gigabyte"), "TB": ("Terabyte", "Terabyte"),
        "kB": ("Kilobyte", "Kilobyte"),
        "dB": ("Dezibel", "Dezibel"), "hPa": ("Hektopascal", "Hektopascal"), "bar": ("Bar", "Bar"),
    },
    signs={
        "&": "und", "+": "plus", "=": "gleich", "<": "kleiner als", ">": "größer als", "≈": "ungefähr",
        "≤": "höchstens", "≥": "mindestens",
        "≠": "ungleich", "×": "mal", "÷": "geteilt durch", "±": "plus minus", "→": "nach", "§": "Paragraf",
        "@": "ät", "°": "Grad",
        "%": "Prozent", "~": "ungefähr", "^": "", "#": "Nummer", "√": "Wurzel aus", "∞": "unendlich", "•": "",
        "·": "", "†": "", "/": "Schrägstrich",
        "€": "Euro", "$": "Dollar", "£": "Pfund",
    },
    words={
        "dot": "Punkt", "at": "ät", "slash": "Slash", "backslash": "Backslash", "dash": "Minus",
        "underscore": "Unterstrich", "tilde": "Tilde",
        "colon": "Doppelpunkt", "version": "Version", "point": "Punkt", "to": "bis", "minus": "minus",
        "plus": "plus", "number": "Nummer",
        "times": "mal", "and": "und", "power": "hoch", "power 2": "Quadrat", "power 3": "hoch drei",
    },
    abbreviations={
        "z.b.": "zum Beispiel ", "d.h.": "das heißt ", "u.a.": "unter anderem ", "usw.": "und so weiter",
        "bzw.": "beziehungsweise ",
        "ca.": "circa ", "dr.": "Doktor ", "prof.": "Professor ", "hr.": "Herr ", "hrn.": "Herrn ", "fr.": "Frau ",
        "inkl.": "inklusive ",
        "exkl.": "exklusive ", "zzgl.": "zuzüglich ", "ggf.": "gegebenenfalls ", "evtl.": "eventuell ",
        "max.": "maximal ", "min.": "minimal ",
        "tel.": "Telefon ", "mio.": "Millionen ", "mrd.": "Milliarden ", "st.": "Sankt ", "vgl.": "vergleiche ",
        "etc.": "et cetera", "o.ä.": "oder ähnliches",
        "u.ä.": "und ähnliches", "i.d.r.": "in der Regel ", "z.t.": "zum Teil ", "v.a.": "vor allem ",
        "s.o.": "siehe oben", "s.u.": "siehe unten",
        "bspw.": "beispielsweise ", "sog.": "sogenannte ", "einschl.": "einschließlich ", "usf.": "und so fort",
        "dipl.": "Diplom ", "ing.": "Ingenieur ",
        "std.": "Stunden", "sek.": "Sekunden", "jh.": "Jahrhundert", "mwst.": "Mehrwertsteuer", "mo.": "Montag",
        "di.": "Dienstag", "mi.": "Mittwoch",
        "do.": "Donnerstag", "sa.": "Samstag", "u.": "und ", "geb.": "geboren ", "gest.": "gestorben ",
        "allg.": "allgemein ", "str.": "Straße",
    },
    numbered={
        "nr.": "Nummer ", "s.": "Seite ", "abb.": "Abbildung ", "abs.": "Absatz ", "art.": "Artikel ",
        "kap.": "Kapitel ", "bd.": "Band ", "tab.": "Tabelle ",
        "ziff.": "Ziffer ", "anm.": "Anmerkung ", "aufl.": "Auflage ",
    },
    spelled=frozenset({"USA", "DSGVO", "GMBH", "MWST"}),
    spells_capitals=True,
    parts=words("""
        kapitel teil abschnitt band anhang akt buch artikel stufe klasse tabelle abbildung weltkrieg
    """),
    rulers=words("""
        heinrich ludwig friedrich wilhelm karl otto papst pius johannes leo philipp elisabeth georg
        maximilian leopold franz napoleon
    """),
    fractions={"1/2": "ein halb", "½": "ein halb", "1/3": "ein Drittel", "⅓": "ein Drittel", "2/3": "zwei Drittel",
        "⅔": "zwei Drittel",
               "1/4": "ein Viertel", "¼": "ein Viertel", "3/4": "drei Viertel", "¾": "drei Viertel",
               "1/5": "ein Fünftel", "1/8": "ein Achtel", "⅛": "ein Achtel"},
)  # fmt: skip
