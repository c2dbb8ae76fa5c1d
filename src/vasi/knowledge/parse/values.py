"""What kind of value a cell of a table holds: enough to tell the names of columns from what stands below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

ValueKind: TypeAlias = Literal["text", "number", "quantity", "percent", "money", "year", "date", "time", "contact",
                               "code", "flag"]  # fmt: skip
"""All but "text" are data."""

LONGEST = 60
"""Characters: what is longer is text."""
_SAMPLE: Final = 200
"""Values of a column that are looked at."""

_NUMBER = r"[-+−–±~≈<>≤≥(]{0,3}\d[\d.,'’ \u00a0\u202f]{0,24}+"
_CURRENCY = (
    r"(?:[$€£¥₹₽₩₺₪฿]|(?:US|CA|AU|NZ|HK)\$|kr\.?|zł|Kč|Ft|CHF|EUR|USD|GBP|JPY|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|CNY|INR"
    r"|BRL|RUB|TRY|euros?|dollars?|pounds?|francs?|crowns?|kronor|kroner|cents?|pence)"
)
_PERCENT = re.compile(_NUMBER + r"\)?\s?(?:%|‰|percent|per cent|Prozent|pour ?cent|por ciento)", re.IGNORECASE)
_MONEY = re.compile(
    rf"[-+−–(]?{_CURRENCY}\s?{_NUMBER}\)?(?:\s?[-–]\s?{_CURRENCY}?\s?{_NUMBER})?(?:[kKmM]|\s?(?:million|billion|mn|bn))?-?"
    rf"|{_NUMBER}\)?\s?(?:[-–]\s?{_NUMBER})?\s?{_CURRENCY}(?:\s?(?:/|per|pro|par|a)\s?\w{{1,15}})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:FY\s?)?(?:1[89]|20)\d\d(?:\s?[-–/]\s?(?:(?:1[89]|20)?\d\d))?[*a-z]?")
_NUMERIC_DATE = re.compile(r"\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}(?:[T ,]+\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?Z?)?")
_DATE = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,? )?(?:\d{1,2}(?:st|nd|rd|th|\.|er|º)? (?:de |of )?[^\W\d_]{3,10}\.?,? (?:de )?(?:19|20)\d\d"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d|[^\W\d_]{3,10}\.? (?:de )?(?:19|20)\d\d"
    r"|\d{1,2}-[A-Za-z]{3}-\d{2,4}|\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?)"
)
_TIME = re.compile(
    r"\d{1,2}(?:[:.h]\d\d(?:[:.]\d\d)?)?\s?(?:[ap]\.?m\.?|Uhr|h)?"
    r"(?:\s?(?:-|–|—|to|bis|à|a)\s?\d{1,2}(?:[:.h]\d\d(?:[:.]\d\d)?)?\s?(?:[ap]\.?m\.?|Uhr|h)?)?",
    re.IGNORECASE,
)
_IS_TIME = re.compile(r"\d[:h]\d\d|[ap]\.?m\b|Uhr", re.IGNORECASE)
_CONTACT = re.compile(r"\S{1,40}@\S{1,40}\.\w{2,10}|(?:https?://|www\.)\S{1,60}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\+|00?|\()[\d (][\d ()/.\-\u2011x]{4,30}|\d{3,4}[-. /]\d{3,4}(?:[-. /]\d{2,4}){0,2}(?:x\d{1,6})?"
)
_QUANTITY = re.compile(
    rf"{_NUMBER}(?:[-–]\s?{_NUMBER})?\s?[^\W\d_]{{1,15}}[²³.]?(?:\s?/\s?[^\W\d_]{{1,10}}[²³]?|\s[^\W\d_]{{1,15}}){{0,2}}"
)
_RANGE = re.compile(rf"{_NUMBER}(?:\s?(?:[-–—:/x×]|to|bis)\s?{_NUMBER})?\)?[*†]?")
_CODE = re.compile(r"(?=[^\d]{0,12}\d)(?=\S{0,16}[A-Z])[A-Z0-9][A-Z0-9]{0,8}(?:[-/. ]?[A-Za-z0-9]{1,8}){0,3}")
_FLAGS: Final = frozenset(
    """
    yes|no|y|n|x|✓|✔|✗|✘|✕|☑|☐|☒|●|○|true|false|ja|nein|oui|non|sí|si|tak|nie|да|нет|是|否|はい|いいえ
    """.strip().split("|")
)
_MISSING: Final = frozenset(["", "-", "–", "—", "--", "...", "…", "n/a", "n.a.", "na", "none", "k. a.", "/", "?"])
_HEADER_UNIT = re.compile(r"[(\[][^()\[\]]{1,20}[)\]]|in [^\W\d_]{1,12}|[%‰€$£¥#]|kg|km|cm|mm|m²|m|°C|kWh|EUR|USD|GBP")


def kind_of(value: str) -> ValueKind | None:
    """The kind of a cleaned ``value``; None where a cell says that it has none."""
    text = value.strip().strip("*†‡").strip()
    if text.lower() in _MISSING:
        return None
    if len(text) > LONGEST:
        return "text"
    if text.lower() in _FLAGS:
        return "flag"
    if _CONTACT.fullmatch(text):
        return "contact"
    if not any(letter.isdigit() for letter in text):
        return "text"
    return _of_digits(text)


def _of_digits(text: str) -> ValueKind:
    for kind, pattern in _KINDS:
        if pattern.fullmatch(text) and (kind != "time" or _IS_TIME.search(text)):
            return kind
    return "text"


_KINDS: Final[tuple[tuple[ValueKind, re.Pattern[str]], ...]] = (
    ("percent", _PERCENT),
    ("money", _MONEY),
    ("year", _YEAR),
    ("date", _NUMERIC_DATE),
    ("time", _TIME),
    ("contact", _PHONE),
    ("number", _RANGE),
    ("date", _DATE),
    ("quantity", _QUANTITY),
    ("code", _CODE),
)


_MIXED: Final[tuple[tuple[ValueKind, ValueKind], ...]] = (
    ("quantity", "number"),
    ("money", "number"),
    ("number", "year"),
    ("number", "percent"),
)
"""Kinds that stand in one column: "12 days" and "3"; an amount may look like a year."""


def common_kind(values: Iterable[str]) -> ValueKind | None:
    """The kind that at least three of five values have; None if none has, or there are no values."""
    counts: Counter[ValueKind] = Counter()
    for value in values:
        if kind := kind_of(value):
            counts[kind] += 1
            if counts.total() >= _SAMPLE:
                break
    if not counts:
        return None
    for kind, also in _MIXED:
        if counts[kind] and counts[kind] + counts[also] == counts.total():
            return kind
    kind, count = counts.most_common(1)[0]
    return kind if count * 5 >= counts.total() * 3 else None


def is_unit(value: str) -> bool:
    """Does a cell only say in which unit its column is, as in "(kg)" or "in €"?"""
    return _HEADER_UNIT.fullmatch(value.strip()) is not None


def is_sentence(value: str) -> bool:
    """Is it too long, or too much of a sentence, for the name of a column?"""
    text = value.strip()
    return len(text) > 90 or (text[-1:] in {".", "!", "?", "。"} and len(text.split()) > 6)


_LABELS: Final = frozenset(
    """
    name|first name|last name|surname|full name|title|phone|telephone|tel|fax|mobile|cell|email|e-mail|address|street
    |city|town|zip|zip code|postcode|postal code|country|state|website|web|url|date|date of birth|born|birthday|age
    |gender|nationality|start date|end date|due date|issue date|invoice date|invoice no|invoice number|invoice|order no
    |order number|customer|customer no|customer number|client|vendor|supplier|contact|contact person|department
    |position|job title|role|manager|employer|company|organisation|organization|room|office|location|place|venue
    |subject|topic|project|reference|ref|id|number|no|version|status|type|category|author|owner|created|updated
    |valid from|valid until|iban|bic|bank|account|account number|tax id|vat|vat id|currency|payment terms|signature
    |vorname|nachname|anschrift|straße|strasse|ort|plz|land|telefon|mobil|handy|datum|geburtsdatum|geburtsort|kunde
    |kundennummer|rechnungsnummer|rechnungsdatum|abteilung|firma|raum|betreff|projekt|beginn|ende|gültig ab|gültig bis
    |nom|prénom|adresse|ville|pays|téléphone|portable|courriel|date de naissance|service|société|objet|projet|début|fin
    |nombre|apellido|apellidos|dirección|ciudad|país|teléfono|móvil|correo|fecha|fecha de nacimiento|empresa|asunto
    |nome|cognome|indirizzo|città|paese|telefono|cellulare|data|data di nascita|azienda|oggetto|morada|endereço|cidade
    |naam|voornaam|achternaam|adres|plaats|telefoon|geboortedatum|bedrijf|onderwerp|imię|nazwisko|miasto|firma
    |имя|фамилия|адрес|город|телефон|дата|дата рождения|почта|компания
    """.replace("\n", " ").split("|")
)
_FIELD_NAMES: Final = frozenset(label.strip() for label in _LABELS)


def is_field_name(value: str) -> bool:
    """Is it what a form calls one of its fields, as in "Name", "Phone:" or "Invoice no."?"""
    return value.strip().rstrip(":.").strip().lower() in _FIELD_NAMES
