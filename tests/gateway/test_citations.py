"""Which answers rest on passages: those that searched, and those that go on from an earlier search."""

from __future__ import annotations

import pytest
from msgspec import UNSET, UnsetType

from vasi.gateway.citations import Citations
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.items import Message, Phase

PASSAGE = extension.PassageShown(
    id="p1", document="manual.pdf", page=13, heading="", text="The workshop has seven red notes.", score=1.0
)


def cited(citations: Citations, response_id: str) -> list[str]:
    done = ev.OutputTextDone(
        response_id=response_id, item_id=f"item_{response_id}", output_index=0, content_index=0, text=""
    )
    delta = ev.OutputTextDelta(
        response_id=response_id,
        item_id=f"item_{response_id}",
        output_index=0,
        content_index=0,
        delta="The workshop has seven red notes.",
    )
    return [citation.text for event in (delta, done) for citation in citations.cite(event)]


def message(phase: Phase | UnsetType = UNSET) -> Message:
    return Message(id="item_resp_1", role="assistant", content=[], phase=phase)


@pytest.mark.parametrize("known_at", ["the beginning", "the end"])
def test_a_preamble_rests_on_no_document(known_at: str) -> None:
    citations = Citations()
    citations.add_passages([PASSAGE])
    begun = message("commentary" if known_at == "the beginning" else UNSET)
    assert not [*citations.cite(ev.OutputItemAdded(response_id="resp_1", output_index=0, item=begun))]
    assert bool(cited(citations, "resp_1")) == (known_at == "the end")
    done = ev.OutputItemDone(response_id="resp_1", output_index=0, item=message("commentary"))
    assert not [*citations.cite(done)]
    assert "vasi.sources" not in citations.metadata("resp_1")


def test_the_answer_after_a_preamble_is_cited() -> None:
    citations = Citations()
    citations.add_passages([PASSAGE])
    answer = message("final_answer")
    assert not [*citations.cite(ev.OutputItemAdded(response_id="resp_1", output_index=1, item=answer))]
    assert cited(citations, "resp_1")
    assert not [*citations.cite(ev.OutputItemDone(response_id="resp_1", output_index=1, item=answer))]
    assert citations.metadata("resp_1")["vasi.sources"] == '[{"document":"manual.pdf","page":13}]'


def test_what_other_tools_say_is_never_the_documents() -> None:
    citations = Citations()
    citations.note_tool("resp_1", found=True)
    citations.add_passages([PASSAGE])
    assert cited(citations, "resp_1") == ["The workshop has seven red notes."]
    citations.metadata("resp_1")
    citations.note_tool("resp_2", found=None)
    assert cited(citations, "resp_2") == []
    assert cited(citations, "resp_3") == ["The workshop has seven red notes."]
    citations.note_tool("resp_4", found=None)
    citations.note_tool("resp_4", found=True)
    assert cited(citations, "resp_4") == ["The workshop has seven red notes."]


def test_a_refusal_is_not_cited_and_a_quotation_is() -> None:
    citations = Citations()
    citations.note_tool("resp_1", found=False)
    citations.add_passages([PASSAGE])
    item = message()
    assert not [*citations.cite(ev.OutputItemAdded(response_id="resp_1", output_index=0, item=item))]
    refusal = "I found nothing about a workshop with eight red notes."
    done = ev.OutputTextDone(response_id="resp_1", item_id="item_resp_1", output_index=0, content_index=0, text=refusal)
    delta = ev.OutputTextDelta(
        response_id="resp_1", item_id="item_resp_1", output_index=0, content_index=0, delta=refusal
    )
    assert not [citation for event in (delta, done) for citation in citations.cite(event)]
    assert cited(citations, "resp_1") == ["The workshop has seven red notes."]


def _said(citations: Citations, text: str) -> list[extension.Citation]:
    place = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0, "content_index": 0}
    events = (ev.OutputTextDelta(delta=text, **place), ev.OutputTextDone(text=text, **place))
    return [citation for event in events for citation in citations.cite(event)]


def _shown(passage_id: str, page: int, text: str, heading: str = "") -> extension.PassageShown:
    return extension.PassageShown(
        id=passage_id, document="rules.pdf", page=page, heading=heading, text=text, score=0.9, source_id="doc_1",
        start=page * 1000, end=page * 1000 + len(text),
    )  # fmt: skip


def test_a_list_is_one_statement_that_rests_on_all_pages_that_it_was_read_from() -> None:
    citations = Citations()
    citations.add_passages(
        [
            _shown("p1", 1, "Guests bring:\n- a warm sleeping bag\n- rubber boots for the mud\n- soap"),
            _shown("p2", 2, "- a lamp with spare batteries"),
            _shown("p3", 7, "The shop sells soap."),
        ],
        "resp_1",
    )
    text = (
        "Guests bring:\n- a warm sleeping bag\n- rubber boots for the mud\n- soap\n- a lamp with spare batteries\nBye."
    )
    (citation,) = _said(citations, text)
    assert citation.passages == ["p1", "p2"]
    assert citation.text.endswith("spare batteries")
    assert text[citation.start : citation.end] == citation.text
    assert citations.metadata("resp_1") == {
        "vasi.sources": '[{"document":"rules.pdf","page":1},{"document":"rules.pdf","page":2}]'
    }


def test_where_nothing_was_used_the_nearest_places_are_named_and_nothing_is_cited() -> None:
    citations = Citations()
    citations.note_tool("resp_1", found=True)
    citations.add_passages([_shown("p1", 4, "Guests sign the book.", "Guests")], "resp_1")
    text = "I could not find that in your documents. The nearest is in the rules, page 4, about Guests."
    assert _said(citations, text) == []
    assert citations.metadata("resp_1") == {"vasi.nearest": '[{"document":"rules.pdf","page":4,"passage":"p1"}]'}
    assert citations.metadata("resp_2") == {}
