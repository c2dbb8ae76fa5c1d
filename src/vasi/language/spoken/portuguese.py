"""How Portuguese says what is written."""

from __future__ import annotations

from typing import Final

from vasi.language.spoken.table import Currency, SpokenLanguage, words

_MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_ORDINALS = ("", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono", "décimo")


def _date(day: int, month: str, year: int, before: str) -> str:
    del before
    return f"{'primeiro' if day == 1 else day} de {month}" + (f" de {year}" if year else "")


def _clock(hour: int, minute: int, half: str) -> str:
    hour += 12 if half == "pm" and hour < 12 else 0
    hours = {1: "uma hora", 2: "duas horas", 21: "vinte e uma horas", 22: "vinte e duas horas"}.get(
        hour, f"{hour} horas"
    )
    return hours + (f" e {minute}" if minute else "")


PORTUGUESE: Final = SpokenLanguage(
    code="pt",
    decimal=",",
    months=_MONTHS,
    month_names={month[:3]: n for n, month in enumerate(_MONTHS, start=1)},
    date=_date,
    clock=_clock,
    regnal=lambda number: _ORDINALS[number] if number < len(_ORDINALS) else str(number),
    currencies={
        "€": Currency("euro", "euros", "cêntimo", "cêntimos"),
        "EUR": Currency("euro", "euros", "cêntimo", "cêntimos"),
        "$": Currency("dólar", "dólares", "centavo", "centavos"),
        "USD": Currency("dólar", "dólares", "centavo", "centavos"),
        "R$": Currency("real", "reais", "centavo", "centavos"),
        "BRL": Currency("real", "reais", "centavo", "centavos"),
        "£": Currency("libra", "libras", "pêni", "pence"), "GBP": Currency("libra", "libras", "pêni", "pence"),
        "CHF": Currency("franco suíço", "francos suíços"), "¥": Currency("iene", "ienes"),
        "JPY": Currency("iene", "ienes"),
    },
    cents=" e ",
    scales={"m": "milhões", "mi": "milhões", "k": "mil", "bi": "bilhões", "bn": "bilhões", "milhões": "milhões"},
    units={
        "km": ("quilômetro", "quilômetros"), "m": ("metro", "metros"), "cm": ("centímetro", "centímetros"),
        "mm": ("milímetro", "milímetros"), "kg": ("quilo", "quilos"),
        "g": ("grama", "gramas"), "mg": ("miligrama", "miligramas"), "t": ("tonelada", "toneladas"),
        "l": ("litro", "litros"), "L": ("litro", "litros"), "ml": ("mililitro", "mililitros"),
        "m²": ("metro quadrado", "metros quadrados"), "m2": ("metro quadrado", "metros quadrados"),
        "m³": ("metro cúbico", "metros cúbicos"), "km²": ("quilômetro quadrado", "quilômetros quadrados"),
        "ha": ("hectare", "hectares"), "km/h": ("quilômetro por hora", "quilômetros por hora"),
        "m/s": ("metro por segundo", "metros por segundo"), "°C": ("grau Celsius", "graus Celsius"),
        "°": ("grau", "graus"), "%": ("por cento", "por cento"), "‰": ("por mil", "por mil"),
        "min": ("minuto", "minutos"), "h": ("hora", "horas"), "s": ("segundo", "segundos"),
        "ms": ("milissegundo", "milissegundos"), "W": ("watt", "watts"), "kW": ("quilowatt", "quilowatts"),
        "kWh": ("quilowatt-hora", "quilowatts-hora"), "V": ("volt", "volts"),
        "A": ("ampere", "amperes"), "Hz": ("hertz", "hertz"), "GHz": ("giga-hertz", "giga-hertz"),
        "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
    },
    signs={
        "&": "e", "+": "mais", "=": "igual a", "<": "menor que", ">": "maior que", "≈": "aproximadamente",
        "≤": "no máximo", "≥": "no mínimo", "≠": "diferente de", "×": "vezes",
        "÷": "dividido por", "±": "mais ou menos", "→": "para", "§": "parágrafo", "@": "arroba", "°": "graus",
        "%": "por cento", "~": "aproximadamente", "^": "", "#": "número",
        "√": "raiz de", "∞": "infinito", "•": "", "·": "", "†": "", "/": "barra", "€": "euros", "$": "dólares",
        "£": "libras",
    },
    words={
        "dot": "ponto", "at": "arroba", "slash": "barra", "backslash": "barra invertida", "dash": "hífen",
        "underscore": "sublinhado", "tilde": "til", "colon": "dois pontos",
        "version": "versão", "point": "ponto", "to": "a", "minus": "menos", "plus": "mais", "number": "número",
        "of": "de ", "times": "vezes", "and": "e", "power": "elevado a",
        "power 2": "ao quadrado", "power 3": "ao cubo",
    },
    abbreviations={
        "sr.": "senhor ", "sra.": "senhora ", "srs.": "senhores ", "dr.": "doutor ", "dra.": "doutora ",
        "prof.": "professor ", "profa.": "professora ", "d.": "dona ", "p.ex.": "por exemplo ",
        "ex.": "exemplo ", "etc.": "et cetera", "aprox.": "aproximadamente ", "máx.": "máximo ", "mín.": "mínimo ",
        "tel.": "telefone ", "a.c.": "antes de Cristo", "d.c.": "depois de Cristo",
        "av.": "avenida ", "sto.": "santo ", "sta.": "santa ", "cia.": "companhia", "incl.": "incluindo ",
        "seg.": "segunda-feira", "ter.": "terça-feira", "qua.": "quarta-feira",
        "qui.": "quinta-feira", "sex.": "sexta-feira", "sáb.": "sábado", "dom.": "domingo", "ltda.": "limitada",
        "depto.": "departamento ",
    },
    numbered={
        "n.º": "número ", "nº": "número ", "n°": "número ", "no.": "número ", "num.": "número ", "fig.": "figura ",
        "pág.": "página ", "págs.": "páginas ", "p.": "página ", "pp.": "páginas ",
        "art.": "artigo ", "cap.": "capítulo ", "vol.": "volume ", "eq.": "equação ",
    },
    spelled=frozenset({"CPF", "CNPJ"}),
    parts=words("""
        capítulo parte seção secção volume tomo anexo ato livro artigo fase nível classe tabela figura
        título guerra século
    """),
    rulers=words("joão pedro manuel afonso henrique carlos luís filipe pio bento"),
    fractions={"1/2": "um meio", "½": "meio", "1/3": "um terço", "⅓": "um terço", "2/3": "dois terços",
        "⅔": "dois terços", "1/4": "um quarto", "¼": "um quarto", "3/4": "três quartos",
               "¾": "três quartos", "1/5": "um quinto", "1/8": "um oitavo", "⅛": "um oitavo"},
)  # fmt: skip
