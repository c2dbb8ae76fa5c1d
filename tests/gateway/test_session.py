"""What a client notices of the gateway: tools that it doesn't see, and a session that outlives every mishap."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime

import pytest

from tests.gateway.sessions import PROMPT, ScriptedTool, passage, session
from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.engines.ports import AssistantMessage, SystemMessage, ToolCall, ToolMessage, UserMessage
from vasi.errors import ConfigError, EngineError, StoreError, ToolError
from vasi.gateway import queues
from vasi.notes import Note
from vasi.protocol import server_events as ev
from vasi.testing.engines import ScriptedStt
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.tools.ports import NoteChange, ToolResult
from vasi.tools.registry import Registry
from vasi.tools.runner import OUTPUT_CHARACTERS
from vasi.tools.search import search_tool

TEXT = {"output_modalities": ["text"]}
SEARCH = ToolCall("c1", "search_knowledge", '{"query": "lake"}')
NOTE = ToolCall("c2", "take_note", '{"text": "milk"}')
DOOR = ToolCall("c3", "open_door", "{}")
DOOR_TOOL = {"type": "function", "name": "open_door", "parameters": {"type": "object"}}


# --- assertions -----------------------------------------------------------------------------------------------------
def said(response):
    return " ".join(part.get("text", part.get("transcript")) for item in response["output"] for part in item["content"])


def told(llm):
    """The outputs of tools in the model's last request."""
    return [message.output for message in llm.requests[-1].messages if isinstance(message, ToolMessage)]


def assert_whole(client):
    """Every response that was created is done, once."""
    created = [event["response"]["id"] for event in client.of("response.created")]
    assert created == [event["response"]["id"] for event in client.of("response.done")]


async def until_error(client):
    return (await client.until("error"))["error"]


# --- tools of the server --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("where", ["session", "response"])
@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "open_door"}])
async def test_who_insists_on_a_call_gets_one_of_a_function_that_he_knows(where, choice):
    insisting = {"tools": [DOOR_TOOL], "tool_choice": choice}
    search = ScriptedTool.ready()
    async with session(ExtractiveLlm(), [search]) as table:
        if where == "session":
            await table.client.update(**insisting)
        for utterance in ("How deep is the lake?", "hello", "stop"):
            response = await table.client.say(utterance, **TEXT, **(insisting if where == "response" else {}))
            assert [(item["type"], item["name"]) for item in response["output"]] == [("function_call", "open_door")]
    assert not search.began


async def test_a_function_that_nobody_has_can_not_be_insisted_on():
    choice = {"type": "function", "name": "open_window"}
    async with session(ExtractiveLlm(), [ScriptedTool.ready()]) as table:
        await table.client.send("session.update", session={"type": "realtime", "tool_choice": choice})
        error = await until_error(table.client)
        assert (error["code"], error["param"]) == ("invalid_value", "session.tool_choice.name")
        await table.client.send("response.create", response={"tools": [DOOR_TOOL], "tool_choice": choice})
        error = await until_error(table.client)
        assert (error["code"], error["param"]) == ("invalid_value", "response.tool_choice.name")
        assert "'open_window'" in error["message"]
        known = {"type": "function", "name": "search_knowledge"}
        await table.client.update(tools=[DOOR_TOOL], tool_choice={**known, "name": "open_door"})
        await table.client.update(tools=[])
        await table.client.update(tool_choice=known)
        assert table.client.of("session.updated")[-1]["session"]["tool_choice"] == known


async def test_a_response_that_insists_on_nothing_has_all_tools_in_a_session_that_does():
    search = ScriptedTool.ready(result=ToolResult('{"found": false, "passages": []}'))
    async with session(ExtractiveLlm(), [search]) as table:
        await table.client.update(tools=[DOOR_TOOL], tool_choice="required")
        response = await table.client.say("How deep is the lake?", **TEXT, tool_choice="auto")
        assert "could not find" in said(response)
        assert len(search.began) == 1


