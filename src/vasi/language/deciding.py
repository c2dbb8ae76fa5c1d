"""The words of a question that decide which answer is right: its names, numbers and codes, and what else is rare.

An answer about the standard plan is none to a question about the premium plan, however many other words they share.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vasi.language.detection import detect
from vasi.language.numerals import cardinal
from vasi.language.stop_words import QUESTION_WORDS, STOP_WORDS_OF, Language
from vasi.language.terms import stem, words

WordKind: TypeAlias = Literal["name", "number", "word"]
"""name: written with a capital inside the sentence, or a code of letters and digits; number: in digits."""

_LIGHT: Mapping[Language, str] = {
    "en": """
        able add age allow allowed amount another appear apply area around arrive ask author away back become
        begin belong best big bring build call cause change charge choose close color colour come common
        consider contain continue cost create date day decide deep describe difference different direction
        distance do eat email end enter event every example expect expensive explain express fast fee feel final
        find first fit follow form found function general get give go good group grow happen hard heavy height
        help high hold idea important include information join keep kind know known large last late lead learn
        leave length let light like list live locate located long look lose low main major make many mean
        measure meet mention move much must name near need new next number obtain occur offer often old one open
        originate own paper part pay people percentage person phone place play please position possible present
        price process produce provide put quantity quick quickly ranking reach read receive refer register
        remain require responsible result role run safe say second see sell send serve set short show size small
        sort speak speed spend stand start state stay step stop strong suggest summary take talk telephone tell
        temperature term thing time title total turn type unit use used usual usually value version visit wait
        want way weigh weight well wide word work write year young
    """,
    "de": """
        alt anfangen angeben anzahl arbeiten art beginnen bekommen bestehen betragen beträgt bezahlen brauchen
        breit bringen datum dauern dauert enthalten erhalten ermitteln farbe finden findet fängt gab geben gehen
        gehörig gehört genannt geschieht gibt groß größe heißen heißt hoch höhe insgesamt kommen kommt kosten
        kostet kürzel lang lange liegt länge machen macht mögliche name nennen nennt nummer passiert preis
        schnell schwer sehen stehen steht stellen tief tun verwenden viel viele vorgesehen wichtig wiegt zahl
        zahlen zeigen zeit zählt
    """,
    "es": """
        alto ancho años cantidad cobra color comienza contiene costar coste costo cuesta dar decir dura
        edad empieza encontrar encuentra existe fecha grande hace hacer hay ir largo llama llamar llevar lugar
        mide necesita necesito nombre número paga pagar parte permite pesa pone poner precio profundo puede
        puedo recibe sirve sucede tamaño tiempo tiene tipo trata usa usar utiliza vale valor viene
    """,
    "fr": """
        aller appeler appelle arrive avoir besoin combien commence contient couleur coût coûte date dire dit
        donne dure durée existe faire fait faut grand haut heure large lieu long longueur mesure montant nom
        nombre numéro obtenu passe payer permet peut place porte prend prix profond pèse quantité sert signifie
        situe situé sorte taille temps tient trouve type utilise utiliser valeur vaut vient âge
    """,
    "it": """
        alto ampio chiama colore comincia contiene costa costo data dura durata esiste età fa fare grande
        importo inizia lungo luogo misura nome numero pagare pesa prezzo profondo può quantità serve servono si
        succede tempo tipo trova usa usare utilizza vale valore viene
    """,
    "nl": """
        aantal begint betalen betekent bevat breed datum doen duurt gebeurt gebruik gebruiken groot grootte heet
        heten hoeveelheid hoog kleur komt kost kosten krijgen lang leeftijd ligt maken naam nodig nummer plaats
        prijs snel soort staat tijd type vinden waarde weegt zit zwaar
    """,
    "pt": """
        alto altura anos caro chama começa contém cor custa custo data demora diz dura existe faz fazer fica
        ficar grande hora idade largo local longo lugar medida nome número paga pagar pesa pode preciso preço
        profundo quantia quantidade quer serve significa situa tamanho tempo tipo trata usa usar utiliza vale
        valor vem
    """,
}
_LIGHT_STEMS: Mapping[Language, frozenset[str]] = {
    language: frozenset(stem(word, language) for word in words(text)) for language, text in _LIGHT.items()
}
"""Words that an answer does without, or says in another way: general verbs, and names of what is measured or counted,
where the figure speaks for itself."""

_TOKEN = re.compile(r"\S+")
_EDGES = "\"'“”‘’«»„()[]{}<>,;:!?¿¡…"
_SELF = ("I", "I'm", "I've", "I'd", "I'll")
_CAPITAL_NOUNS = frozenset({"de"})
_SENTENCE_END = (".", "!", "?", ":", "。", "？", "！")
_WRITTEN_OUT = 1_000_000
"""Numbers below are looked for in words, too."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question that isn't a stop word.

    Attributes:
        text: as it was asked, without the marks around it.
        stem: of one of its parts: "co-pay" is two words of one text.
        kind: what it is written like.
        place: of ``text`` among all words of the question, from 0.
        light: an answer may well do without it, or say it in another way: it is a general word, or says what kind of
            thing is asked for, as "city" in "which city".
    """

    text: str
    stem: str
    kind: WordKind
    place: int
    light: bool = False


def asked_words(question: str, language: Language = "en") -> list[AskedWord]:
    """The words of ``question`` in order, each stem once, its stop words left out.

    Args:
        question: as asked.
        language: of what it is compared with: stems are taken by it.
    """
    own = detect(question)
    stop_words = STOP_WORDS_OF[own]
    found: dict[str, AskedWord] = {}
    begins, before = True, ""
    for place, token in enumerate(_TOKEN.findall(question)):
        text = token.strip(_EDGES).rstrip(".")
        kind = _kind(text, begins=begins, nouns=own in _CAPITAL_NOUNS)
        parts = words(text)
        for word in parts:
            if word not in stop_words or (kind == "name" and own == "en"):
                shown = word if not text.isascii() and len(parts) > 1 else _without_possessive(text)
                light = kind == "word" and (
                    before in QUESTION_WORDS[own] or stem(word, own) in _LIGHT_STEMS.get(own, ())
                )
                found.setdefault(stem(word, language), AskedWord(shown, stem(word, language), kind, place, light))
        begins, before = token.endswith(_SENTENCE_END), text.lower()
    return list(found.values())


def _kind(text: str, *, begins: bool, nouns: bool) -> WordKind:
    """``nouns``: capitals tell no names, since all nouns have them."""
    if any(c.isdecimal() for c in text):
        return "name" if any(c.isalpha() for c in text) else "number"
    if any(c.isupper() for c in text[1:]):
        return "name"
    return (
        "name"
        if text[:1].isupper() and not begins and not nouns and text not in ("I", "I'm", "I've", "I'd", "I'll")
        else "word"
    )


def _without_possessive(text: str) -> str:
    return text[:-2] if text.endswith(("'s", "’s")) else text


def stands_in(word: AskedWord, stems: Collection[str]) -> bool:
    """Whether ``word`` is among ``stems``, a number also in words."""
    if word.stem in stems:
        return True
    if word.kind != "number" or not word.stem.isdecimal() or int(word.stem) >= _WRITTEN_OUT:
        return False
    return all(stem(part) in stems for part in cardinal(int(word.stem)).split())


def as_phrases(chosen: Iterable[AskedWord]) -> tuple[str, ...]:
    """``chosen`` as they were asked; those that stand side by side in the question are one phrase."""
    phrases: list[list[AskedWord]] = []
    for word in sorted(chosen, key=lambda word: word.place):
        if phrases and phrases[-1][-1].place == word.place:
            continue
        if phrases and phrases[-1][-1].place == word.place - 1:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return tuple(" ".join(word.text for word in phrase) for phrase in phrases)
