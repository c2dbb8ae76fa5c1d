"""Answering a question with what the passages say that were found, and saying where it stands."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from vasi.engines.llm.evidence import HARDLY, LIGHT, LIGHT_WEIGHT, Evidence, asked_words
from vasi.engines.llm.extracts import Extract, extracts
from vasi.engines.llm.labels import label_of, label_share
from vasi.engines.llm.listing import (
    FoundList,
    all_lists,
    announced_item,
    asked_list,
    item_in_words,
    read_out,
    whole_list,
)
from vasi.engines.llm.outputs import FoundPassage
from vasi.engines.llm.reranking import by_quantity, by_rows, lifted
from vasi.engines.llm.subject import Subject
from vasi.engines.llm.wording import row_in_words, sources, with_heading
from vasi.language.answer_types import answer_type
from vasi.language.asking import Form, asked_form
from vasi.language.cues import cue
from vasi.language.ranking import RankedSentence, rank_sentences
from vasi.language.replies import replies_for
from vasi.language.rows import is_row
from vasi.language.sentences import Span, sentences
from vasi.language.speakable import speakable, spoken_name
from vasi.language.structure import field
from vasi.language.terms import words
from vasi.language.verdicts import asks_same, is_exception, is_question, is_reply, verdict, without_label

_EXTRACTS = 6
_MOST_WORDS = 70
_SHORT_REPLY = 4  # words
_STATEMENTS = 8
"""Sentences that are asked for a yes or no."""
_GIST_SENTENCES, _GIST_SECTIONS = 3, 2
_AROUND = 250  # characters
_HEADING_WORDS, _HEADING_SHARE = 3, 0.75
"""A heading with so many telling words of a question, and this share of them, is the question."""
_SECOND = 0.75
"""A second sentence is said if it scores this much of the first."""
_GOES_ON = 0.9
"""A sentence that goes on about what the best one says counts this much of it."""
_VERY_LABEL = 1.3
"""A label of which so much is asked for is the one: all of two words, two of three."""

_POINTS_BACK = re.compile(
    r"(?:It|Its|This|That|These|Those|They|Their|She|He|Her|His|Both|Then|There|Here|Such|The (?:same|former|latter))\b"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters ``start:end`` of extract ``extract``, and how they are said."""

    extract: int
    start: int
    end: int
    text: str


def answer(
    question: str,
    passages: Sequence[FoundPassage],
    fresh: Container[str] = (),
    part: int = 0,
    *,
    judged: bool = False,
) -> list[str] | None:
    """The sentences to say, one of them telling the source; None if the passages don't answer.

    Args:
        question: as asked, with the topic words that it takes from earlier ones.
        passages: best first.
        fresh: the texts of notes that were written in this conversation: what somebody has just said counts more than
            what documents say about as well.
        part: of a list that is too long to be read at once: 0 at first, one more each time the user wants to go on.
        judged: the search has told that the passages answer.
    """
    found = extracts(passages, _EXTRACTS)
    if not found:
        return None
    return _Answer(question, found, fresh, part, judged=judged).sentences()


def answer_at(question: str, passages: Sequence[FoundPassage], *, topic: bool) -> list[str] | None:
    """What the passages of a place say: the answer to ``question`` if it has a ``topic``, else how they begin."""
    found = extracts(passages, _EXTRACTS)
    if not found:
        return None
    answering = _Answer(question, found, (), 0)
    return (answering.sentences() if topic else None) or answering.gist(range(len(found)))