async def test_an_answer_that_needed_a_search_is_one_response():
    llm = ScriptedLlm(Reply("One moment. ", SEARCH), Reply("It is deep."))
    tool = ScriptedTool.ready()
    async with session(llm, [tool]) as table:
        response = await table.client.say("How deep?", **TEXT)
        assert (response["status"], said(response)) == ("completed", "One moment.  It is deep.")
        assert_whole(table.client)
        assert not [e for e in table.client.events if "function" in e["type"]]
    assert tool.began == [("alice", '{"query": "lake"}')]
    assert told(llm) == ['{"found": true}']
    llm.finish()


@pytest.mark.parametrize(
    ("failure", "output"),
    [
        (ToolError("The lake is closed."), "The lake is closed."),
        (StoreError("The disk is full."), "The disk is full."),
        (RuntimeError("secret detail"), "The tool failed; see the server's log."),
    ],
)
async def test_a_tool_that_fails_tells_the_model_and_the_answer_goes_on(failure, output):
    llm = ScriptedLlm(SEARCH, "I could not look.")
    async with session(llm, [ScriptedTool.ready(result=failure)], activity=True) as table:
        response = await table.client.say("How deep?", **TEXT)
        assert (response["status"], said(response)) == ("completed", "I could not look.")
        assert [event["status"] for event in table.client.of("vasi.tool_call.done")] == ["failed"]
    assert [json.loads(text) for text in told(llm)] == [{"error": output}]


async def test_a_tool_that_there_is_not():
    llm = ScriptedLlm(ToolCall("c9", "invented", "{}"), "There is none.")
    async with session(llm) as table:
        assert said(await table.client.say("Hello", **TEXT)) == "There is none."
    assert "There is no tool named 'invented'." in told(llm)[0]


@pytest.mark.parametrize("arguments", ["{", "[]", '{"query": 5}', "{}", '{"query": ""}', "nonsense", "[" * 5_000])
async def test_arguments_that_do_not_fit(arguments):
    llm = ScriptedLlm(ToolCall("c1", "search_knowledge", arguments), "I was wrong.")

    class Nothing:
        @property
        def collections(self):
            raise AssertionError("nobody to search for")

        async def search(self, *_args, **_more):
            raise AssertionError("nothing to search for")

    async with session(llm, [search_tool(Nothing())]) as table:
        response = await table.client.say("Hello", **TEXT)
        assert (response["status"], said(response)) == ("completed", "I was wrong.")
    assert "arguments" in json.loads(told(llm)[0])["error"].lower()


async def test_a_tool_that_takes_too_long():
    llm = ScriptedLlm(SEARCH, "It took too long.")
    tool = ScriptedTool()
    async with session(llm, [tool], activity=True, tool_timeout_s=0.05) as table:
        assert said(await table.client.say("Hello", **TEXT)) == "It took too long."
        assert [event["status"] for event in table.client.of("vasi.tool_call.done")] == ["timed_out"]
    assert (tool.stopped, tool.ended) == (1, [])
    assert "longer than 0.05 seconds" in told(llm)[0]


async def test_an_output_that_is_too_long():
    llm = ScriptedLlm(SEARCH, "Too much.")
    tool = ScriptedTool.ready(result=ToolResult("x" * (OUTPUT_CHARACTERS + 1)))
    async with session(llm, [tool]) as table:
        assert said(await table.client.say("Hello", **TEXT)) == "Too much."
    assert "too long" in told(llm)[0]


async def test_calls_in_one_round_run_beside_each_other():
    llm = ScriptedLlm(Reply(SEARCH, NOTE), "Done.")
    search, note = ScriptedTool(), ScriptedTool(name="take_note", read_only=False)
    async with session(llm, [search, note]) as table:
        await table.client.write("Both")
        await table.client.send("response.create", response=TEXT)
        await search.reached.wait()
        await note.reached.wait()
        note.finish.set()
        search.finish.set()
        assert said((await table.client.until("response.done"))["response"]) == "Done."
    assert [type(message) for message in llm.requests[-1].messages[-3:]] == [AssistantMessage, ToolMessage, ToolMessage]


