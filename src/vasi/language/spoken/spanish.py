"""How Spanish says what is written."""

from __future__ import annotations

from typing import Final

from vasi.language.spoken.table import Currency, SpokenLanguage, words

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_ORDINALS = ("", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo")


def _date(day: int, month: str, year: int, before: str) -> str:
    del before
    return f"{day} de {month}" + (f" de {year}" if year else "")


def _clock(hour: int, minute: int, half: str) -> str:
    said = f"{hour}" + (
        f" {'y ' if hour < 13 else ''}{minute}" if minute else "" if half else " en punto" if hour < 13 else " horas"
    )
    return said + {"am": " de la mañana", "pm": " de la tarde"}.get(half, "")


SPANISH: Final = SpokenLanguage(
    code="es",
    decimal=",",
    months=_MONTHS,
    month_names={**{month[:3]: n for n, month in enumerate(_MONTHS, start=1)}, "setiembre": 9, "sept": 9},
    date=_date,
    clock=_clock,
    regnal=lambda number: _ORDINALS[number] if number < len(_ORDINALS) else str(number),
    currencies={
        "€": Currency("euro", "euros", "céntimo", "céntimos"),
        "EUR": Currency("euro", "euros", "céntimo", "céntimos"),
        "$": Currency("dólar", "dólares", "centavo", "centavos"),
        "USD": Currency("dólar", "dólares", "centavo", "centavos"),
        "£": Currency("libra", "libras", "penique", "peniques"),
        "GBP": Currency("libra", "libras", "penique", "peniques"),
        "CHF": Currency("franco suizo", "francos suizos"), "¥": Currency("yen", "yenes"),
        "JPY": Currency("yen", "yenes"),
    },
    cents=" con ",
    scales={"m": "millones", "k": "mil", "mm": "millones", "millones": "millones", "bn": "mil millones"},
    units={
        "km": ("kilómetro", "kilómetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"),
        "mm": ("milímetro", "milímetros"),
        "kg": ("kilo", "kilos"), "g": ("gramo", "gramos"), "mg": ("miligramo", "miligramos"),
        "t": ("tonelada", "toneladas"), "l": ("litro", "litros"), "L": ("litro", "litros"),
        "ml": ("mililitro", "mililitros"), "m²": ("metro cuadrado", "metros cuadrados"),
        "m2": ("metro cuadrado", "metros cuadrados"), "m³": ("metro cúbico", "metros cúbicos"),
        "km²": ("kilómetro cuadrado", "kilómetros cuadrados"), "ha": ("hectárea", "hectáreas"),
        "km/h": ("kilómetro por hora", "kilómetros por hora"),
        "m/s": ("metro por segundo", "metros por segundo"), "°C": ("grado centígrado", "grados centígrados"),
        "ºC": ("grado centígrado", "grados centígrados"),
        "°": ("grado", "grados"), "%": ("por ciento", "por ciento"), "‰": ("por mil", "por mil"),
        "min": ("minuto", "minutos"), "h": ("hora", "horas"), "s": ("segundo", "segundos"),
        "ms": ("milisegundo", "milisegundos"), "W": ("vatio", "vatios"), "kW": ("kilovatio", "kilovatios"),
        "kWh": ("kilovatio hora", "kilovatios hora"), "V": ("voltio", "voltios"),
        "A": ("amperio", "amperios"), "Hz": ("hercio", "hercios"), "GHz": ("gigahercio", "gigahercios"),
        "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"),
        "TB": ("terabyte", "terabytes"), "dB": ("decibelio", "decibelios"),
    },
    signs={
        "&": "y", "+": "más", "=": "igual a", "<": "menor que", ">": "mayor que", "≈": "aproximadamente",
        "≤": "como máximo", "≥": "como mínimo", "≠": "distinto de",
        "×": "por", "÷": "entre", "±": "más o menos", "→": "a", "§": "sección", "@": "arroba", "°": "grados",
        "%": "por ciento", "~": "aproximadamente", "^": "",
        "#": "número", "√": "raíz de", "∞": "infinito", "•": "", "·": "", "†": "", "/": "barra", "€": "euros",
        "$": "dólares", "£": "libras",
    },
    words={
        "dot": "punto", "at": "arroba", "slash": "barra", "backslash": "barra invertida", "dash": "guion",
        "underscore": "guion bajo", "tilde": "virgulilla",
        "colon": "dos puntos", "version": "versión", "point": "punto", "to": "a", "minus": "menos", "plus": "más",
        "number": "número", "of": "de ",
        "times": "por", "and": "y", "power": "elevado a", "power 2": "al cuadrado", "power 3": "al cubo",
    },
    abbreviations={
        "sr.": "señor ", "sra.": "señora ", "srta.": "señorita ", "sres.": "señores ", "dr.": "doctor ",
        "dra.": "doctora ", "d.": "don ", "dña.": "doña ", "prof.": "profesor ",
        "ud.": "usted ", "uds.": "ustedes ", "p.ej.": "por ejemplo ", "ej.": "ejemplo ", "etc.": "etcétera",
        "aprox.": "aproximadamente ", "máx.": "máximo ", "mín.": "mínimo ",
        "tel.": "teléfono ", "tfno.": "teléfono ", "ee.uu.": "Estados Unidos", "a.c.": "antes de Cristo",
        "d.c.": "después de Cristo", "avda.": "avenida ", "av.": "avenida ",
        "sto.": "santo ", "sta.": "santa ", "cía.": "compañía", "incl.": "incluido ", "s.a.": "sociedad anónima",
        "lun.": "lunes", "mié.": "miércoles", "jue.": "jueves", "vie.": "viernes",
        "sáb.": "sábado", "dom.": "domingo", "dpto.": "departamento ",
    },
    numbered={
        "n.º": "número ", "nº": "número ", "n°": "número ", "núm.": "número ", "no.": "número ", "fig.": "figura ",
        "pág.": "página ", "págs.": "páginas ", "p.": "página ", "pp.": "páginas ",
        "art.": "artículo ", "cap.": "capítulo ", "vol.": "volumen ", "ec.": "ecuación ", "secc.": "sección ",
    },
    spelled=frozenset({"USA", "DNI"}),
    parts=words("""
        capítulo parte sección volumen tomo anexo acto libro artículo fase nivel clase tabla figura título
        guerra siglo
    """),
    rulers=words("felipe carlos alfonso fernando isabel juan pío enrique luis benedicto"),
    fractions={"1/2": "un medio", "½": "medio", "1/3": "un tercio", "⅓": "un tercio", "2/3": "dos tercios",
        "⅔": "dos tercios", "1/4": "un cuarto", "¼": "un cuarto",
               "3/4": "tres cuartos", "¾": "tres cuartos", "1/5": "un quinto", "1/8": "un octavo", "⅛": "un octavo"},
)  # fmt: skip