class _Answer:
    def __init__(
        self, question: str, found: Sequence[Extract], fresh: Container[str], part: int, *, judged: bool = False
    ) -> None:
        self._question = question
        self._extracts = found
        self._part = part
        self._judged = judged
        self._replies = replies_for(question)
        self._form: Form = asked_form(question)
        self._texts = [one.text for one in found]
        self._headings = [f"{one.heading} {spoken_name(one.document)}" for one in found]
        self._asked = asked_words(question)
        self._evidence = Evidence(self._asked, self._texts, self._headings)
        self._subject = Subject(self._asked, self._form, found)
        self._ranked = self._rank(fresh)

    def _rank(self, fresh: Container[str]) -> list[RankedSentence]:
        idf = {word: LIGHT_WEIGHT for word in self._asked.stems if word in LIGHT}
        ranked = rank_sentences(self._question, self._texts, self._headings, idf)
        ranked = by_rows(self._asked, by_quantity(self._question, ranked))
        ranked = self._subject.kept(ranked)
        just_noted = [index for index, one in enumerate(self._extracts) if one.note and one.text.strip() in fresh]
        return lifted(ranked, just_noted)

    def sentences(self) -> list[str] | None:
        enough = HARDLY if self._judged and not self._subject.of_another else 0
        if not self._ranked or self._evidence.of(self._ranked[0]) <= enough:
            return None
        lists = all_lists(self._texts, [one.heading for one in self._extracts])
        if self._form == "gist" and (section := self._asked_section()) is not None:
            if listed := whole_list(lists, section, self._texts[section]):
                return self._list(listed)
            if not self._part:
                return self.gist([section])
        best = self._extracts[self._ranked[0].passage_index]
        if best.note:
            return self._noted()
        listed = asked_list(self._asked, self._form, lists, self._ranked, self._headings)
        if listed is not None:
            return self._list(listed)
        if self._part:
            return [self._replies.no_more]
        if (section := self._section_of_question()) is not None:
            return self.gist([section])
        if self._form == "verdict" and (decided := self._verdict(lists)):
            return decided
        if not self._subject.is_set_in(self._ranked[0].passage_index):
            return None
        ranked = self._with_asked_field()
        pieces = self._pieces(ranked) if ranked else []
        said = self._said(pieces, lists)
        return [*said, self._source(pieces)] if said else None

    def _asked_section(self) -> int | None:
        """The first extract whose own heading says what the question is about."""
        for index, one in enumerate(self._extracts):
            title = one.heading.rpartition(" > ")[2]
            if title and not one.note and self._asked.heavy_share(title) == 1:
                return index
        return None

    def _section_of_question(self) -> int | None:
        """The extract whose heading is what is asked for, if its best sentence says no more than that."""
        best = self._ranked[0]
        extract = self._extracts[best.passage_index]
        if set(words(best.text)) <= set(words(extract.heading)):
            return best.passage_index
        share = self._asked.heavy_share(extract.heading.rpartition(" > ")[2])
        if len(self._asked.heavy) < _HEADING_WORDS or share < _HEADING_SHARE:
            return None
        return best.passage_index if self._asked.heavy_share(best.text) < share else None

    def _with_asked_field(self) -> list[RankedSentence]:
        """The sentences with the field in front that is asked for: not "Model: Otter", but the "Year" of the Otter.

        A field that only has in its value what the question is about tells which record is meant.
        """
        best = self._ranked[0]
        found = field(best.text)
        if (labelled := self._by_label(best)) is not None:
            return [replace(labelled, score=best.score), *(one for one in self._ranked if one != labelled)]
        if found is None:
            return self._ranked
        known = label_share(found.label, self._asked)
        labelled = [
            (label_share(other.label, self._asked), -place, one)
            for place, one in enumerate(self._ranked)
            if one.passage_index == best.passage_index and (other := field(one.text)) is not None
        ]
        share, _, asked = max(labelled, key=lambda one: one[:2])
        if not share and self._says_nothing_new(best, found.value):
            others = [one for one in self._ranked[1:] if self._evidence.of(one) > 0]
            return others if others and others[0].score >= _SECOND * best.score else []
        if share <= known:
            return self._ranked
        return [replace(asked, score=best.score), *(one for one in self._ranked if one != asked)]

    def _by_label(self, best: RankedSentence) -> RankedSentence | None:
        """The value of the document that has the very label in front of it that is asked for, if the best has not."""
        known = label_share(label_of(best.text, self._asked), self._asked)
        origin = self._passage(best)
        chosen: list[tuple[tuple[float, bool, bool, int], RankedSentence]] = []
        for place, one in enumerate(self._ranked):
            label = label_of(one.text, self._asked)
            share = label_share(label, self._asked)
            passage = self._passage(one)
            if share < _VERY_LABEL or share <= known or passage.document != origin.document:
                continue
            if not self._asked.stems_of(label) <= self._asked.stems_of(best.text):
                near = (share, one.passage_index == best.passage_index, passage.page == origin.page, -place)
                chosen.append((near, one))
        return max(chosen, key=lambda pair: pair[0])[1] if chosen else None

    def _passage(self, one: RankedSentence) -> FoundPassage:
        return self._extracts[one.passage_index].passages_in(one.start, one.end)[0]

    def _says_nothing_new(self, best: RankedSentence, value: str) -> bool:
        """Whether a field only repeats what the question is about, and its heading doesn't answer either."""
        passage = self._passage(best)
        title = self._asked.stems_of(passage.heading.rpartition(" > ")[2])
        return self._asked.stems_of(value) <= set(self._asked.stems) and title.isdisjoint(
            self._asked.missing(best.text)
        )

    def gist(self, indexes: Sequence[int]) -> list[str] | None:
        """The beginning of an extract, of each of the first ones if there are several."""
        chosen = [index for index in indexes if not self._extracts[index].note][:_GIST_SECTIONS]
        pieces: list[_Piece] = []
        said: list[str] = []
        for index in chosen:
            extract = self._extracts[index]
            title = extract.heading.rpartition(" > ")[2].rstrip(".:")
            known = f"{extract.heading} {spoken_name(extract.document)}"
            for number, span in enumerate(_telling(extract.text, known, 1 if len(chosen) > 1 else _GIST_SENTENCES)):
                pieces.append(_Piece(index, span.start, span.end, span.text))
                named = len(chosen) > 1 and title and not number and not title.endswith("?")
                said.append(speakable(f"{title}: {span.text}" if named else span.text, self._question))
        said = [sentence for sentence in said if sentence]
        return [*said, self._source(pieces)] if said else None

    def _noted(self) -> list[str] | None:
        """What was noted: what a document says isn't."""
        pieces = [piece for piece in self._pieces(self._ranked) if self._extracts[piece.extract].note]
        said = self._said(pieces, ())
        return [self._replies.noted, *said] if said else None

    def _list(self, listed: FoundList) -> list[str] | None:
        read = read_out(listed, self._part, self._replies)
        if read is None:
            return [self._replies.no_more]
        lines, more = read
        piece = _Piece(listed.passage, listed.items.start, listed.items.end, lines)
        return [lines, self._source([piece]), *([self._replies.go_on] if more else [])]

    def _verdict(self, lists: Sequence[FoundList]) -> list[str] | None:
        """Yes or no with the sentence that says so; None if none does, or several contradict each other."""
        if answered := self._answered():
            return answered
        statements = [
            (_Piece(one.passage, item.start, item.end, item.text), announced_item(one, item))
            for one in lists
            for item in one.items.items
            if self._asked.share(item.text)
        ]
        for one in self._ranked[:_STATEMENTS]:
            if not is_row(one.text) and not any(listed.item(one) for listed in lists):
                statements.append((_piece(one), self._in_words(_piece(one), ())))
        decided = [
            (distance, place, says, piece, said)
            for place, (piece, said) in enumerate(statements)
            if (says := verdict(self._question, said, self._headings[piece.extract])) is not None
            and (distance := self._distance(piece, said)) <= _AROUND
        ]
        if not decided or len({says for _, _, says, _, _ in decided}) > 1:
            return None
        _, _, says, piece, said = min(decided, key=lambda one: one[:2])
        excepted = self._exceptions(piece)
        return [
            f"{self._replies.yes if says else self._replies.no}: {speakable(said, self._question)}",
            *(speakable(one.text, self._question) for one in excepted),
            self._source([piece, *excepted]),
        ]

    def _answered(self) -> list[str] | None:
        """What the text says behind the same question, in its own words: its "Yes" or "Only" is the verdict."""
        for one in self._ranked[:_STATEMENTS]:
            if not is_question(one.text) or (reply := self._reply(one)) is None:
                continue
            if not asks_same(self._question, one.text, self._headings[one.passage_index]):
                continue
            pieces = [reply]
            more = self._behind(reply)
            if len(reply.text.split()) < _SHORT_REPLY and more and not is_question(more.text):
                pieces.append(more)
            pieces.extend(self._exceptions(pieces[-1]))
            return [*self._said(pieces, ()), self._source(pieces)]
        return None

    def _reply(self, asking: RankedSentence) -> _Piece | None:
        """What stands behind a question of the document; None if that asks on."""
        reply = self._after(asking)
        if reply is None or is_question(reply.text):
            return None
        return replace(reply, text=without_label(reply.text))

    def _exceptions(self, piece: _Piece) -> list[_Piece]:
        """The sentence behind it that takes something out of it, with what that announces."""
        behind = self._behind(piece)
        if behind is None or not is_exception(behind.text):
            return []
        announced = self._behind(behind) if behind.text.endswith((":", "：")) else None
        return [behind, announced] if announced else [behind]

    def _distance(self, piece: _Piece, said: str) -> int:
        """Characters to where the text speaks of what a no by "only" leaves out; 0 if nothing is left out."""
        missing = self._asked.missing(f"{said} {self._headings[piece.extract]}")
        if not missing:
            return 0
        spoken_of = [
            max(piece.start - span.end, span.start - piece.end, 0)
            for span in sentences(self._texts[piece.extract])
            if not self._asked.stems_of(span.text).isdisjoint(missing)
        ]
        return min(spoken_of, default=_AROUND + 1)

    def _said(self, pieces: Sequence[_Piece], lists: Sequence[FoundList]) -> list[str]:
        said = [speakable(self._in_words(piece, lists), self._question) for piece in pieces]
        return [sentence for sentence in dict.fromkeys(said) if sentence]

    def _in_words(self, piece: _Piece, lists: Sequence[FoundList]) -> str:
        if is_row(piece.text):
            return row_in_words(piece.text, self._asked, self._replies)
        sentence = RankedSentence(piece.extract, piece.start, piece.end, piece.text, 0.0)
        for one in lists:
            if (item := one.item(sentence)) is not None:
                return item_in_words(one, item, self._asked)
        passage = self._extracts[piece.extract].passages_in(piece.start, piece.end)[0]
        return with_heading(piece.text, passage.heading, self._asked)

    def _source(self, pieces: Sequence[_Piece]) -> str:
        used = [one for piece in pieces for one in self._extracts[piece.extract].passages_in(piece.start, piece.end)]
        return self._replies.source.format(sources=sources(used, self._replies))

    # --- the sentences to say ---------------------------------------------------------------------------------------
    def _pieces(self, ranked: Sequence[RankedSentence]) -> list[_Piece]:
        """The best sentence with what it points back to, and the next best if nearly as good; in reading order."""
        best = ranked[0]
        pieces = [_piece(best)]
        if is_question(best.text) and (reply := self._reply(best)):
            pieces = [_piece(best), reply] if is_reply(reply.text) else [reply]
        elif self._form == "verdict" and (excepted := self._exceptions(pieces[0])):
            pieces.extend(excepted)
        if _POINTS_BACK.match(best.text) and (before := self._before(best)):
            pieces.insert(0, before)
        if best.text.endswith((":", "：")) and (after := self._after(best)):
            pieces.append(after)
        for other in self._seconds(ranked):
            if len(pieces) > 1 or other.score < _SECOND * best.score:
                break
            if is_row(other.text) != is_row(best.text) or not self._evidence.goes_beside(other, best):
                continue
            if _same(other.text, best.text) or _word_count([*pieces, _piece(other)]) > _MOST_WORDS:
                continue
            pieces.append(_piece(other))
            if _POINTS_BACK.match(other.text) and (before := self._before(other)) and before not in pieces:
                pieces.insert(1, before)
        if len({piece.extract for piece in pieces}) == 1:
            pieces.sort(key=lambda piece: piece.start)
        return pieces

    def _seconds(self, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
        """What may be said beside the best sentence, best first.

        A sentence that goes on about the same ("They are kept ...") shares few words with the question, but stands for
        all of those before it; more so if it holds the type of thing that is asked for and the best one doesn't.
        """
        best = ranked[0]
        if field(best.text) is not None:  # another field is another thing
            most = self._asked.share(best.text)
            return [one for one in ranked[1:6] if field(one.text) and self._asked.share(one.text) >= most]
        others = list(ranked[1:6])
        following = min(
            (other for other in ranked[1:] if other.passage_index == best.passage_index and other.start >= best.end),
            key=lambda other: other.start,
            default=None,
        )
        if following is not None and _POINTS_BACK.match(following.text):
            kind = answer_type(self._question)
            asked = self._asked.stems
            gain = cue(kind, following.text, asked) - cue(kind, best.text, asked)
            others = [other for other in others if other != following]
            others.append(replace(following, score=max(following.score, best.score * (_GOES_ON + 0.3 * gain))))
            others.sort(key=lambda other: -other.score)
        return others[:4]

    def _before(self, ranked: RankedSentence) -> _Piece | None:
        earlier = [span for span in sentences(self._texts[ranked.passage_index]) if span.end <= ranked.start]
        if not earlier:
            return None
        return _Piece(ranked.passage_index, earlier[-1].start, earlier[-1].end, earlier[-1].text)

    def _after(self, ranked: RankedSentence) -> _Piece | None:
        """What a sentence announces that ends with a colon."""
        return self._behind(_piece(ranked))

    def _behind(self, piece: _Piece) -> _Piece | None:
        later = next((span for span in sentences(self._texts[piece.extract]) if span.start >= piece.end), None)
        return _Piece(piece.extract, later.start, later.end, later.text) if later else None


def _telling(text: str, known: str, most: int) -> list[Span]:
    """The first sentences of ``text`` that say more than the words ``known``, without the end of one that was cut."""
    heard = set(words(known))
    telling = [span for span in sentences(text) if not heard.issuperset(words(span.text))]
    if telling and telling[0].text[:1].islower():
        del telling[0]
    kept: list[Span] = []
    for span in telling:
        announced = bool(kept) and kept[-1].text.endswith((":", "："))
        if not announced and len(kept) >= most:
            break
        if len(kept) > 1 and sum(len(one.text.split()) for one in (*kept, span)) > _MOST_WORDS:
            break
        kept.append(span)
    return kept


def _piece(ranked: RankedSentence) -> _Piece:
    return _Piece(ranked.passage_index, ranked.start, ranked.end, ranked.text)


def _same(one: str, other: str) -> bool:
    """Passages overlap: the same sentence may come twice."""
    said, known = set(words(one)), set(words(other))
    return len(said & known) >= 0.8 * min(len(said), len(known))


def _word_count(pieces: Sequence[_Piece]) -> int:
    return sum(len(piece.text.split()) for piece in pieces)