async def test_tools_of_the_server_and_of_the_client_in_one_turn():
    llm = ScriptedLlm(Reply(SEARCH, DOOR), "Open, and deep.")
    search = ScriptedTool()
    async with session(llm, [search]) as table:
        client = table.client
        await client.update(tools=[DOOR_TOOL], **TEXT)
        await client.write("Both")
        await client.send("response.create")
        call = (await client.until("response.function_call_arguments.done"))["call_id"]
        await search.reached.wait()
        assert not client.of("response.done")
        search.finish.set()
        response = (await client.until("response.done"))["response"]
        assert [item["name"] for item in response["output"]] == ["open_door"]
        item = {"type": "function_call_output", "call_id": call, "output": "open"}
        await client.send("conversation.item.create", item=item)
        await client.send("response.create")
        assert said((await client.until("response.done"))["response"]) == "Open, and deep."
    assert told(llm) == ['{"found": true}', "open"]
    assert len(llm.requests) == 2


async def test_a_response_with_its_own_tools_keeps_the_server_s():
    llm = ScriptedLlm(SEARCH, "Deep.")
    search = ScriptedTool.ready()
    async with session(llm, [search]) as table:
        response = await table.client.say("How deep?", tools=[DOOR_TOOL], **TEXT)
        assert said(response) == "Deep."
    assert [tool.name for tool in llm.requests[0].tools] == ["search_knowledge", "open_door"]
    assert len(search.began) == 1


@pytest.mark.parametrize("where", ["session", "response"])
async def test_a_function_of_the_client_takes_the_place_of_the_servers_tool_of_its_name(where):
    search = ScriptedTool()
    mine = {"type": "function", "name": "search_knowledge"}
    async with session(ScriptedLlm(Reply(SEARCH), "Done."), [search]) as table:
        if where == "session":
            await table.client.update(tools=[mine])
        done = await table.client.say("Look.", **TEXT, **({"tools": [mine]} if where == "response" else {}))
        (call,) = done["output"]
        assert (call["type"], call["name"]) == ("function_call", "search_knowledge")
        item = {"type": "function_call_output", "call_id": call["call_id"], "output": "mine"}
        await table.client.send("conversation.item.create", item=item)
        await table.client.send("response.create", response=TEXT)
        assert said((await table.client.until("response.done"))["response"]) == "Done."
        assert not search.began, "the server's didn't run"


# --- cuts -----------------------------------------------------------------------------------------------------------
async def test_speech_stops_a_tool_that_reads_and_lets_one_that_writes_come_to_its_end():
    llm = ScriptedLlm(Reply(SEARCH, NOTE), "What now?")
    search, note = ScriptedTool(), ScriptedTool(name="take_note", read_only=False)
    async with session(llm, [search, note], stt=ScriptedStt(["Wait."]), activity=True) as table:
        client = table.client
        await client.write("Both")
        await client.send("response.create")
        await search.reached.wait()
        await note.reached.wait()
        await table.hear(600, loud=True)
        response = (await client.until("response.done"))["response"]
        assert (response["status"], response["status_details"]["reason"]) == ("cancelled", "turn_detected")
        assert client.types("input_audio_buffer") == ["input_audio_buffer.speech_started"]
        note.finish.set()
        await table.hear(700, loud=False)
        assert said((await client.until("response.done"))["response"]) == "What now?"
        ends = {event["name"]: event["status"] for event in client.of("vasi.tool_call.done")}
        assert ends == {"search_knowledge": "cancelled", "take_note": "completed"}
    assert (search.stopped, note.stopped, note.ended) == (1, 0, [NOTE.arguments])
    assert len(told(llm)) == 2, "a call without an output would confuse the model"


