"""What a model service says becomes what the Realtime API promises, whatever it leaves out or says too much."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from vasi.protocol.foreign import ServiceReader, UnknownEvent
from vasi.protocol.session import Session

SESSION = Session(id="sess_1", model="m", expires_at=0)
COMPLETED = "conversation.item.input_audio_transcription.completed"


class Reading:
    """One connection; what is said is seen as JSON."""

    def __init__(self) -> None:
        self.reader = ServiceReader()

    def __call__(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        try:
            events = self.reader.read(json.dumps({"type": kind, **fields}), SESSION)
        except UnknownEvent:
            return []
        return [json.loads(msgspec.json.encode(event)) for event in events]

    def one(self, kind: str, **fields: Any) -> dict[str, Any]:
        (event,) = self(kind, **fields)
        return event


def message(wanted: str, **fields: Any) -> dict[str, Any]:
    part = {"type": "output_text", "text": "Hi."}
    return {"id": wanted, "type": "message", "role": "assistant", "content": [part], **fields}


def test_an_item_without_the_one_before_stands_behind_the_last() -> None:
    said = Reading()
    before = [said.one("conversation.item.added", item=message(wanted))["previous_item_id"] for wanted in "abc"]
    assert before == [None, "a", "b"]
    assert said.one("conversation.item.done", item=message("b"))["previous_item_id"] == "a"
    assert said.one("input_audio_buffer.committed", item_id="d")["previous_item_id"] == "c"
    assert said.one("conversation.item.added", item=message("d"))["previous_item_id"] == "c"
    said("conversation.item.deleted", item_id="d")
    assert said.one("conversation.item.added", item=message("e"))["previous_item_id"] == "c"
    root = said.one("conversation.item.added", item=message("r"), previous_item_id=None)
    assert root["previous_item_id"] is None, "it says that it is the first"
    assert said.one("conversation.item.added", item=message("f"))["previous_item_id"] == "e"


def test_deltas_belong_to_the_item_that_is_being_written() -> None:
    said = Reading()
    said("response.created", response={"id": "resp_1", "status": "in_progress"})
    added = said.one("response.output_item.added", item={"type": "message", "role": "assistant"})
    assert (added["response_id"], added["output_index"]) == ("resp_1", 0)
    wanted = added["item"]["id"]
    delta = said.one("response.output_text.delta", delta="Hi")
    place = {"response_id": "resp_1", "item_id": wanted, "output_index": 0, "content_index": 0}
    assert delta.items() >= place.items()
    call = said.one("response.output_item.added", item={"type": "function_call", "name": "look", "call_id": "c"})
    assert call["output_index"] == 1
    done = said.one("response.function_call_arguments.done", item_id=call["item"]["id"], arguments="{}")
    assert (done["name"], done["output_index"], done["response_id"]) == ("look", 1, "resp_1")
    output = [{"type": "message", "role": "assistant"}, {"type": "function_call", "name": "look", "call_id": "c"}]
    ended = said.one("response.done", response={"id": "resp_1", "status": "completed", "output": output})
    assert [item["id"] for item in ended["response"]["output"]] == [wanted, call["item"]["id"]]


def test_an_item_created_in_the_words_of_beta_is_added_and_done() -> None:
    said = Reading()
    user = {"id": "u", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi."}]}
    created = said("conversation.item.created", item=user)
    assert [event["type"] for event in created] == ["conversation.item.added", "conversation.item.done"]
    written = {"id": "a", "type": "message", "role": "assistant"}
    assert [event["type"] for event in said("conversation.item.created", item=written)] == ["conversation.item.added"]
    ended = said("response.output_item.done", response_id="r", output_index=0, item=message("a"))
    assert [event["type"] for event in ended] == ["response.output_item.done", "conversation.item.done"]
    assert [event["previous_item_id"] for event in ended[1:]] == ["u"]


def test_nothing_is_seen_of_an_item_of_an_unknown_type() -> None:
    said = Reading()
    said("response.created", response={"id": "r", "status": "in_progress"})
    said("conversation.item.added", item=message("a"), previous_item_id=None)
    thought: dict[str, Any] = {"id": "t", "type": "reasoning", "summary": []}
    place = {"response_id": "r", "output_index": 0}
    assert said("response.output_item.added", item=thought, **place) == []
    assert said("conversation.item.added", item=thought, previous_item_id="a") == []
    assert said("response.output_text.delta", item_id="t", content_index=0, delta="x", **place) == []
    behind = said.one("conversation.item.added", item=message("b"), previous_item_id="t")
    assert behind["previous_item_id"] == "a", "as if it weren't there"
    assert said("response.output_item.done", item=thought, **place) == []
    assert said("conversation.item.done", item=thought, previous_item_id="a") == []
    assert said.one("conversation.item.done", item=message("b"), previous_item_id="t")["previous_item_id"] == "a"
    done = said.one("response.done", response={"id": "r", "status": "completed", "output": [thought, message("b")]})
    assert [item["id"] for item in done["response"]["output"]] == ["b"]


@pytest.mark.parametrize(
    ("phase", "shown"), [("commentary", "commentary"), ("final_answer", "final_answer"), ("x", None)]
)
def test_the_phase_of_an_item_is_kept_if_it_is_one(phase: str, shown: str | None) -> None:
    item = Reading().one("conversation.item.done", item=message("a", phase=phase), previous_item_id=None)["item"]
    assert item.get("phase") == shown


def test_a_transcript_comes_with_how_sure_the_service_is_and_which_languages_it_heard() -> None:
    sure = {"token": "Hi", "logprob": -0.1, "bytes": [72, 105]}
    fields: dict[str, Any] = {"item_id": "i", "content_index": 0, "transcript": "Hi"}
    usage = {"type": "duration", "seconds": 1.5}
    said = Reading()
    heard = said.one(
        COMPLETED, **fields, usage=usage, logprobs=[sure, {"odd": 1}], languages=[{"code": "en", "share": 1}]
    )
    assert (heard["logprobs"], heard["languages"], heard["usage"]) == ([sure], [{"code": "en"}], usage)
    plain = said.one(COMPLETED, **fields, usage={"type": "tokens", "input_tokens": 3, "output_tokens": 2})
    assert plain.keys().isdisjoint({"logprobs", "languages"})
    assert plain["usage"]["total_tokens"] == 5
    assert said.one(COMPLETED, **fields, languages=[])["languages"] == [], "no language could be told"
    delta = said.one(COMPLETED.replace("completed", "delta"), item_id="i", content_index=0, delta="H", logprobs=[sure])
    assert delta["logprobs"] == [sure]
