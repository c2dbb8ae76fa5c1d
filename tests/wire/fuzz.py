"""Frames that no honest client sends, by seed: malformed, oversized, doubled keys, wrong types, out of order."""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

Json: TypeAlias = Any
Frame: TypeAlias = str | bytes

KNOWN_IDS = 64
LONG = 40_000
"""Characters of an oversized string; about one frame in a hundred holds one."""
DEEP = 600


class Fuzzer:
    """Makes frames. ``learn`` tells it ids that the server used, so that some frames hit what is there.

    With ``beta`` its updates of the session are half in the words of the beta dialect.
    """

    def __init__(self, seed: int, *, beta: bool = False) -> None:
        self._random = Random(seed)
        self._beta = beta
        self._items: deque[str] = deque(["item_none"], KNOWN_IDS)
        self._answers: deque[str] = deque(["item_none"], 4)
        self._responses: deque[str] = deque(["resp_none"], KNOWN_IDS)
        self._calls: deque[str] = deque(["call_none"], KNOWN_IDS)
        self._kinds: list[tuple[int, Callable[[], Frame]]] = [
            (4, self._out_of_order),
            (4, self._wrong_type),
            (1, self._doubled_key),
            (2, self._malformed),
            (1, self._oversized),
        ]

    def frame(self) -> Frame:
        """The next frame."""
        weights = [weight for weight, _ in self._kinds]
        (make,) = self._random.choices([kind for _, kind in self._kinds], weights)
        return make()

    def learn(self, event: dict[str, Any]) -> None:
        """Remember the ids in an event of the server."""
        item = event.get("item", {})
        if "id" in item:
            self._items.append(item["id"])
        if "call_id" in item:
            self._calls.append(item["call_id"])
        if item.get("role") == "assistant" and event["type"] == "response.output_item.added":
            self._answers.append(item["id"])
        if event["type"] == "response.created":
            self._responses.append(event["response"]["id"])

    # --- kinds ------------------------------------------------------------------------------------------------------
    def _out_of_order(self) -> Frame:
        return json.dumps(self._event())

    def _wrong_type(self) -> Frame:
        event = self._event()
        for _ in range(self._random.randint(1, 3)):
            event = self._changed(event)
        return json.dumps(event)

    def _doubled_key(self) -> Frame:
        """An object with a key twice, the second time perhaps with another event's value."""
        one, other = self._event(), self._event()
        key = self._random.choice(list(one))
        twice = json.dumps({key: other.get(key, self._junk())})[1:-1]
        text = json.dumps(one)
        return f"{{{twice}, {text[1:]}" if self._random.random() < 0.5 else f"{text[:-1]}, {twice}}}"

    def _malformed(self) -> Frame:
        draw = self._random
        text = json.dumps(self._event())
        at = draw.randrange(len(text))
        match draw.randrange(9):
            case 0:
                return text[:at]
            case 1:
                return text[:at] + chr(draw.randrange(0xD7FF)) + text[at + 1 :]
            case 2:
                return draw.randbytes(draw.randrange(200))
            case 3:
                return text.encode()[:at] + draw.randbytes(3) + text.encode()[at:]
            case 4:
                return draw.choice(
                    ["", " ", "null", "[]", "{}", "0", '"x"', "NaN", "{" * DEEP, "[" * DEEP, text + text]
                )
            case 5:
                return text.replace('"', "'")
            case 6:
                return text.replace(":", draw.choice([': "\\ud800", "x":', ': 1e999, "x":', ': -0, "x":', ":\x00"]), 1)
            case 7:
                inner = '{"a":' * DEEP + "1" + "}" * DEEP
                return f'{{"type": "session.update", "session": {{"type": "realtime", "tracing": {inner}}}}}'
            case _:
                return text.replace("}", "," + "9" * 400 + "}", 1)

    def _oversized(self) -> Frame:
        draw = self._random
        if draw.random() < 0.9:
            return json.dumps(
                {**self._event(), draw.choice(["event_id", "x", "item_id"]): "y" * draw.randrange(513, 3000)}
            )
        match draw.randrange(4):
            case 0:
                return json.dumps(self._user("z" * LONG * 30))
            case 1:
                return json.dumps({"type": "input_audio_buffer.append", "audio": "A" * LONG * 4})
            case 2:
                tools = [self._tool(f"t{n}") for n in range(300)]
                return json.dumps({"type": "session.update", "session": {"type": "realtime", "tools": tools}})
            case _:
                return json.dumps({"type": "response.create", "response": {"input": [self._user("q")["item"]] * 600}})

    # --- honest events, at any time ---------------------------------------------------------------------------------
    def _event(self) -> dict[str, Any]:
        draw = self._random
        makers: list[tuple[int, Callable[[], dict[str, Any]]]] = [
            (3, self._session_update),
            (2, self._item_create),
            (2, lambda: {"type": "conversation.item.retrieve", "item_id": self._item()}),
            (2, lambda: {"type": "conversation.item.delete", "item_id": self._item()}),
            (2, self._truncate),
            (3, self._append),
            (1, lambda: {"type": "input_audio_buffer.commit"}),
            (1, lambda: {"type": "input_audio_buffer.clear"}),
            (1, lambda: {"type": "output_audio_buffer.clear"}),
            (1, self._response_create),
            (1, self._cancel),
        ]
        (make,) = draw.choices([maker for _, maker in makers], [weight for weight, _ in makers])
        event = make()
        if draw.random() < 0.3:
            event["event_id"] = f"e{draw.randrange(10_000)}"
        return event

    def _session_update(self) -> dict[str, Any]:
        draw = self._random
        if self._beta and draw.random() < 0.5:
            return {"type": "session.update", "session": self._beta_session()}
        detection = draw.choice(
            [
                None,
                {"type": "server_vad", "threshold": draw.random(), "silence_duration_ms": draw.randrange(2000)},
                {"type": "semantic_vad", "eagerness": draw.choice(["low", "medium", "high", "auto"])},
                {"type": "server_vad", "create_response": draw.random() < 0.5, "interrupt_response": False},
            ]
        )
        formats = [{"type": "audio/pcm", "rate": 24000}, {"type": "audio/pcmu"}, {"type": "audio/pcma"}]
        changes: list[dict[str, Any]] = [
            {"instructions": "Be odd."},
            {"output_modalities": [draw.choice(["text", "audio"])]},
            {"audio": {"input": {"turn_detection": detection}}},
            {"audio": {"input": {"format": draw.choice(formats), "transcription": {"model": "whisper-1"}}}},
            {"audio": {"output": {"format": draw.choice(formats), "speed": draw.uniform(0.25, 1.5)}}},
            {"audio": {"output": {"voice": draw.choice(["alloy", "marin"])}}},
            {"tools": [self._tool("ring_bell")], "tool_choice": draw.choice(["auto", "none", "required"])},
            {"tool_choice": {"type": "function", "name": draw.choice(["ring_bell", "lake_depth", "none"])}},
            {"max_output_tokens": draw.choice([1, 4096, "inf"]), "truncation": draw.choice(["auto", "disabled"])},
            {"tracing": "auto", "model": "gpt-realtime"},
        ]
        return {"type": "session.update", "session": {"type": "realtime", **draw.choice(changes)}}

    def _beta_session(self) -> dict[str, Any]:
        draw = self._random
        changes: list[dict[str, Any]] = [
            {"modalities": draw.choice([["text"], ["audio", "text"], ["audio"], []])},
            {"input_audio_format": draw.choice(["pcm16", "g711_ulaw", "g711_alaw", "mp3"]), "voice": "ash"},
            {"output_audio_format": draw.choice(["pcm16", "g711_ulaw"]), "temperature": draw.uniform(0.5, 1.3)},
            {"turn_detection": draw.choice([None, {"type": "server_vad"}, {"type": "semantic_vad"}, {"type": "none"}])},
            {"input_audio_transcription": draw.choice([None, {"model": "whisper-1"}, {}])},
            {"max_response_output_tokens": draw.choice([1, 4096, "inf", 5000])},
            {"input_audio_noise_reduction": draw.choice([None, {"type": "near_field"}])},
        ]
        return draw.choice(changes) | draw.choice(changes)

    def _item_create(self) -> dict[str, Any]:
        draw = self._random
        sound = base64.b64encode(bytes(960)).decode()
        items: list[dict[str, Any]] = [
            self._user("hello")["item"],
            {"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": sound}]},
            {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Be brief."}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes."}]},
            {"type": "function_call", "name": "ring_bell", "arguments": "{}", "call_id": self._call()},
            {"type": "function_call_output", "call_id": self._call(), "output": "rang"},
        ]
        item = draw.choice(items)
        if draw.random() < 0.2:
            item["id"] = draw.choice([self._item(), f"mine_{draw.randrange(1000)}"])
        event = {"type": "conversation.item.create", "item": item}
        if draw.random() < 0.3:
            event["previous_item_id"] = draw.choice(["root", self._item()])
        return event

    def _truncate(self) -> dict[str, Any]:
        place = {"content_index": self._random.choice([0, 0, 0, 1]), "audio_end_ms": self._random.randrange(400)}
        item_id = self._random.choice([self._item(), self._answers[-1]])
        return {"type": "conversation.item.truncate", "item_id": item_id, **place}

    def _append(self) -> dict[str, Any]:
        loud = self._random.random() < 0.5
        size = self._random.randrange(4800)
        audio = self._random.randbytes(size) if loud else bytes(size)
        return {"type": "input_audio_buffer.append", "audio": base64.b64encode(audio).decode()}

    def _response_create(self) -> dict[str, Any]:
        draw = self._random
        if draw.random() < 0.3:
            return {"type": "response.create"}
        params: list[dict[str, Any]] = [
            {"conversation": "none", "input": [], "metadata": {"topic": "odd"}},
            {"output_modalities": ["text"], "instructions": "Be odd."},
            {"tools": [self._tool("light_lamp")], "tool_choice": "required"},
            {"max_output_tokens": 1, "audio": {"output": {"voice": "alloy"}}},
            {"input": [{"type": "item_reference", "id": self._item()}, self._user("hello")["item"]]},
        ]
        return {"type": "response.create", "response": draw.choice(params)}

    def _cancel(self) -> dict[str, Any]:
        given = {"response_id": self._random.choice(self._responses)} if self._random.random() < 0.5 else {}
        return {"type": "response.cancel", **given}

    @staticmethod
    def _user(text: str) -> dict[str, Any]:
        message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        return {"type": "conversation.item.create", "item": message}

    @staticmethod
    def _tool(name: str) -> dict[str, Any]:
        return {"type": "function", "name": name, "parameters": {"type": "object", "properties": {}}}

    def _item(self) -> str:
        return self._random.choice(self._items)

    def _call(self) -> str:
        return self._random.choice(self._calls)

    # --- changes ----------------------------------------------------------------------------------------------------
    def _changed(self, value: Json) -> Json:
        """``value`` with something in it replaced, missing, or too much."""
        draw = self._random
        if isinstance(value, dict) and value:
            changed: dict[str, Json] = dict(value)
            key = draw.choice(list(changed))
            match draw.randrange(8):
                case 0:
                    del changed[key]
                case 1:
                    changed[draw.choice(["extra", "type", "id", "object", "status", "__proto__", ""])] = self._junk()
                case 2:
                    changed[key] = self._junk()
                case _:
                    changed[key] = self._changed(changed[key])
            return changed
        if isinstance(value, list) and value and draw.random() < 0.7:
            place = draw.randrange(len(value))
            return [*value[:place], self._changed(value[place]), *value[place:]]
        return self._junk()

    def _junk(self) -> Json:
        draw = self._random
        return draw.choice(
            [
                *(None, True, False, 0, -1, 1.5, 1e300, 2**63, -(2**70), "", "x", "\x00", "\U0001f600", "null", "inf"),
                *(
                    [],
                    {},
                    [[]],
                    [None],
                    {"type": None},
                    {"type": "realtime"},
                    ["text", "audio"],
                    {"a": {"b": {"c": []}}},
                ),
                "y" * draw.randrange(2000),
                "\N{COMBINING ACUTE ACCENT}" * 300,
            ]
        )
