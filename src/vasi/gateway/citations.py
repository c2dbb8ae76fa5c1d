"""Which sentence of an answer rests on which passage, and which documents a response used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from vasi.knowledge.cite import CitablePassage, cite
from vasi.language.replies import names_place, says_not_found
from vasi.language.sentences import Span, sentences
from vasi.language.structure import begins_with_item
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.items import is_preamble, item_id
from vasi.tools.ports import Computed

MAX_PASSAGES = 40
"""Of earlier searches, which a later answer may still rest on."""
NEAREST = 3
"""Places that are named where nothing was used."""
ITEM_WORDS = 3
"""An item of fewer words may stand anywhere: it rests on what its list rests on."""
SOURCES_LENGTH = 512
"""Characters that a metadata value may have."""


class _Place(msgspec.Struct, frozen=True):
    """One entry of ``vasi.nearest``, as far as it is read."""

    passage: str


_nearest = msgspec.json.Decoder(list[_Place])


@dataclass(slots=True)
class _Text:
    """The text of a part so far and up to where its sentences were looked at."""

    text: str = ""
    cited: int = 0


@dataclass(slots=True)
class Citations:
    """The passages that were put before the model in one session."""

    _passages: dict[str, extension.PassageShown] = field(default_factory=dict[str, extension.PassageShown])
    _texts: dict[str, _Text] = field(default_factory=dict[str, _Text])
    _used: dict[str, dict[str, list[str]]] = field(default_factory=dict[str, dict[str, list[str]]])
    """Response id -> item id -> passages in the order of their use."""
    _preambles: set[str] = field(default_factory=set[str])
    """Items in progress that say what the model is about to do: they rest on nothing."""
    _tools: dict[str, bool] = field(default_factory=dict[str, bool])
    """Response id -> whether one of the tools that it ran was a search."""
    _found: dict[str, bool] = field(default_factory=dict[str, bool])
    """Response id -> whether one of its searches took what it found for an answer."""
    _searched: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Response id -> passages that its searches found."""
    _computed: dict[str, Computed] = field(default_factory=dict[str, Computed])
    """Response id -> what its last search worked out over records."""

    def note_tool(self, response_id: str, *, found: bool | None) -> None:
        """A response ran a tool: one that only asked for notes doesn't speak of what was searched before.

        Args:
            response_id: of the response.
            found: whether a search took what it found for an answer; None of a tool that doesn't search.
        """
        self._tools[response_id] = found is not None or self._tools.get(response_id, False)
        if found is not None:
            self._found[response_id] = found or self._found.get(response_id, False)

    def note_computed(self, response_id: str, computed: Computed) -> None:
        """A search of a response worked something out: sentences that say it rest on the records."""
        self._computed[response_id] = computed

    def add_passages(self, passages: Iterable[extension.PassageShown], response_id: str = "") -> None:
        """A search, of the response ``response_id``, found these, best first; the latest are kept."""
        passages = list(passages)
        self._searched.setdefault(response_id, []).extend(passage.id for passage in passages)
        for passage in passages:
            self._passages.pop(passage.id, None)
            self._passages[passage.id] = passage
        while len(self._passages) > MAX_PASSAGES:
            del self._passages[next(iter(self._passages))]

    def cite(self, event: ev.ServerEvent) -> Iterator[extension.Citation]:
        """Citations for the sentences that ``event`` completes."""
        match event:
            case ev.OutputItemAdded(item=item) if is_preamble(item):
                self._preambles.add(item_id(item))
            case ev.OutputItemDone(item=item):
                self._preambles.discard(item_id(item))
                if is_preamble(item):  # Some services say it only now.
                    self._used.get(event.response_id, {}).pop(item_id(item), None)
            case ev.ContentEvent(item_id=wanted) if wanted in self._preambles:
                pass
            case ev.OutputTranscriptDelta() | ev.OutputTextDelta():
                seen = self._texts.setdefault(event.item_id, _Text())
                seen.text += event.delta
                yield from self._cite(event, seen, complete=False)
            case ev.OutputTranscriptDone() | ev.OutputTextDone():
                seen = self._texts.pop(event.item_id, None)
                if seen is not None:
                    yield from self._cite(event, seen, complete=True)
            case _:
                pass

    def _cite(self, event: ev.ContentEvent, seen: _Text, *, complete: bool) -> Iterator[extension.Citation]:
        if not self._passages or not self._tools.get(event.response_id, True):
            return
        rest = seen.text[seen.cited :]
        spans = statements(rest)
        begin = seen.cited
        passages = [
            CitablePassage(one.id, one.text, one.heading, one.document, one.source_id, one.start, one.end)
            for one in self._passages.values()
        ]
        for span in spans if complete else spans[:-1]:
            sentence = rest[span.start : span.end]
            seen.cited = begin + span.end
            if names_place(sentence) or says_not_found(sentence):
                continue
            ids = self._computed_from(event.response_id, sentence)
            ids = ids or _cited(sentence, passages, found=self._found.get(event.response_id, True))
            if not ids:
                continue
            used = self._used.setdefault(event.response_id, {}).setdefault(event.item_id, [])
            used.extend(wanted for wanted in ids if wanted not in used)
            yield extension.Citation(
                response_id=event.response_id,
                item_id=event.item_id,
                content_index=event.content_index,
                start=begin + span.start,
                end=begin + span.end,
                text=sentence,
                passages=ids,
            )

    def _computed_from(self, response_id: str, sentence: str) -> list[str]:
        """The passages of the records that ``sentence`` tells the result of; none if it doesn't."""
        computed = self._computed.get(response_id)
        if computed is None or not any(term in sentence for term in computed.terms):
            return []
        return [wanted for wanted in computed.passages if wanted in self._passages]

    def passages_of(self, citation: extension.Citation) -> dict[str, extension.PassageShown]:
        """The passages that a citation names, by their ids."""
        return {wanted: self._passages[wanted] for wanted in citation.passages if wanted in self._passages}

    def nearest_of(self, metadata: Mapping[str, str]) -> dict[str, extension.PassageShown]:
        """The passages that ``vasi.nearest`` of a response's metadata names, by their ids."""
        if "vasi.nearest" not in metadata:
            return {}
        ids = [place.passage for place in _nearest.decode(metadata["vasi.nearest"])]
        return {wanted: self._passages[wanted] for wanted in ids if wanted in self._passages}

    def metadata(self, response_id: str) -> dict[str, str]:
        """What the metadata of a response that is done gains.

        ``vasi.sources`` are the documents and pages that it used, as a JSON list. Where it searched and used nothing,
        ``vasi.nearest`` are those that come nearest, each with the id of its ``passage``.
        """
        self._tools.pop(response_id, None)
        self._found.pop(response_id, None)
        self._computed.pop(response_id, None)
        searched = self._searched.pop(response_id, [])
        if used := list(dict.fromkeys(chain.from_iterable(self._used.pop(response_id, {}).values()))):
            return {"vasi.sources": _encoded(self._places(used, len(used), with_ids=False))}
        nearest = self._places(searched, NEAREST, with_ids=True)
        return {"vasi.nearest": _encoded(nearest)} if nearest else {}

    def _places(self, passage_ids: Iterable[str], most: int, *, with_ids: bool) -> list[dict[str, object]]:
        """The documents and pages of these passages, each once, in so many characters as metadata may have."""
        sources: list[dict[str, object]] = []
        seen: set[tuple[str, int | None]] = set()
        for passage_id in passage_ids:
            passage = self._passages.get(passage_id)
            if passage is None or (passage.document, passage.page) in seen or len(sources) == most:
                continue
            seen.add((passage.document, passage.page))
            source: dict[str, object] = {"document": passage.document}
            if passage.page is not None:
                source["page"] = passage.page
            if with_ids:
                source["passage"] = passage.id
            if len(_encoded([*sources, source])) <= SOURCES_LENGTH:
                sources.append(source)
        return sources


def statements(text: str) -> list[Span]:
    """The sentences of ``text``; a list is one with what announces it."""
    found: list[Span] = []
    for span in sentences(text):
        if found and begins_with_item(span.text) and "\n" in text[found[-1].end : span.start]:
            start = found.pop().start
            span = Span(start, span.end, text[start : span.end])
        found.append(span)
    return found


def _cited(statement: str, passages: Sequence[CitablePassage], *, found: bool) -> list[str]:
    """The passages that a sentence or list rests on: of a list also those that the rest of its items are from."""
    ids = cite(statement, passages, found=found)
    lines = statement.split("\n")
    if len(lines) == 1:
        return ids
    for line in lines:
        texts = [passage.text for passage in passages if passage.id in ids]
        item = line.strip().partition(" ")[2] if begins_with_item(line) else ""
        if len(item.split()) >= ITEM_WORDS and not any(item in " ".join(text.split()) for text in texts):
            ids += [one for one in cite(item, passages, found=found)[:1] if one not in ids]
    return ids


def _encoded(sources: list[dict[str, object]]) -> str:
    return msgspec.json.encode(sources).decode()
