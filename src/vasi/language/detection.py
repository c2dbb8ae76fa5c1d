"""The language of a text, told from its script, its function words, and the letters and endings of the others.

Made for passages and questions: a few words suffice where one of them is telling. English where nothing speaks for
another language, so that names, codes and numbers are treated as they are in English.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from vasi.language.stop_words import STOP_WORDS_OF, Language

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]")
_CHARACTERS = 2_000
"""So much of a text is looked at."""
_SCRIPT_SHARE = 0.25
"""A script has its language from this share of the letters on; a character of Chinese says as much as three letters."""
_KANA_SHARE = 0.1
"""Of Chinese characters and kana together: Japanese is never written without kana for long."""

_Votes: TypeAlias = tuple[tuple[Language, float], ...]

_LATIN: tuple[Language, ...] = ("en", "de", "es", "fr", "it", "nl", "pt")
_TELLING: Mapping[Language, str] = {
    "en": """
        the of and one two three four five six seven eight nine ten hundred thousand year years month months day days
        hour hours week weeks january february march may june july october december monday tuesday wednesday thursday
        friday saturday sunday don ll ve re please number name date
    """,
    "de": """
        eins zwei drei vier fünf sechs sieben acht neun zehn zwölf hundert tausend jahr jahre jahren monat monate
        monaten tag tage tagen stunde stunden woche wochen januar februar märz mai juni juli oktober dezember montag
        dienstag mittwoch donnerstag freitag samstag sonntag straße uhr herr frau nummer datum preis kosten heißt kostet
        seit pro alle nie niemals niemand
    """,
    "es": """
        dos tres cuatro cinco seis siete ocho nueve diez cien mil año años mes meses día días hora horas semana semanas
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles
        jueves viernes sábado domingo calle señor señora número fecha precio cuesta llama nunca nadie
    """,
    "fr": """
        deux trois quatre cinq sept huit neuf dix cent mille an ans année années mois jour jours heure heures semaine
        semaines janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi mercredi
        jeudi vendredi samedi dimanche rue monsieur madame numéro prix coûte quels jamais personne rien
    """,
    "it": """
        due tre quattro cinque sei sette otto nove dieci cento mille anno anni mese mesi giorno giorni ora ore settimana
        settimane gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì
        martedì mercoledì giovedì venerdì sabato domenica signor signora numero prezzo costa chiama mai nessuno
    """,
    "nl": """
        een twee drie vier vijf zes zeven acht negen tien honderd duizend jaar jaren maand maanden dag dagen uur uren
        week weken januari februari maart april mei juni juli augustus oktober december maandag dinsdag woensdag
        donderdag vrijdag zaterdag zondag straat meneer mevrouw nummer datum prijs kost heet nooit niemand
    """,
    "pt": """
        dois duas três quatro cinco seis sete oito nove dez cem mil ano anos mês meses dia dias hora horas semana
        semanas janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro segunda terça
        terças quarta quartas segundas sextas quinta sexta fecha sábado domingo rua senhor senhora
        número data preço custa chama nunca ninguém
    """,
}
_LETTERS: Mapping[Language, str] = {
    "en": "",
    "de": "äöüß",
    "es": "ñáíóúé",
    "fr": "éèêàùâîôûçœë",
    "it": "àèìòù",
    "nl": "ë",
    "pt": "ãõçáâêóíúé",
}
_ENDINGS: Mapping[Language, str] = {
    "en": "ing ght ould tion ness ship ly ers ted wh",
    "de": "ung ungen heit keit schaft lich liche lichen isch ische ischen igen cht eit tz chen ieren iert tion ern",
    "es": "ción ciones dad dades miento mientos ado ada ados adas ando iendo ar ería illo ero eros",
    "fr": "tion tions ment ments eux euse eau eaux ique iques ité ités ée ées ette aire aires ez oir ais ait aient",
    "it": "zione zioni tà mento menti ato ata ati ate ando endo are ere ire ello elli oso osi ino ini cchi",
    "nl": "ing ingen heid heden lijk lijke baar aar aan oe oen ij uis eren isch ische tie ties ijn ijk eel aat oor",
    "pt": "ção ções dade dades mento mentos ado ada ados adas ando endo indo ar inho agem agens ões ãos eiro eira",
}
_SHORTEST_WITH_ENDING = 5
_WORD_WEIGHT = 1.0
_LETTER_WEIGHT = 0.5
_ENDING_WEIGHT = 0.35
_MARGIN = 0.3
"""By so much another language has to be ahead of English."""
_CERTAIN, _CERTAIN_MARGIN = 1.3, 0.6
"""What speaks for a language, and by how much more than for any other, if the voice is to change for it."""
_LEAST = 0.55
"""So much has to speak for it: more than the letters of a name."""


def _shared(
    by_language: Mapping[Language, frozenset[str]], weight: float
) -> dict[str, tuple[tuple[Language, float], ...]]:
    """For each entry what it says for each language: the less the more languages have it."""
    holders: dict[str, list[Language]] = {}
    for language, entries in by_language.items():
        for entry in entries:
            holders.setdefault(entry, []).append(language)
    return {
        entry: tuple((language, weight / len(languages) ** 1.5) for language in languages)
        for entry, languages in holders.items()
    }


_BY_WORD = _shared({one: STOP_WORDS_OF[one] | frozenset(_TELLING[one].split()) for one in _LATIN}, _WORD_WEIGHT)
_BY_LETTER = _shared({one: frozenset(_LETTERS[one]) for one in _LATIN}, _LETTER_WEIGHT)
_BY_ENDING = _shared({one: frozenset(_ENDINGS[one].split()) for one in _LATIN}, _ENDING_WEIGHT)
_LONGEST_ENDING = max(map(len, _BY_ENDING))


@lru_cache(maxsize=4_096)
def detect(text: str) -> Language:
    """The language of ``text``; "en" where nothing in it speaks for another one. About 0.1 ms for a passage."""
    text = text[:_CHARACTERS]
    return (None if text.isascii() else _by_script(text)) or _among_latin(text)


@lru_cache(maxsize=4_096)
def tells_language(text: str) -> bool:
    """Whether there is anything in ``text`` that tells its language: not in "ok", a number or most names."""
    text = text[:_CHARACTERS]
    if not text.isascii() and _by_script(text) is not None:
        return True
    best, second = sorted(_scores(text).values(), reverse=True)[:2]
    return best > _LEAST and best > second + _MARGIN


@lru_cache(maxsize=4_096)
def certain_language(text: str) -> Language | None:
    """The language of ``text`` where two words or a script tell it, and no other language comes near; else None."""
    text = text[:_CHARACTERS]
    if not text.isascii() and (script := _by_script(text)) is not None:
        return script
    scores = _scores(text)
    best, second = sorted(_LATIN, key=lambda one: -scores[one])[:2]
    return best if scores[best] >= _CERTAIN and scores[best] - scores[second] >= _CERTAIN_MARGIN else None


def passage_language(text: str, heading: str = "") -> Language:
    """The language of a passage under a heading: what the index and whoever judges a passage take its stems by."""
    return detect(f"{heading}\n{text}" if heading else text)


def _by_script(text: str) -> Language | None:
    letters = sum(map(len, _WORD.findall(text))) or 1
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    counted: dict[Language, int] = {
        "ja" if kana >= _KANA_SHARE * (kana + han) else "zh": 3 * (kana + han),
        "ko": 2 * len(_HANGUL.findall(text)),
        "ar": len(_ARABIC.findall(text)),
    }
    language = max(counted, key=lambda one: counted[one])
    return language if counted[language] > _SCRIPT_SHARE * letters else None


def _scores(text: str) -> dict[Language, float]:
    scores = dict.fromkeys(_LATIN, 0.0)
    for word, count in Counter(_WORD.findall(text.lower())).items():
        for language, weight in _evidence(word):
            scores[language] += weight * min(count, 3)
    return scores


def _among_latin(text: str) -> Language:
    scores = _scores(text)
    best = max(_LATIN, key=lambda one: scores[one])
    return best if scores[best] > max(_LEAST, scores["en"] + _MARGIN) else "en"


@lru_cache(maxsize=20_000)
def _evidence(word: str) -> _Votes:
    if word in _BY_WORD:
        return _BY_WORD[word]
    found: defaultdict[Language, float] = defaultdict(float)
    if not word.isascii():
        for letter in set(word):
            for language, weight in _BY_LETTER.get(letter, ()):
                found[language] = max(found[language], weight)
    if len(word) >= _SHORTEST_WITH_ENDING:
        for length in range(min(_LONGEST_ENDING, len(word) - 2), 1, -1):
            if word[-length:] in _BY_ENDING:
                for language, weight in _BY_ENDING[word[-length:]]:
                    found[language] += weight
                break
    return tuple(found.items())