async def test_the_client_cancels_while_a_tool_runs():
    llm = ScriptedLlm(SEARCH, "Later.")
    search = ScriptedTool()
    async with session(llm, [search]) as table:
        await table.client.write("Look")
        await table.client.send("response.create", response=TEXT)
        await search.reached.wait()
        await table.client.send("response.cancel")
        response = (await table.client.until("response.done"))["response"]
        assert (response["status"], response["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        assert said(await table.client.say("And now?", **TEXT)) == "Later."
        assert_whole(table.client)
    assert search.stopped == 1


async def test_the_client_leaves_in_the_middle_of_a_tool():
    """``session`` asserts that no task is left."""
    search = ScriptedTool()
    async with session(ScriptedLlm(SEARCH), [search]) as table:
        await table.client.send("response.create", response=TEXT)
        await search.reached.wait()
    assert search.stopped == 1


async def test_the_client_leaves_while_the_model_thinks():
    think = Pause(asyncio.Event())
    llm = ScriptedLlm(Reply("Well, ", think))
    async with session(llm) as table:
        await table.client.send("response.create", response=TEXT)
        await think.reached.wait()
    assert llm.aborted == 1


# --- two sessions ---------------------------------------------------------------------------------------------------
async def test_two_sessions_at_once_never_mix():
    search = ScriptedTool()
    first, second = ScriptedLlm(SEARCH, "For Alice."), ScriptedLlm(SEARCH, "For Bob.")
    async with (
        session(first, [search], owner="alice", seed="aa") as alice,
        session(second, [search], owner="bob", seed="bb") as bob,
    ):
        for table in (alice, bob):
            await table.client.write("Look")
            await table.client.send("response.create", response=TEXT)
        while len(search.began) < 2:
            await asyncio.sleep(0)
        assert [owner for owner, _ in search.began] == ["alice", "bob"]
        search.finish.set()
        assert said((await alice.client.until("response.done"))["response"]) == "For Alice."
        assert said((await bob.client.until("response.done"))["response"]) == "For Bob."
        assert not {json.dumps(e) for e in alice.client.events} & {json.dumps(e) for e in bob.client.events}
        assert "aa" not in "".join(e["event_id"] for e in bob.client.events).replace("event_bb", "")


# --- what is never shown --------------------------------------------------------------------------------------------
async def test_the_server_s_prompt_and_tools_are_in_no_event():
    llm = ScriptedLlm(SEARCH, "Deep.", "Brief.")
    async with session(llm, [ScriptedTool.ready()]) as table:
        client = table.client
        shown = await client.update(instructions="Mine.", tools=[DOOR_TOOL], **TEXT)
        assert (shown["instructions"], shown["tools"]) == ("Mine.", [DOOR_TOOL])
        await client.say("How deep?")
        await client.say("Again", instructions="Once.")
        everything = json.dumps(client.events)
        for secret in (PROMPT, "search_knowledge", "secret description", "vasi."):
            assert secret not in everything
    assert llm.requests[0].messages[0] == SystemMessage(f"{PROMPT}\n\nMine.")
    assert llm.requests[-1].messages[0] == SystemMessage(f"{PROMPT}\n\nOnce.")
    assert [tool.name for tool in llm.requests[0].tools] == ["search_knowledge", "open_door"]


async def test_cleared_instructions_leave_the_server_s():
    llm = ScriptedLlm("Yes.")
    async with session(llm) as table:
        assert (await table.client.update(instructions=""))["instructions"] == ""
        await table.client.say("Hello", **TEXT)
    assert llm.requests[0].messages[0] == SystemMessage(PROMPT)


FOUND = ToolResult(
    '{"found": true}',
    (passage(1, "The lake is 83 metres deep."), passage(2, "The boat is red.", page=None)),
    found=True,
)


async def test_who_opts_in_sees_tools_passages_and_citations():
    llm = ScriptedLlm(SEARCH, Reply("The lake is 83 ", "metres deep. ", "Anything else?"))
    async with session(llm, [ScriptedTool.ready(result=FOUND)], activity=True) as table:
        client = table.client
        assert client.of("session.updated")[0]["session"]["include"] == ["vasi.activity"]
        response = await client.say("How deep is the lake?", **TEXT)
        assert client.types("vasi.") == [
            "vasi.tool_call.started",
            "vasi.passages",
            "vasi.tool_call.done",
            "vasi.citation",
        ]
        [found] = client.of("vasi.passages")
        assert [shown["id"] for shown in found["passages"]] == ["p1", "p2"]
        [citation] = client.of("vasi.citation")
        assert citation["passages"] == ["p1"]
        assert said(response)[citation["start"] : citation["end"]] == citation["text"] == "The lake is 83 metres deep."
        assert {event["response_id"] for event in client.events if event["type"].startswith("vasi.")} == {
            response["id"]
        }
        assert json.loads(response["metadata"]["vasi.sources"]) == [{"document": "handbook.md", "page": 3}]


async def test_who_does_not_sees_only_the_sources():
    llm = ScriptedLlm(SEARCH, "The lake is 83 metres deep.")
    async with session(llm, [ScriptedTool.ready(result=FOUND)]) as table:
        response = await table.client.say("How deep is the lake?", metadata={"topic": "x"}, **TEXT)
        sources = response["metadata"].pop("vasi.sources")
        assert json.loads(sources) == [{"document": "handbook.md", "page": 3}]
        assert response["metadata"] == {"topic": "x"}
        assert table.client.types("vasi.") == []


async def test_sources_are_as_short_as_metadata_must_be():
    words = ["granite", "birch", "copper", "marble", "walnut", "silver", "basalt", "maple", "bronze", "cedar"]
    passages = tuple(
        passage(number, f"The {word} tower has {number + 20} windows.", document=f"{word * 12}.md", page=number)
        for number, word in enumerate(words)
    )
    llm = ScriptedLlm(SEARCH, " ".join(shown.text for shown in passages))
    async with session(llm, [ScriptedTool.ready(result=ToolResult("{}", passages, found=True))]) as table:
        response = await table.client.say("Tell me of the towers.", **TEXT)
        sources = response["metadata"]["vasi.sources"]
        assert 0 < len(sources) <= 512
        assert len(json.loads(sources)) >= 3


async def test_a_note_that_was_taken_is_told():
    at = datetime(2026, 3, 4, tzinfo=UTC)
    taken = ToolResult("{}", changes=(NoteChange("added", Note("note_1", "milk", at, at)),))
    note = ScriptedTool.ready(name="take_note", read_only=False, result=taken)
    async with session(ScriptedLlm(NOTE, "Noted."), [note], activity=True) as table:
        await table.client.say("Note milk", **TEXT)
        [changed] = table.client.of("vasi.notes.changed")
        assert (changed["action"], changed["note"]["id"], changed["note"]["text"]) == ("added", "note_1", "milk")


# --- a spoken turn --------------------------------------------------------------------------------------------------
async def test_a_spoken_question_is_searched_and_answered_aloud():
    llm = ScriptedLlm(SEARCH, "It is deep.")
    search = ScriptedTool.ready()
    async with session(llm, [search], stt=ScriptedStt(["How deep is it?"])) as table:
        await table.speak()
        response = (await table.client.until("response.done"))["response"]
        assert said(response) == "It is deep."
        assert table.client.of("response.output_audio.delta")
        assert_whole(table.client)
    assert UserMessage("How deep is it?") in llm.requests[0].messages


async def test_a_recogniser_that_fails_is_told_and_the_session_lives():
    stt = ScriptedStt([EngineError("The recogniser broke.")])
    async with session(ScriptedLlm("Typed."), stt=stt) as table:
        await table.speak()
        response = (await table.client.until("response.done"))["response"]
        assert response["status_details"]["error"]["message"] == "The recogniser broke."
        assert said(await table.client.say("Hello", **TEXT)) == "Typed."


async def test_a_model_that_fails_fails_its_response_and_the_session_lives():
    async with session(ScriptedLlm(Reply("Well, ", EngineError("No model.", code="model_gone")), "Back.")) as table:
        response = await table.client.say("Hello", **TEXT)
        assert response["status"] == "failed"
        assert response["status_details"]["error"]["code"] == "model_gone"
        assert said(await table.client.say("Hello", **TEXT)) == "Back."


# --- bad clients and bad times --------------------------------------------------------------------------------------
JUNK = [
    "",
    "hello",
    "{}",
    "[]",
    '{"type": 5}',
    '{"type": "nonsense", "event_id": "mine"}',
    '{"type": "session.update", "session": {"tools": [{"name": "f", "parameters": %s}]}}'
    % ('{"a":' * 980 + "1" + "}" * 980),
    '{"type": "session.update", "session": %s}' % ("[" * 100_000),
    '{"type": "input_audio_buffer.append", "audio": "!"}',
    "\x00" * 1000,
]


async def test_junk_is_answered_and_the_session_lives():
    async with session(ScriptedLlm("Still here.")) as table:
        for frame in JUNK:
            await table.client.send_raw(frame)
            event = await table.client.next()
            assert event["type"] == "error"
            assert event["error"]["event_id"] in {None, "mine"}
        assert said(await table.client.say("Hello", **TEXT)) == "Still here."


class FloodingBackend:
    """Says more than anybody wants to hear."""

    def __init__(self, session, **_):
        self.session = session

    async def run(self, deliver):
        deliver(ev.SessionCreated(session=self.session))
        text = "x" * 100_000
        while True:
            deliver(ev.TranscriptionDelta(item_id="item_1", content_index=0, delta=text))
            await asyncio.sleep(0)

    async def send(self, event):
        pass

    def send_now(self, event):
        return True


async def test_a_client_that_does_not_read_is_given_up(monkeypatch):
    monkeypatch.setattr(queues, "UNSENT_BYTES", 1_000_000)
    async with session(ScriptedLlm(), backend=FloodingBackend) as table:
        await asyncio.wait_for(table.running, 20)
        assert table.closed_with() == (1013, "The client reads too slowly.")


class StalledBackend:
    """Takes the first event and never comes back."""

    def __init__(self, session, **_):
        self.session = session

    async def run(self, deliver):
        deliver(ev.SessionCreated(session=self.session))
        await asyncio.Event().wait()

    async def send(self, event):
        await asyncio.Event().wait()

    def send_now(self, event):
        return False


async def test_a_backend_that_takes_nothing_ends_the_session(monkeypatch):
    monkeypatch.setattr(queues, "UNTAKEN_EVENTS", 10)
    monkeypatch.setattr(queues, "PATIENCE_S", 0.05)
    async with session(ScriptedLlm(), backend=StalledBackend) as table:
        await table.hear(2000, loud=False)
        await asyncio.wait_for(table.running, 20)
        code, reason = table.closed_with()
        assert (code, "has taken nothing in" in reason) == (1013, True)


async def test_who_says_and_does_nothing_is_let_go_with_an_open_microphone():
    idle_s = 0.4
    clock = asyncio.get_running_loop().time
    async with session(ScriptedLlm("Hello."), idle_s=idle_s) as table:
        await asyncio.sleep(idle_s / 2)
        active_at = clock()
        await table.client.say("Hello", **TEXT)
        while not table.client.of("error"):
            await table.hear(100, loud=False)
            await table.client.send("input_audio_buffer.append", audio="")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.02):
                    await table.client.next()
        assert table.client.of("error")[0]["error"]["code"] == "session_idle"
        assert idle_s <= clock() - active_at < 10
        await asyncio.wait_for(table.running, 20)
        assert table.closed_with()[0] == 1001


async def test_a_session_expires():
    async with session(ScriptedLlm(), session_s=0) as table:
        error = await until_error(table.client)
        assert (error["type"], error["code"]) == ("invalid_request_error", "session_expired")
        with pytest.raises(ConnectionError):
            await table.client.next()
        code, reason = table.closed_with()
        assert code == 1001
        assert reason.startswith("Your session hit the maximum duration")


class CrashingBackend(FloodingBackend):
    """Fails in the middle of an answer."""

    failure: Exception = RuntimeError("secret detail")

    async def run(self, deliver):
        deliver(ev.SessionCreated(session=self.session))
        output = ev.AudioOutputShown(format=self.session.audio.output.format, voice="alloy")
        response = ev.Response(
            id="resp_1",
            status="in_progress",
            output=[],
            conversation_id="conv_1",
            output_modalities=["text"],
            max_output_tokens="inf",
            audio=ev.AudioShown(output=output),
        )
        deliver(ev.ResponseCreated(response=response))
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (RuntimeError("secret detail"), "The server had an error"),
        (EngineError("The model hung up.", code="upstream_error"), "The model hung up."),
    ],
)
async def test_a_backend_that_crashes_ends_the_session_and_nothing_stays_open(monkeypatch, failure, message):
    monkeypatch.setattr(CrashingBackend, "failure", failure)
    async with session(ScriptedLlm(), backend=CrashingBackend) as table:
        error = await until_error(table.client)
        assert error["type"] == "server_error"
        assert error["message"].startswith(message)
        assert_whole(table.client)
        assert table.client.of("response.done")[0]["response"]["status"] == "failed"
        with pytest.raises(ConnectionError):
            await table.client.next()
        assert table.closed_with()[0] == 1011
        assert "secret detail" not in json.dumps(table.client.events)


