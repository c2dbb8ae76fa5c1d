"""The Agents SDK for Python (``RealtimeRunner``) against a running server: its defaults, only the URL changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import agents
import pytest
from agents.realtime import RealtimeAgent, RealtimePlaybackTracker, RealtimeRunner, RealtimeSession

from tests.server_process import ServerProcess
from tests.wire.scripted import DEMO, KEY, LONG, recording, scripted, spoken_in
from tests.wire_validation import check_event
from vasi.engines.ports import AssistantMessage, ToolCall
from vasi.testing.llm import Pause, Reply, ScriptedLlm

agents.set_tracing_disabled(True)

PATIENCE_S = 20
APPENDED = 4800


class Talk:
    """A session of the SDK and everything it told."""

    def __init__(self, session: RealtimeSession) -> None:
        self.session = session
        self.events: list[Any] = []
        self._came = asyncio.Condition()

    async def listen(self) -> None:
        async for event in self.session:
            async with self._came:
                self.events.append(event)
                self._came.notify_all()

    async def until(self, there: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._came:
            await self._came.wait_for(there)

    async def until_answers(self, count: int) -> None:
        """Wait until the SDK has seen so many responses end."""
        await self.until(lambda: len(self.of("agent_end")) >= count)

    def of(self, kind: str) -> list[Any]:
        return [event for event in self.events if event.type == kind]

    def raw(self, kind: str) -> list[dict[str, Any]]:
        """Events of the server as they came."""
        shown = [event.data.data for event in self.of("raw_model_event") if event.data.type == "raw_server_event"]
        return [event for event in shown if event["type"] == kind]

    async def speak(self, audio: bytes) -> None:
        for at in range(0, len(audio), APPENDED):
            await self.session.send_audio(audio[at : at + APPENDED])

    def history(self) -> list[tuple[str, str]]:
        """The SDK's own history: who, and what."""
        lines: list[tuple[str, str]] = []
        for item in self.session._history:
            if item.type == "message":
                texts = [getattr(part, "transcript", None) or getattr(part, "text", None) for part in item.content]
                lines.append((item.role, " ".join(text or "" for text in texts)))
            else:
                lines.append((item.name, item.output))
        return lines


@asynccontextmanager
async def talking(url: str, *, tools: list[Any] | None = None, **model: Any) -> AsyncIterator[Talk]:
    """Run an agent at ``url``."""
    runner = RealtimeRunner(RealtimeAgent(name="helper", instructions="Be brief.", tools=tools or []))
    async with running(runner, {"url": url, "api_key": KEY, **model}) as talk:
        yield talk


@asynccontextmanager
async def running(runner: RealtimeRunner, model_config: Any) -> AsyncIterator[Talk]:
    """Run it; no error may have come by the end."""
    async with await runner.run(model_config=model_config) as session:
        talk = Talk(session)
        listening = asyncio.create_task(talk.listen())
        try:
            await talk.until(lambda: talk.raw("session.updated"))
            yield talk
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        assert not talk.of("error"), talk.of("error")
        wrong = [e.data for e in talk.of("raw_model_event") if e.data.type in {"error", "exception"}]
        assert not wrong, wrong


async def test_a_typed_turn_is_answered_aloud() -> None:
    async with scripted(ScriptedLlm("Good morning to you.")) as there, talking(there.server.ws) as talk:
        await talk.session.send_message("hello")
        await talk.until_answers(1)
        assert talk.history() == [("user", "hello"), ("assistant", "Good morning to you.")]
        sound = b"".join(event.audio.data for event in talk.of("audio"))
        assert len(sound) == len("Good morning to you. ") * 50 * 48
        assert "Be brief." in there.llm.requests[0].messages[0].text  # type: ignore[union-attr]


async def test_a_spoken_turn_is_heard_and_answered() -> None:
    heard = DEMO["question"]
    async with scripted(ScriptedLlm("Thirty minutes."), heard=[heard]) as there, talking(there.server.ws) as talk:
        await talk.speak(recording())
        await talk.until_answers(1)
        assert talk.history() == [("user", heard), ("assistant", "Thirty minutes.")]
        assert talk.of("input_audio_timeout_triggered") == []


async def test_the_servers_own_tool_is_used_inside_one_answer() -> None:
    llm = ScriptedLlm(ToolCall("c1", "lake_depth", "{}"), "It is 83 metres deep.")
    async with scripted(llm) as there, talking(there.server.ws) as talk:
        await talk.session.send_message("how deep is the lake")
        await talk.until_answers(1)
        await talk.session.send_message('reply exactly: "Done."')
        await talk.until_answers(2)
        assert talk.history() == [
            ("user", "how deep is the lake"),
            ("assistant", "It is 83 metres deep."),
            ("user", 'reply exactly: "Done."'),
            ("assistant", "Done."),
        ]
        assert len(there.recorder.of("response.created")) == 2, "one for each question"
        assert not talk.of("tool_start")


