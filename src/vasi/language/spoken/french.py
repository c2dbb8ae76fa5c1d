"""How French says what is written."""

from __future__ import annotations

from typing import Final

from vasi.language.spoken.table import Currency, SpokenLanguage, words

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def _date(day: int, month: str, year: int, before: str) -> str:
    del before
    return f"{'premier' if day == 1 else day} {month}" + (f" {year}" if year else "")


def _clock(hour: int, minute: int, half: str) -> str:
    hour += 12 if half == "pm" and hour < 12 else 0
    return f"{'une heure' if hour == 1 else f'{hour} heures'}" + (f" {minute}" if minute else "")


FRENCH: Final = SpokenLanguage(
    code="fr",
    decimal=",",
    months=_MONTHS,
    month_names={"janv": 1, "févr": 2, "fév": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "déc": 12,
        "fevrier": 2, "aout": 8, "decembre": 12},
    date=_date,
    clock=_clock,
    ordinal=lambda number: "premier" if number == 1 else f"{number}e",
    regnal=lambda number: "premier" if number == 1 else str(number),
    currencies={
        "€": Currency("euro", "euros", "centime", "centimes"),
        "EUR": Currency("euro", "euros", "centime", "centimes"),
        "$": Currency("dollar", "dollars", "cent", "cents"), "USD": Currency("dollar", "dollars", "cent", "cents"),
        "£": Currency("livre", "livres", "penny", "pence"), "GBP": Currency("livre", "livres", "penny", "pence"),
        "CHF": Currency("franc suisse", "francs suisses", "centime", "centimes"), "¥": Currency("yen", "yens"),
        "JPY": Currency("yen", "yens"),
    },
    cents=" ",
    scales={"m": "millions", "mio": "millions", "mrd": "milliards", "k": "mille", "bn": "milliards",
        "millions": "millions"},
    units={
        "km": ("kilomètre", "kilomètres"), "m": ("mètre", "mètres"), "cm": ("centimètre", "centimètres"),
        "mm": ("millimètre", "millimètres"),
        "kg": ("kilogramme", "kilogrammes"), "g": ("gramme", "grammes"), "mg": ("milligramme", "milligrammes"),
        "t": ("tonne", "tonnes"),
        "l": ("litre", "litres"), "L": ("litre", "litres"), "ml": ("millilitre", "millilitres"),
        "m²": ("mètre carré", "mètres carrés"),
        "m2": ("mètre carré", "mètres carrés"), "m³": ("mètre cube", "mètres cubes"),
        "km²": ("kilomètre carré", "kilomètres carrés"), "ha": ("hectare", "hectares"),
        "km/h": ("kilomètre heure", "kilomètres heure"), "m/s": ("mètre par seconde", "mètres par seconde"),
        "°C": ("degré Celsius", "degrés Celsius"),
        "°": ("degré", "degrés"), "%": ("pour cent", "pour cent"), "‰": ("pour mille", "pour mille"),
        "min": ("minute", "minutes"), "h": ("heure", "heures"), "s": ("seconde", "secondes"),
        "ms": ("milliseconde", "millisecondes"), "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"),
        "kWh": ("kilowattheure", "kilowattheures"),
        "V": ("volt", "volts"), "A": ("ampère", "ampères"), "Hz": ("hertz", "hertz"),
        "GHz": ("gigahertz", "gigahertz"), "Mo": ("mégaoctet", "mégaoctets"),
        "Go": ("gigaoctet", "gigaoctets"), "To": ("téraoctet", "téraoctets"), "MB": ("mégaoctet", "mégaoctets"),
        "GB": ("gigaoctet", "gigaoctets"), "dB": ("décibel", "décibels"),
    },
    signs={
        "&": "et", "+": "plus", "=": "égale", "<": "inférieur à", ">": "supérieur à", "≈": "environ", "≤": "au plus",
        "≥": "au moins", "≠": "différent de",
        "×": "fois", "÷": "divisé par", "±": "plus ou moins", "→": "vers", "§": "paragraphe", "@": "arobase",
        "°": "degrés", "%": "pour cent", "~": "environ", "^": "",
        "#": "numéro", "√": "racine de", "∞": "infini", "•": "", "·": "", "†": "", "/": "barre", "€": "euros",
        "$": "dollars", "£": "livres",
    },
    words={
        "dot": "point", "at": "arobase", "slash": "slash", "backslash": "antislash", "dash": "tiret",
        "underscore": "tiret bas", "tilde": "tilde",
        "colon": "deux-points", "version": "version", "point": "point", "to": "à", "minus": "moins", "plus": "plus",
        "number": "numéro", "of": "d'",
        "times": "fois", "and": "et", "power": "puissance", "power 2": "au carré", "power 3": "au cube",
    },
    abbreviations={
        "m.": "monsieur ", "mm.": "messieurs ", "dr.": "docteur ", "pr.": "professeur ", "p.ex.": "par exemple ",
        "c.-à-d.": "c'est-à-dire ", "etc.": "et cetera",
        "env.": "environ ", "max.": "maximum ", "min.": "minimum ", "tél.": "téléphone ", "av.": "avant ",
        "apr.": "après ", "j.-c.": "Jésus-Christ", "bd.": "boulevard ",
        "cf.": "voir ", "incl.": "inclus", "sté.": "société ", "st.": "saint ", "ste.": "sainte ", "Mme ": "madame",
        "Mmes ": "mesdames", "Mlle ": "mademoiselle",
        "Dr ": "docteur", "Pr ": "professeur", "St ": "saint", "Ste ": "sainte", "bd ": "boulevard", "Me ": "maître",
        "lun.": "lundi", "mer.": "mercredi",
        "jeu.": "jeudi", "ven.": "vendredi", "sam.": "samedi", "dim.": "dimanche", "janv.": "janvier",
        "févr.": "février", "juil.": "juillet", "sept.": "septembre", "déc.": "décembre",
    },
    numbered={
        "n°": "numéro ", "nº": "numéro ", "fig.": "figure ", "p.": "page ", "pp.": "pages ", "art.": "article ",
        "chap.": "chapitre ", "vol.": "volume ", "éq.": "équation ",
        "no.": "numéro ", "al.": "alinéa ", "sect.": "section ",
    },
    spelled=frozenset({"USA", "SNCF", "RGPD", "TVA", "HLM"}),
    spells_capitals=True,
    parts=words("""
        chapitre partie section volume tome annexe acte livre article phase niveau classe tableau figure
        titre guerre
    """),
    rulers=words("""
        louis henri charles napoléon pie jean françois philippe elizabeth élisabeth george benoît léon
    """),
    fractions={"1/2": "un demi", "½": "un demi", "1/3": "un tiers", "⅓": "un tiers", "2/3": "deux tiers",
        "⅔": "deux tiers", "1/4": "un quart", "¼": "un quart",
               "3/4": "trois quarts", "¾": "trois quarts", "1/5": "un cinquième", "1/8": "un huitième",
               "⅛": "un huitième"},
)  # fmt: skip
