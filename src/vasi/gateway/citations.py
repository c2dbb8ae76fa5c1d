"""Which sentence of an answer rests on which passage, and which documents a response used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from vasi.knowledge.cite import CitablePassage, cite
from vasi.language.sentences import sentences
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.items import is_preamble, item_id

MAX_PASSAGES = 40
"""Of earlier searches, which a later answer may still rest on."""
SOURCES_LENGTH = 512
"""Characters that a metadata value may have."""


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

    def note_tool(self, response_id: str, *, found: bool | None) -> None:
        """A response ran a tool: one that only asked for notes doesn't speak of what was searched before.

        Args:
            response_id: of the response.
            found: whether a search took what it found for an answer; None of a tool that doesn't search.
        """
        self._tools[response_id] = found is not None or self._tools.get(response_id, False)
        if found is not None:
            self._found[response_id] = found or self._found.get(response_id, False)

    def add_passages(self, passages: Iterable[extension.PassageShown]) -> None:
        """A search found these; the latest are kept."""
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
        spans = sentences(rest)
        begin = seen.cited
        passages = [
            CitablePassage(one.id, one.text, one.heading, one.document, one.source_id, one.start, one.end)
            for one in self._passages.values()
        ]
        for span in spans if complete else spans[:-1]:
            sentence = rest[span.start : span.end]
            seen.cited = begin + span.end
            ids = cite(sentence, passages, found=self._found.get(event.response_id, True))
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

    def passages_of(self, citation: extension.Citation) -> dict[str, extension.PassageShown]:
        """The passages that a citation names, by their ids."""
        return {wanted: self._passages[wanted] for wanted in citation.passages if wanted in self._passages}

    def sources(self, response_id: str) -> str | None:
        """The documents and pages that a response used, as the JSON list of its ``vasi.sources``; None if none."""
        sources: list[dict[str, object]] = []
        self._tools.pop(response_id, None)
        self._found.pop(response_id, None)
        for wanted in dict.fromkeys(chain.from_iterable(self._used.pop(response_id, {}).values())):
            passage = self._passages.get(wanted)
            if passage is None:
                continue
            source: dict[str, object] = {"document": passage.document}
            if passage.page is not None:
                source["page"] = passage.page
            if source not in sources and len(_encoded([*sources, source])) <= SOURCES_LENGTH:
                sources.append(source)
        return _encoded(sources) if sources else None


def _encoded(sources: list[dict[str, object]]) -> str:
    return msgspec.json.encode(sources).decode()
