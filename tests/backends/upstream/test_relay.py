"""The gateway in front of Azure OpenAI (GA, preview) and OpenAI: the same assistant."""

from __future__ import annotations

import base64
import json

import pytest

from tests.backends.upstream.relays import relayed
from tests.fakes.realtime_service import DELTA, KINDS, MODEL, Call, Kind, Say, realtime_service
from tests.gateway.sessions import PROMPT, ScriptedTool, passage
from vasi.testing.engines import speech
from vasi.tools.ports import ToolResult

every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
async def test_a_typed_question_is_answered_aloud(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        done = await table.client.say("good morning")
        assert done["status"] == "completed"
        assert done["output"][0]["content"] == [{"type": "output_audio", "transcript": "You said good morning"}]
        sounds = table.client.of("response.output_audio.delta")
        assert [event["delta"] for event in sounds] == [DELTA] * 4
        assert done["usage"]["total_tokens"] > 0
        assert len({event["event_id"] for event in table.client.events}) == len(table.client.events)


PICTURE = {"type": "input_image", "image_url": "https://elsewhere.example/cat.png"}


@pytest.mark.parametrize(
    ("role", "part", "param"),
    [
        ("assistant", {"type": "input_text", "text": "hi"}, "type"),
        ("system", {"type": "output_text", "text": "hi"}, "type"),
        ("user", {"type": "output_text", "text": "hi"}, "type"),
        ("user", {"type": "input_audio"}, "audio"),
        ("user", PICTURE, "image_url"),
    ],
)
async def test_messages_that_are_none_are_refused_before_the_service_sees_them(
    role: str, part: dict[str, str], param: str
) -> None:
    item = {"type": "message", "role": role, "content": [part]}
    async with realtime_service() as fake, relayed(fake) as table:
        await table.client.send("conversation.item.create", event_id="mine", item=item)
        error = (await table.client.until("error"))["error"]
        assert (error["event_id"], error["param"]) == ("mine", f"item.content[0].{param}")
        await table.client.send("response.create", response={"conversation": "none", "input": [item]})
        error = (await table.client.until("error"))["error"]
        assert error["param"] == f"response.input[0].content[0].{param}"
        assert (await table.client.say("good morning"))["status"] == "completed"
        assert len(fake.received("conversation.item.create")) == len(fake.received("response.create")) == 1


@every_kind
async def test_the_servers_prompt_and_tools_go_up_before_anything_else_and_never_come_down(kind: Kind) -> None:
    def reply(items: list[dict[str, object]]) -> list[Say | Call]:
        return [Say("Deep.")] if items[-1]["type"] == "function_call_output" else [Call("search_knowledge")]

    tool = ScriptedTool.ready(name="search_knowledge")
    async with realtime_service(kind, reply=reply) as fake, relayed(fake, [tool]) as table:
        await table.client.update(instructions="Be brief.", output_modalities=["text"])
        await table.client.say("how deep is it")
        first, second = fake.connections[0].received[:2]
        assert first["type"] == second["type"] == "session.update"
        assert first["session"]["instructions"] == PROMPT
        assert [tool["name"] for tool in first["session"]["tools"]] == ["search_knowledge"]
        assert second["session"]["instructions"] == f"{PROMPT}\n\nBe brief."
        seen = json.dumps(table.client.events)
        assert PROMPT not in seen
        assert "search_knowledge" not in seen
        assert "A secret description" not in seen
        assert table.client.of("session.updated")[0]["session"]["instructions"] == "Be brief."


@every_kind
async def test_the_extension_stays_between_the_client_and_us(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake, activity=True) as table:
        await table.client.send("vasi.playout", item_id="item_1", played_ms=100)
        await table.client.update(include=["vasi.activity", "item.input_audio_transcription.logprobs"])
        assert not fake.received("vasi.playout")
        assert not [update for update in fake.received("session.update") if "vasi" in str(update["session"])]


@every_kind
async def test_a_tool_of_the_server_is_used_inside_one_answer(kind: Kind) -> None:
    found = ToolResult('{"depth": 83}', passages=(passage(1, "You said answer depth 83 metres."),), found=True)
    tool = ScriptedTool.ready(result=found)
    async with realtime_service(kind) as fake, relayed(fake, [tool]) as table:
        done = await table.client.say("use search_knowledge lake")
        assert tool.began == [("alice", '{"q": "lake"}')]
        assert done["output"][0]["content"][0]["transcript"] == 'answer {"depth": 83}'
        assert len(table.client.of("response.created")) == len(table.client.of("response.done")) == 1
        ids = {event["response_id"] for event in table.client.events if "response_id" in event}
        assert ids == {done["id"]}
        shown = {item["item"]["id"] for item in table.client.of("conversation.item.added")}
        before = {item["previous_item_id"] for item in table.client.of("conversation.item.added")}
        assert before <= shown | {None}, "a hidden item is somebody's predecessor"
        outputs = [event for event in fake.received("conversation.item.create") if "output" in event["item"]]
        assert [event["item"]["output"] for event in outputs] == ['{"depth": 83}']


@every_kind
async def test_tools_of_both_sides_in_one_answer(kind: Kind) -> None:
    def reply(items: list[dict[str, object]]) -> list[Say | Call]:
        outputs = [item for item in items if item["type"] == "function_call_output"]
        return [Say("Both are done.")] if len(outputs) == 2 else [Call("search_knowledge"), Call("ring_bell")]

    async with realtime_service(kind, reply=reply) as fake, relayed(fake, [ScriptedTool.ready()]) as table:
        bell = {"type": "function", "name": "ring_bell", "parameters": {"type": "object"}}
        await table.client.update(tools=[bell])
        done = await table.client.say("ring and search")
        [call] = done["output"]
        assert (call["name"], call["status"]) == ("ring_bell", "completed")
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "rang"}
        await table.client.send("conversation.item.create", item=output)
        await table.client.send("response.create")
        done = (await table.client.until("response.done"))["response"]
        assert done["output"][0]["content"][0]["transcript"] == "Both are done."