def test_two_tools_of_one_name_are_no_registry():
    with pytest.raises(ConfigError, match="two tools named"):
        Registry([ScriptedTool(), ScriptedTool()])


# --- who may be cutting in ------------------------------------------------------------------------------------------
LONG = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen."


@pytest.mark.parametrize("activity", [True, False])
async def test_a_cough_pauses_only_clients_that_asked_for_it(activity):
    async with session(ScriptedLlm(LONG), activity=activity, lead_ms=300) as table:
        await table.client.send("response.create")
        await table.client.until("response.output_audio.delta")
        await table.hear(100, loud=True)
        await table.hear(400, loud=False)
        if activity:
            held = await table.client.until("vasi.output_audio.hold")
            await table.client.send("vasi.playout", item_id=held["item_id"], played_ms=100)
            await table.client.until("vasi.output_audio.resume")
        else:
            await table.client.send("vasi.playout", item_id="x", played_ms=100)
            assert "vasi.activity" in (await until_error(table.client))["message"]
        await table.client.send("response.cancel")
        await table.client.until("response.done")
        assert not table.client.of("input_audio_buffer.speech_started")
        assert ("vasi.output_audio.hold" in table.client.types()) == activity


async def test_who_no_longer_wants_the_extension_gets_none_of_it():
    async with session(ScriptedLlm(LONG), activity=True, lead_ms=300) as table:
        await table.client.send("response.create")
        await table.client.until("response.output_audio.delta")
        await table.client.update(include=None)
        seen = len(table.client.events)
        await table.hear(100, loud=True)
        await table.hear(400, loud=False)
        await table.client.send("response.cancel")
        await table.client.until("response.done")
        assert not [e for e in table.client.events[seen:] if e["type"].startswith("vasi.")]


async def test_event_ids_of_the_gateways_own_are_reserved_and_those_of_other_servers_are_not():
    async with session(ScriptedLlm("Here.")) as table:
        seed = table.client.of("session.created")[0]["session"]["id"].removeprefix("sess_")
        await table.client.send("response.create", event_id=f"vasi_{seed}_0001")
        refused = await table.client.until("error")
        assert "reserved" in refused["error"]["message"]
        await table.client.send("response.create", event_id="vasi_other_0001")
        assert (await table.client.until("response.done"))["response"]["status"] == "completed"