async def test_a_function_of_the_client_goes_round() -> None:
    rung: list[int] = []

    @agents.function_tool
    def ring_bell(times: int) -> str:
        """Ring the bell."""
        rung.append(times)
        return "rang"

    llm = ScriptedLlm(ToolCall("c1", "ring_bell", '{"times": 2}'), "I rang it twice.")
    async with scripted(llm) as there, talking(there.server.ws, tools=[ring_bell]) as talk:
        await talk.session.send_message("ring the bell")
        await talk.until_answers(2)
        assert rung == [2]
        assert talk.history() == [("user", "ring the bell"), ("ring_bell", "rang"), ("assistant", "I rang it twice.")]


async def test_functions_called_together_are_answered_together() -> None:
    # The SDK asks for an answer after each output that comes alone, and once for those that come together.
    together = asyncio.Barrier(2)

    @agents.function_tool
    async def open_gate() -> str:
        """Open the gate."""
        await together.wait()
        return "gate open"

    @agents.function_tool
    async def light_lamp() -> str:
        """Light the lamp."""
        await together.wait()
        return "lamp lit"

    both = Reply(ToolCall("c1", "open_gate", "{}"), ToolCall("c2", "light_lamp", "{}"))
    async with (
        scripted(ScriptedLlm(both, "Both are done.")) as there,
        talking(there.server.ws, tools=[open_gate, light_lamp]) as talk,
    ):
        await talk.session.send_message("open the gate and light the lamp")
        await talk.until_answers(2)
        assert talk.history()[3:] == [("assistant", "Both are done.")]
        assert sorted(talk.history()[1:3]) == [("light_lamp", "lamp lit"), ("open_gate", "gate open")]
        assert len(there.recorder.of("response.created")) == 2


@pytest.mark.parametrize("together", [True, False], ids=["in one round", "one after the other"])
async def test_tools_of_both_sides_in_one_turn(together: bool) -> None:
    @agents.function_tool
    def ring_bell() -> str:
        """Ring the bell."""
        return "rang"

    ours, theirs = ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", "{}")
    calls = [Reply(ours, theirs)] if together else [Reply(ours), Reply(theirs)]
    llm = ScriptedLlm(*calls, "83 metres, and it rang.")
    async with scripted(llm) as there, talking(there.server.ws, tools=[ring_bell]) as talk:
        await talk.session.send_message("how deep is the lake, and ring the bell")
        await talk.until_answers(2)
        assert talk.history()[1:] == [("ring_bell", "rang"), ("assistant", "83 metres, and it rang.")]
        outputs = [m for m in llm.requests[-1].messages if type(m).__name__ == "ToolMessage"]
        assert sorted(m.output for m in outputs) == ["rang", '{"metres": 83}']  # type: ignore[union-attr]
        assert len(there.recorder.of("response.created")) == 2


PLAYED_MS = 700


@pytest.mark.parametrize("generating", [True, False], ids=["while generating", "after generating"])
async def test_speaking_into_the_answer_cuts_history_where_playback_was_cut(generating: bool) -> None:
    never = Pause(asyncio.Event())
    llm = ScriptedLlm(Reply(LONG, never) if generating else Reply(LONG), "Alright.")
    tracker = RealtimePlaybackTracker()
    async with (
        scripted(llm, heard=["stop please"]) as there,
        talking(there.server.ws, playback_tracker=tracker) as talk,
    ):
        await talk.session.send_message("tell me about the lake")
        await talk.until(lambda: sum(len(event.audio.data) for event in talk.of("audio")) >= 48 * PLAYED_MS)
        first = talk.of("audio")[0]
        tracker.on_play_ms(first.item_id, first.content_index, PLAYED_MS)
        speech = recording()
        await talk.speak(speech[: 48 * 1000])
        await talk.until(lambda: talk.of("audio_interrupted") and talk.raw("conversation.item.retrieved"))
        await talk.speak(speech[48 * 1000 :])
        await talk.until_answers(2)
        who, said = talk.history()[1]
        assert (who, talk.history()[2:]) == ("assistant", [("user", "stop please"), ("assistant", "Alright.")])
        assert said == spoken_in(PLAYED_MS)
        believed = [m for m in llm.requests[1].messages if isinstance(m, AssistantMessage)]
        assert [m.text for m in believed] == [said], "the model believes what the client played"
        assert there.recorder.of("response.done")[0]["response"]["status"] == "cancelled"


async def test_the_embedded_engines_answer_a_recording_from_the_documents(embedded_server: ServerProcess) -> None:
    async with talking(embedded_server.ws) as talk:
        await talk.speak(recording())
        await talk.until_answers(1)
        (who, question), (other, answer) = talk.history()
        assert (who, other) == ("user", "assistant")
        assert {"assembly", "point", "workshop"} & set(question.split())
        assert any(re.search(rf"\b{fact}\b", answer, re.IGNORECASE) for fact in DEMO["facts"]), answer
        for event in talk.of("raw_model_event"):
            if event.data.type == "raw_server_event":
                check_event(event.data.data)