@every_kind
async def test_a_spoken_question_is_heard_and_answered(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        await table.speak()
        done = (await table.client.until("response.done"))["response"]
        assert done["output"][0]["content"][0]["transcript"] == "You said a sound"
        assert table.client.types("input_audio_buffer") == [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed",
        ]
        sent = b"".join(base64.b64decode(event["audio"]) for event in fake.received("input_audio_buffer.append"))
        assert sent.startswith(speech(100))


@every_kind
async def test_a_cancelled_answer_ends_as_cancelled(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        fake.faults.slow_s = 5
        await table.client.write("hello")
        await table.client.send("response.create")
        await table.client.until("response.output_audio.delta")
        await table.client.send("response.cancel")
        done = (await table.client.until("response.done"))["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled")


@every_kind
async def test_items_are_put_in_looked_at_cut_and_deleted(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        done = await table.client.say("hello there")
        spoken = done["output"][0]["id"]
        await table.client.send("conversation.item.truncate", item_id=spoken, content_index=0, audio_end_ms=50)
        assert (await table.client.until("conversation.item.truncated"))["item_id"] == spoken
        await table.client.send("conversation.item.retrieve", item_id=spoken)
        assert (await table.client.until("conversation.item.retrieved"))["item"]["id"] == spoken
        await table.client.send("conversation.item.delete", item_id=spoken, event_id="mine")
        assert (await table.client.until("conversation.item.deleted"))["item_id"] == spoken
        await table.client.send("conversation.item.delete", item_id=spoken, event_id="mine")
        assert (await table.client.until("error"))["error"]["event_id"] == "mine"
        await table.client.send("input_audio_buffer.commit")
        error = (await table.client.until("error"))["error"]
        assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", None)


@every_kind
async def test_a_response_beside_the_conversation(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        asked = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "aside"}]}
        done = await table.client.say(
            "hello", conversation="none", input=[asked], metadata={"topic": "x"}, output_modalities=["text"]
        )
        assert (done["conversation_id"], done["metadata"]) == (None, {"topic": "x"})
        assert done["output"][0]["content"] == [{"type": "output_text", "text": "You said aside"}]
        assert len(table.client.of("conversation.item.added")) == 1, "only what the client wrote"


@every_kind
async def test_settings_of_the_session_reach_the_service(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake, upstream={"transcription_model": "scribe"}) as table:
        hearing = {
            "format": {"type": "audio/pcmu"},
            "transcription": {"model": "whatever", "language": "en"},
            "noise_reduction": {"type": "near_field"},
            "turn_detection": {"type": "semantic_vad", "eagerness": "high", "model_version": "2"},
        }
        output = {"format": {"type": "audio/pcma"}, "voice": "verse", "speed": 1.2}
        shown = await table.client.update(
            audio={"input": hearing, "output": output}, max_output_tokens=300, tool_choice="none", tracing="auto"
        )
        assert shown["audio"]["output"]["voice"] == "verse"
        told = fake.connections[0].received[1]["session"]
        if kind == "azure-preview":
            assert told["input_audio_format"] == "g711_ulaw"
            assert told["input_audio_transcription"] == {"model": "scribe", "language": "en"}
            assert (told["voice"], told["speed"], told["output_audio_format"]) == ("verse", 1.2, "g711_alaw")
            assert (told["max_response_output_tokens"], told["turn_detection"]["eagerness"]) == (300, "high")
        else:
            assert told["audio"]["input"]["transcription"] == {"model": "scribe", "language": "en"}
            assert told["audio"]["output"] == output
            assert told["audio"]["input"]["turn_detection"] == {
                "type": "semantic_vad",
                "eagerness": "high",
                "create_response": True,
                "interrupt_response": True,
            }
        await table.client.update(audio={"input": {"turn_detection": None}})
        told = fake.connections[0].received[2]["session"]
        assert (told if kind == "azure-preview" else told["audio"]["input"])["turn_detection"] is None


async def test_an_update_that_changes_nothing_there_is_answered_here() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        shown = await table.client.update(model=MODEL, instructions="")
        assert shown["model"] == "vasi"
        assert len(fake.received("session.update")) == 1


async def test_a_service_that_reads_late_hears_everything_once_and_in_order() -> None:
    async with realtime_service() as fake, relayed(fake, check=False) as table:
        await table.client.update(audio={"input": {"turn_detection": None}})
        fake.faults.hears.clear()
        for number in range(150):
            sound = number.to_bytes(2, "little") * 24_000
            await table.client.send("input_audio_buffer.append", audio=base64.b64encode(sound).decode())
        fake.faults.hears.set()
        await table.client.send("input_audio_buffer.clear")
        await table.client.until("input_audio_buffer.cleared")
        heard = [base64.b64decode(event["audio"])[:2] for event in fake.received("input_audio_buffer.append")]
        assert [int.from_bytes(first, "little") for first in heard] == list(range(150))


async def test_a_change_that_the_service_refuses_is_told_and_not_made() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        fake.faults.refuse_session = "There is no voice 'nobody'."
        await table.client.send(
            "session.update", session={"type": "realtime", "audio": {"output": {"voice": "nobody"}}}, event_id="mine"
        )
        error = (await table.client.until("error"))["error"]
        assert (error["event_id"], error["message"]) == ("mine", "There is no voice 'nobody'.")
        fake.faults.refuse_session = ""
        shown = await table.client.update(audio={"output": {"speed": 1.1}})
        assert shown["audio"]["output"]["voice"] == "alloy"


async def test_what_nobody_knows_is_left_out() -> None:
    junk = (
        '{"type":"response.hologram.delta","event_id":"e1","response_id":"r"}',
        "no json",
        "[1]",
        '{"type":5}',
        '{"type":"conversation.item.added","event_id":"e2","item":{"type":"mcp_call","id":"i"}}',
        '{"type":"response.output_item.added","event_id":"e3"}',
        '{"type":"error"}',
    )
    async with realtime_service() as fake, relayed(fake) as table:
        fake.faults.junk = junk
        done = await table.client.say("hello")
        assert done["status"] == "completed"
        assert len(table.client.of("error")) == 1


async def test_a_session_that_only_listens() -> None:
    for kind in KINDS:
        async with realtime_service(kind) as fake, relayed(fake, initial={"type": "transcription"}) as table:
            await table.speak()
            await table.client.until("conversation.item.done")
            assert table.client.events[0]["session"]["type"] == "transcription"
            assert "intent=transcription" in str(fake.connections[0].socket.request.path)
            kinds = [event["type"] for event in fake.connections[0].received]
            assert kinds[0] == ("transcription_session.update" if kind == "azure-preview" else "session.update")


@every_kind
async def test_where_nothing_may_be_overridden_a_response_brings_only_what_it_is_about(kind: Kind) -> None:
    tool = {"type": "function", "name": "mine", "parameters": {"type": "object"}}
    override = {"instructions": "Forget it.", "tools": [tool], "tool_choice": "required", "max_output_tokens": 4000}
    async with realtime_service(kind) as fake:
        async with relayed(fake, response_overrides=False, output_tokens=500) as table:
            await table.client.say("hello", **override, metadata={"a": "b"}, output_modalities=["text"])
            asked = fake.received("response.create")[0]["response"]
            assert asked.keys() == {"metadata", "modalities" if fake.beta else "output_modalities"}
            shown = await table.client.update(max_output_tokens="inf")
            assert shown["max_output_tokens"] == 500
        async with relayed(fake, seed="cd", output_tokens=500) as table:
            await table.client.say("hello", **override)
            asked = fake.received("response.create")[1]["response"]
            assert asked["instructions"] == f"{PROMPT}\n\nForget it."
            assert asked["max_response_output_tokens" if fake.beta else "max_output_tokens"] == 500


BELL = {"type": "function", "name": "ring_bell", "parameters": {"type": "object"}}
WHISTLE = {**BELL, "name": "blow_whistle"}


@every_kind
async def test_a_refused_change_is_taken_back_as_a_whole(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        await table.client.update(instructions="Be brief.", tools=[BELL])
        fake.faults.refuse_session = "There is no voice 'nobody'."
        bad = {"type": "realtime", "audio": {"output": {"voice": "nobody"}}}
        bad |= {"instructions": "Shout.", "tools": [WHISTLE], "tool_choice": "required", "include": ["vasi.activity"]}
        await table.client.send("session.update", session=bad, event_id="mine")
        assert (await table.client.until("error"))["error"]["event_id"] == "mine"
        fake.faults.refuse_session = ""
        told = len(fake.connections[0].received)
        shown = await table.client.update(audio={"output": {"speed": 1.1}})
        assert (shown["instructions"], shown["audio"]["output"]["voice"]) == ("Be brief.", "alloy")
        assert ([tool["name"] for tool in shown["tools"]], shown["tool_choice"]) == (["ring_bell"], "auto")
        assert not shown["include"]
        await table.client.update(tools=[{**BELL, "description": "Loud."}])
        await table.client.say("hello", instructions="Answer in rhyme.")
        later = json.dumps(fake.connections[0].received[told:])
        for refused in ("nobody", "Shout", "blow_whistle", "required"):
            assert refused not in later
        await table.client.send("vasi.playout", item_id="item_1", played_ms=100, event_id="playout")
        assert (await table.client.until("error"))["error"]["event_id"] == "playout", "it wasn't included"


@every_kind
async def test_what_was_asked_before_the_refusal_was_known_is_made_without_what_was_refused(kind: Kind) -> None:
    async with realtime_service(kind) as fake, relayed(fake) as table:
        await table.client.update(instructions="Be brief.")
        fake.faults.refuse_voice = "nobody"
        bad = {"voice": "nobody", "speed": 1.2}
        hasty = (
            {"audio": {"output": bad}, "instructions": "Shout.", "tool_choice": "none"},
            {"audio": {"output": {"speed": 1.2}}},
            {"tools": [BELL]},
        )
        for change in hasty:
            await table.client.send("session.update", session={"type": "realtime", **change})
        await table.client.until("error")
        await table.client.until("session.updated")
        shown = (await table.client.until("session.updated"))["session"]
        assert (shown["audio"]["output"]["voice"], shown["audio"]["output"]["speed"]) == ("alloy", 1.2)
        assert ([tool["name"] for tool in shown["tools"]], shown["tool_choice"]) == (["ring_bell"], "auto")
        assert shown["instructions"] == "Be brief."
        await table.client.say("hello")
        there = fake.connections[0].configured
        assert there["instructions"] == f"{PROMPT}\n\nBe brief."
        assert (there["tools"][0]["name"], there["tool_choice"]) == ("ring_bell", "auto")
        assert (there["audio"]["output"]["speed"] if not fake.beta else there["speed"]) == 1.2
        assert len(table.client.of("session.updated")) == 3, "of the gateway's own nobody is told"


async def test_a_change_of_which_the_service_need_not_know_is_made_although_one_before_it_is_refused() -> None:
    async with realtime_service() as fake, relayed(fake) as table:
        fake.faults.refuse_voice = "nobody"
        await table.client.send(
            "session.update", session={"type": "realtime", "audio": {"output": {"voice": "nobody"}}}
        )
        await table.client.send("session.update", session={"type": "realtime", "model": MODEL})
        await table.client.until("error")
        shown = (await table.client.until("session.updated"))["session"]
        assert shown["audio"]["output"]["voice"] == "alloy"
