"""What the words of a question mean among records: what they are, a column, a value, or nothing that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vasi.knowledge.record_columns import Column
from vasi.knowledge.records import LONGEST_VALUE, RecordSet
from vasi.language.aggregates import is_unit
from vasi.language.columns import asked_by
from vasi.language.deciding import asked_words
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.terms import stem, words

_GENERAL = frozenset(
    words("""
    entries entry records record rows row items item things thing ones one list lists listed table kind kinds
    type types get have has had own do does belong belongs there total all each every any mentioned name names
    called work works live lives working make makes come comes give gives go goes take takes charge look
    overall different whole einträge eintrag alle gibt arbeiten arbeitet heißen heißt hay tienen tiene todos
    todas trabaja trabajan il y a ont tous toutes travaille travaillent sono ci lavora lavorano tutti tutte há
    têm tem trabalha trabalham er zijn werkt werken alle stück
    """)
)
"""Words that say nothing about which records are meant."""
_PEOPLE = frozenset(
    words("""
    people person persons employee employees staff worker workers colleague colleagues member members everyone
    everybody anyone anybody someone somebody mitarbeiter mitarbeiterinnen leute personen personal empleados
    personas gente employés personnes gens dipendenti persone funcionários pessoas medewerkers mensen
    """)
)
_STATES: tuple[tuple[str, bool], ...] = (
    ("out of stock", False), ("not in stock", False), ("sold out", False), ("not available", False),
    ("unavailable", False), ("in stock", True), ("available", True), ("nicht vorrätig", False), ("ausverkauft", False),
    ("nicht auf lager", False), ("nicht verfügbar", False), ("auf lager", True), ("vorrätig", True),
    ("verfügbar", True),
    ("agotados", False), ("agotado", False), ("en stock", True), ("en existencia", True), ("disponibles", True),
    ("épuisés", False), ("épuisé", False), ("en rupture de stock", False), ("disponibili", True), ("esauriti", False),
    ("esgotados", False), ("em estoque", True), ("em stock", True), ("disponíveis", True),
)  # fmt: skip


@dataclass(slots=True)
class Meaning:
    """What the words of a question mean in one set of records.

    Attributes:
        nouns: how many say what the records are.
        people: one says that they are people.
        columns: that are named, or asked for in other words.
        values: by column the values that are asked for, in lower case.
        loose: stems, or two side by side, that stand somewhere in the records that are asked for.
        states: columns of which "in stock" or "out of stock" is asked.
        understood: how many words say something.
    """

    nouns: int = 0
    people: bool = False
    columns: list[Column] = field(default_factory=list[Column])
    values: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    loose: list[str] = field(default_factory=list[str])
    states: list[tuple[Column, bool]] = field(default_factory=list[tuple[Column, bool]])
    understood: int = 0

    @property
    def conditions(self) -> bool:
        """Whether it leaves records out."""
        return bool(self.values or self.loose or self.states)


class Vocabulary:
    """The words that mean something among the records ``one``, asked in a language."""

    def __init__(self, one: RecordSet, columns: Sequence[Column], language: Language) -> None:
        self._set = one
        self._columns = columns
        self._language: Language = language
        self._values = one.whole_values
        self._holders = one.holders

    def meaning(self, text: str) -> Meaning | None:
        """What the words of ``text`` mean; None if one of them means nothing here."""
        meant = Meaning()
        text = self._states(text, meant)
        said = words(text)
        at = 0
        while at < len(said):
            length = self._value_at(said, at, meant)
            if not length and not self._word(said, at, text, meant):
                return None
            at += length or 1
        return meant

    def _states(self, text: str, meant: Meaning) -> str:
        """``text`` without "out of stock" and the like, where a column tells it."""
        lowered = text.lower()
        stock = next((column for column in self._columns if "stock" in column.concepts), None)
        for phrase, positive in _STATES:
            if stock is not None and phrase in lowered and tuple(map(self.stem, words(phrase))) not in self._values:
                if stock.type == "date":
                    continue
                meant.states.append((stock, positive))
                meant.understood += 1
                at = lowered.index(phrase)
                return f"{text[:at]} {text[at + len(phrase) :]}"
        return text

    def _value_at(self, said: Sequence[str], at: int, meant: Meaning) -> int:
        """The number of words at place ``at`` that are a value as it stands in a cell, the longest."""
        for length in range(min(LONGEST_VALUE, len(said) - at), 0, -1):
            chosen = said[at : at + length]
            key = tuple(map(self.stem, chosen))
            columns = self._values.get(key)
            if columns is None or (length == 1 and not self._tells(chosen[0], key[0])):
                continue
            for column, value in columns:
                meant.values.setdefault(column, set()).add(value)
            meant.understood += length
            return length
        return 0

    def _tells(self, word: str, one: str) -> bool:
        """Whether a single word that is a whole cell is meant as that: numbers and names of the kind may not be.

        What one record is called is its name, though the title above all of them has it too.
        """
        if len(word) < 2 or word.isdecimal() or word in self.stop_words:
            return False
        return one not in self._set.kind or any(self._set.stems(record.name) == [one] for record in self._set.records)

    def _word(self, said: Sequence[str], at: int, text: str, meant: Meaning) -> bool:
        word = said[at]
        one = self.stem(word)
        by_name = [column for column in self._columns if one in column.stems]
        if one in self._set.kind and word not in self.stop_words:
            meant.nouns += 1
            meant.understood += 1
            if by_name and by_name[0] is not self._columns[0]:
                meant.columns += [column for column in by_name if column not in meant.columns]
            return True
        if word in self.stop_words:
            return True
        if by_name:
            meant.columns += [column for column in by_name if column not in meant.columns]
            meant.understood += 1
            return True
        if word in _PEOPLE and self.person() is not None:
            meant.people = True
            meant.understood += 1
            return True
        if one in self._holders:
            if word.isdecimal() and at and self.stem(said[at - 1]) in meant.loose:
                one = f"{self.stem(said[at - 1])} {one}"
            meant.loose.append(one)
            meant.understood += 1
            return True
        if concepts := asked_by(word):
            held = [column for column in self._columns if column.concepts & concepts]
            if held:
                meant.columns += [column for column in held if column not in meant.columns]
                meant.understood += 1
                return True
        return word in _GENERAL or (bool(at) and is_unit(word)) or self._is_light(word, text)

    def _is_light(self, word: str, text: str) -> bool:
        return any(
            asked.light and asked.kind == "word"
            for asked in asked_words(text, self._set.language)
            if asked.stem == self.stem(word)
        )

    def stem(self, word: str) -> str:
        """By the language of the records."""
        return stem(word, self._set.language)

    def telling(self, text: str) -> list[str]:
        """The stems of the words of ``text`` but stop words of the question's language."""
        return [self.stem(word) for word in words(text) if word not in self.stop_words]

    @property
    def stop_words(self) -> frozenset[str]:
        """Of the question's language."""
        return STOP_WORDS_OF[self._language]

    def person(self) -> Column | None:
        """The column that tells who."""
        return next((column for column in self._columns if "person" in column.concepts), None)
