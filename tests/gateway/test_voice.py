"""When the voice and its speed may be changed: never in the middle, and the voice not once it was heard."""

import asyncio

from tests.gateway.sessions import session
from vasi.engines.ports import ToolCall
from vasi.testing.llm import Pause, Reply, ScriptedLlm


async def refusal(client, **output):
    await client.send("session.update", session={"type": "realtime", "audio": {"output": output}, "instructions": "x"})
    error = (await client.until("error"))["error"]
    assert error["type"] == "invalid_request_error"
    return error["code"], error["param"]


async def test_the_voice_stays_once_it_was_heard():
    async with session(ScriptedLlm("One.", "Two.")) as table:
        client = table.client
        await client.update(audio={"output": {"voice": "marin"}})
        await client.say("hello", output_modalities=["text"])
        assert (await client.update(audio={"output": {"voice": "cedar"}}))["audio"]["output"]["voice"] == "cedar"
        await client.say("hello")
        assert await refusal(client, voice="marin") == ("cannot_update_voice", "session.audio.output.voice")
        again = await client.update(audio={"output": {"voice": "cedar", "speed": 1.2}})
        assert (again["audio"]["output"]["voice"], again["audio"]["output"]["speed"]) == ("cedar", 1.2)
        assert again["instructions"] == "", "nothing of a refused update holds"


async def test_the_speed_changes_only_between_responses():
    thinking = Pause(asyncio.Event())
    llm = ScriptedLlm(Reply("One ", thinking, "two."), ToolCall("c1", "none_such", "{}"), "Three.")
    async with session(llm) as table:
        client = table.client
        await client.write("count")
        await client.send("response.create")
        await client.until("response.created")
        assert await refusal(client, speed=1.5) == ("cannot_update_speed", "session.audio.output.speed")
        assert (await client.update(audio={"output": {"speed": 1.0}}, instructions="Slowly."))[
            "instructions"
        ] == "Slowly."
        thinking.until.set()
        await client.until("response.done")
        assert (await client.update(audio={"output": {"speed": 1.5}}))["audio"]["output"]["speed"] == 1.5
        await client.say("go on")
