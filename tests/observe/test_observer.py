"""An observer sees a whole conversation as it passes, and changes nothing."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.web.app_server import running
from vasi.conversation import effects as do
from vasi.engines.ports import ChatRequest
from vasi.observe.failures import Failures
from vasi.observe.observer import UNOBSERVED
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.testing.llm import Reply, ScriptedLlm, ToolCall


@dataclass
class Recording:
    """One session: what was observed, each with the time (monotonic seconds)."""

    session_id: str
    owner: str
    seen: list[tuple[float, str, Any]] = field(default_factory=list)

    def _note(self, kind: str, what: Any) -> None:
        self.seen.append((time.monotonic(), kind, what))

    def client_event(self, event: object) -> None:
        self._note("client", event)

    def backend_event(self, event: object) -> None:
        self._note("backend", event)

    def server_event(self, event: object) -> None:
        self._note("server", event)

    def effect(self, effect: object) -> None:
        self._note("effect", effect)

    def tool_started(self, call_id: str, name: str) -> None:
        self._note("tool started", (call_id, name))

    def tool_ended(self, call_id: str, name: str, status: str) -> None:
        self._note("tool ended", (call_id, name, status))

    def failed(self, error_id: str, part: str, error: BaseException) -> None:
        self._note("failed", (error_id, part, error))

    def ended(self) -> None:
        self._note("ended", None)

    def of(self, kind: str, type_: type | None = None) -> list[Any]:
        return [what for _, of, what in self.seen if of == kind and (type_ is None or isinstance(what, type_))]

    def at(self, kind: str, type_: type | None = None) -> float:
        return next(at for at, of, what in self.seen if of == kind and (type_ is None or isinstance(what, type_)))


class Recorder:
    def __init__(self) -> None:
        self.sessions: list[Recording] = []

    def session(self, session_id: str, owner: str) -> Recording:
        self.sessions.append(Recording(session_id, owner))
        return self.sessions[-1]


class FailingLlm(ScriptedLlm):
    async def generate(self, request: ChatRequest) -> Any:
        raise RuntimeError("secret detail")
        yield


async def test_turns_and_tool_calls_are_observed_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    search = ToolCall("call_1", "search_knowledge", '{"query": "boiler"}')
    async with running(tmp_path, monkeypatch, ScriptedLlm(search, "Nothing."), observer=recorder) as app:
        async with app.talk() as talk:
            answer = await talk.say("What of the boiler?")
            assert answer["status"] == "completed"
            received = talk.types()
        async with app.talk():
            pass
    first, second = recorder.sessions
    assert first.session_id != second.session_id
    assert first.owner == second.owner == "local"
    assert first.of("client", client.ResponseCreate)
    assert first.of("tool started") == [("call_1", "search_knowledge")]
    assert first.of("tool ended") == [("call_1", "search_knowledge", "completed")]
    assert [type(effect) for effect in first.of("effect", do.Generate)] == [do.Generate] * 2
    assert len(first.of("backend", ev.ResponseDone)) == 2
    assert len(first.of("server", ev.ResponseDone)) == 1
    sent = [type(event).__struct_config__.tag for event in first.of("server")]
    assert sent[: len(received)] == received
    assert first.at("client", client.ResponseCreate) <= first.at("effect", do.Generate) <= first.at("tool started")
    assert first.at("tool started") <= first.at("tool ended") <= first.at("server", ev.ResponseDone)
    times = [at for at, _, _ in first.seen]
    assert times == sorted(times)
    assert [kind for _, kind, _ in first.seen].count("ended") == 1
    assert first.seen[-1][1] == "ended"
    assert not first.of("failed")


async def test_an_unforeseen_error_has_one_id_for_client_log_and_observer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = Recorder()
    with caplog.at_level(logging.ERROR):
        async with running(tmp_path, monkeypatch, FailingLlm(), observer=recorder) as app, app.talk() as talk:
            answer = await talk.say("Hello.")
    assert answer["status"] == "failed"
    ((error_id, part, error),) = recorder.sessions[0].of("failed")
    assert part == "llm"
    assert isinstance(error, RuntimeError)
    assert error_id in answer["status_details"]["error"]["message"]
    assert "secret detail" not in str(answer)
    assert [record for record in caplog.records if error_id in record.getMessage() and record.exc_info]


async def test_a_tool_that_fails_is_observed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    wrong = Reply(ToolCall("call_1", "take_note", "{}"))
    llm = ScriptedLlm(wrong, "Sorry.")
    async with running(tmp_path, monkeypatch, llm, observer=recorder) as app, app.talk() as talk:
        await talk.say("Note it.")
    assert recorder.sessions[0].of("tool ended") == [("call_1", "take_note", "failed")]


def test_no_observer_costs_next_to_nothing() -> None:
    event, rounds = object(), 100_000
    fastest = min(_timed(rounds, event) for _ in range(5))
    assert fastest / rounds < 1e-6, "under a microsecond for each event"


def _timed(rounds: int, event: object) -> float:
    begin = time.perf_counter()
    for _ in range(rounds):
        UNOBSERVED.server_event(event)
    return time.perf_counter() - begin


def test_failures_of_one_session_have_ids_of_their_own(caplog: pytest.LogCaptureFixture) -> None:
    failures = Failures("ab", logging.getLogger("vasi.test"))
    first = failures.unforeseen("tts", "The speech synthesiser", ValueError("x"))
    second = failures.unforeseen("tts", "The speech synthesiser", ValueError("x"))
    assert first != second
    assert "err_ab01" in first
    assert "err_ab01" in caplog.text
