"""Translation sessions: OpenAI's own client, over a real socket, with a scripted model that translates."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI, BadRequestError
from openai.resources.realtime.translations.translations import AsyncTranslationsConnection
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.server_process import ROOT
from tests.wire.scripted import KEY, FixedTool
from vasi.accounts.secrets import StaticKeys
from vasi.engines.ports import ChatRequest, SystemMessage, UserMessage
from vasi.errors import EngineError
from vasi.testing.engines import ScriptedStt, ToneTts, scripted_engines, silence, speech
from vasi.testing.llm import Pause, Reply, ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import gateway_settings

INTO = '{"type":"session.update","session":{"audio":{"output":{"language":%s}}}}'
LANGUAGE = "session.audio.output.language"
TRANSCRIBED: dict[str, Any] = {"audio": {"input": {"transcription": {"model": "whisper"}}}}


@asynccontextmanager
async def translating(server: RunningServer, **config: Any) -> AsyncIterator[AsyncTranslationsConnection]:
    client = AsyncOpenAI(api_key=KEY, base_url=f"{server.http}/v1", max_retries=0)
    async with client, client.realtime.translations.connect(model="any") as connection:
        created = await next_event(connection)
        assert created["type"] == "session.created"
        if config:
            await connection.session.update(session=config)
            await until(connection, "session.updated")
        yield connection


async def next_event(connection: AsyncTranslationsConnection) -> dict[str, Any]:
    async with asyncio.timeout(10):
        return json.loads(await connection.recv_bytes())


async def until(connection: AsyncTranslationsConnection, kind: str) -> list[dict[str, Any]]:
    """Everything up to an event of this type."""
    seen = [await next_event(connection)]
    while seen[-1]["type"] != kind:
        seen.append(await next_event(connection))
    return seen


async def say(connection: AsyncTranslationsConnection, *audio: bytes) -> None:
    for piece in audio:
        await connection.session.input_audio_buffer.append(audio=base64.b64encode(piece).decode())


def text_of(events: list[dict[str, Any]], kind: str) -> str:
    return "".join(event["delta"] for event in events if event["type"] == kind)


def translator(language: str) -> Any:
    """A request that asks for a translation into ``language``, and offers no tools."""

    def asks(request: ChatRequest) -> bool:
        first = request.messages[0]
        assert isinstance(first, SystemMessage)
        return f"into {language}" in first.text and "interpreter" in first.text and not request.tools

    return asks


async def test_what_is_said_is_heard_in_the_other_language() -> None:
    llm = ScriptedLlm(Reply("Wo ist der Bahnhof?", expect=translator("German")))
    engines = scripted_engines(llm, stt=ScriptedStt(["where is the station"]))
    async with serving(engines, tools=[FixedTool()]) as server:
        audio = {**TRANSCRIBED["audio"], "output": {"language": "de"}}
        async with translating(server, audio=audio) as connection:
            await say(connection, speech(900), silence(800))
            await connection.session.close()
            seen = await until(connection, "session.closed")
            with pytest.raises(Exception, match="1000"):
                await next_event(connection)
    assert text_of(seen, "session.input_transcript.delta") == "where is the station"
    assert text_of(seen, "session.output_transcript.delta") == "Wo ist der Bahnhof?"
    sounds = [event for event in seen if event["type"] == "session.output_audio.delta"]
    assert sum(len(base64.b64decode(sound["delta"])) for sound in sounds) > 24_000
    assert all(
        (sound["sample_rate"], sound["channels"], sound["format"]) == (24_000, 1, "pcm16")
        and sound["elapsed_ms"] == 1600
        for sound in sounds
    )
    assert len({event["event_id"] for event in seen}) == len(seen)
    assert {event["type"] for event in seen} <= {
        "session.input_transcript.delta",
        "session.output_transcript.delta",
        "session.output_audio.delta",
        "session.closed",
    }


async def test_the_last_words_are_translated_although_the_client_closes_at_once() -> None:
    held = Pause(asyncio.Event())
    llm = ScriptedLlm(Reply(held, "Guten Morgen."))
    async with (
        serving(scripted_engines(llm, stt=ScriptedStt(["good morning"]))) as server,
        translating(server) as connection,
    ):
        await say(connection, speech(900))
        await connection.session.close()
        async with asyncio.timeout(10):
            await held.reached.wait()
        held.until.set()
        seen = await until(connection, "session.closed")
    assert text_of(seen, "session.output_transcript.delta") == "Guten Morgen."
    assert not text_of(seen, "session.input_transcript.delta"), "nobody asked for the source's transcript"


async def test_who_has_said_nothing_is_let_go_at_once() -> None:
    async with serving(scripted_engines(ScriptedLlm())) as server, translating(server) as connection:
        await say(connection, silence(400))
        await connection.session.close()
        seen = await until(connection, "session.closed")
    assert [event["type"] for event in seen] == ["session.closed"]


async def test_the_speaker_goes_on_while_the_translation_is_heard_and_nothing_is_lost() -> None:
    tts, stt = ToneTts(), ScriptedStt(["one is said", "two is said", "three is said"])
    held = Pause(asyncio.Event())
    llm = ScriptedLlm(
        Reply("Eins.", held),
        Reply("Zwei, drei.", expect=lambda request: _said(request)[-2:] == ["two is said", "three is said"]),
    )
    async with (
        serving(scripted_engines(llm, stt=stt, tts=tts)) as server,
        translating(server, audio={"output": {"language": "de"}}) as connection,
    ):
        await say(connection, speech(700), silence(700))
        async with asyncio.timeout(10):
            await held.reached.wait()
        await say(connection, speech(700), silence(700), speech(700), silence(700))
        async with asyncio.timeout(10):
            while len(stt.heard_ms) < 3:
                await asyncio.sleep(0.01)
        held.until.set()
        await connection.session.close()
        seen = await until(connection, "session.closed")
    assert text_of(seen, "session.output_transcript.delta") == "Eins. Zwei, drei."
    assert tts.stopped == 0, "nobody interrupts an interpreter"


def _said(request: ChatRequest) -> list[str]:
    return [message.text for message in request.messages if isinstance(message, UserMessage)]


async def test_japanese_sentences_stand_side_by_side() -> None:
    llm = ScriptedLlm("おはよう。", "元気ですか。")
    async with (
        serving(scripted_engines(llm, stt=ScriptedStt(["good morning", "how are you"]))) as server,
        translating(server, audio={"output": {"language": "ja"}}) as connection,
    ):
        await say(connection, speech(700), silence(700))
        first = await until(connection, "session.output_audio.delta")
        await say(connection, speech(700), silence(700))
        await connection.session.close()
        seen = first + await until(connection, "session.closed")
    assert text_of(seen, "session.output_transcript.delta") == "おはよう。元気ですか。"


async def test_the_language_changes_with_an_update_and_the_model_stays() -> None:
    llm = ScriptedLlm(Reply("Bonjour.", expect=translator("French")))
    async with (
        serving(scripted_engines(llm, stt=ScriptedStt(["hello there"]))) as server,
        translating(server, audio={"output": {"language": "de"}}) as connection,
    ):
        await connection.session.update(session={"audio": {"output": {"language": "fr"}}})
        updated = (await until(connection, "session.updated"))[-1]["session"]
        await say(connection, speech(700))
        await connection.session.close()
        await until(connection, "session.closed")
    assert updated["type"] == "translation"
    assert updated["model"] == "any"
    assert updated["audio"] == {"input": {"transcription": None, "noise_reduction": None}, "output": {"language": "fr"}}


@pytest.mark.parametrize(
    ("frame", "code", "param"),
    [
        ('{"type":"response.create"}', "invalid_event", "type"),
        (
            '{"type":"session.update","session":{"audio":{"output":{"language":"qq"}}}}',
            "invalid_value",
            "session.audio.output.language",
        ),
        (
            '{"type":"session.update","session":{"audio":{"output":{"language":7}}}}',
            "invalid_type",
            "session.audio.output.language",
        ),
        ('{"type":"session.update","session":{"instructions":"Sing."}}', "unknown_parameter", "session.instructions"),
        ('{"type":"session.input_audio_buffer.append","audio":"?"}', "invalid_value", "audio"),
        ("[]", "invalid_event", "type"),
        ("nonsense", "invalid_json", None),
    ],
)
async def test_what_is_wrong_is_said_in_the_words_of_a_translation_and_ends_nothing(
    frame: str, code: str, param: str | None
) -> None:
    llm = ScriptedLlm("Hallo.")
    async with (
        serving(scripted_engines(llm, stt=ScriptedStt(["hello there"]))) as server,
        translating(server) as connection,
    ):
        await connection.send_raw(frame)
        error = (await next_event(connection))["error"]
        await say(connection, speech(700))
        await connection.session.close()
        seen = await until(connection, "session.closed")
    assert (error["code"], error["param"]) == (code, param), error
    assert text_of(seen, "session.output_transcript.delta") == "Hallo."


async def test_a_translation_that_fails_is_told_and_the_next_one_works() -> None:
    llm = ScriptedLlm(EngineError("The model is asleep."), "Zwei.")
    async with (
        serving(scripted_engines(llm, stt=ScriptedStt(["one is said", "two is said"]))) as server,
        translating(server) as connection,
    ):
        await say(connection, speech(700), silence(700))
        error = (await until(connection, "error"))[-1]["error"]
        await say(connection, speech(700))
        await connection.session.close()
        seen = await until(connection, "session.closed")
    assert error["message"] == "The model is asleep."
    assert text_of(seen, "session.output_transcript.delta") == "Zwei."


async def test_a_server_that_cannot_translate_says_so_before_the_session_begins() -> None:
    async with serving(scripted_engines(ScriptedLlm()), settings=gateway_settings(interprets=False)) as server:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"{server.ws}/translations?model=any"):
                pass
        answer = json.loads(refused.value.response.body)["error"]
        assert (refused.value.response.status_code, answer["code"]) == (400, "translation_unavailable")
        assert "llm.base_url" in answer["message"]
        client = AsyncOpenAI(api_key=KEY, base_url=f"{server.http}/v1", max_retries=0)
        async with client:
            with pytest.raises(BadRequestError, match="can't interpret"):
                await client.realtime.translations.client_secrets.create(session={"model": "any"})


async def test_a_client_secret_opens_the_translation_that_it_was_made_for_and_nothing_else() -> None:
    llm = ScriptedLlm(Reply("Hola.", expect=translator("Spanish")))
    engines = scripted_engines(llm, stt=ScriptedStt(["hello there"]))
    async with serving(engines, keys=StaticKeys([KEY])) as server:
        client = AsyncOpenAI(api_key=KEY, base_url=f"{server.http}/v1", max_retries=0)
        async with client:
            secret = await client.realtime.translations.client_secrets.create(
                session={"model": "any", "audio": {"output": {"language": "es"}}}
            )
            ordinary = await client.realtime.client_secrets.create(session={"type": "realtime"})
        assert secret.session.type == "translation"
        assert secret.session.audio.output is not None
        assert secret.session.audio.output.language == "es"
        for key, path in ((secret.value, ""), (ordinary.value, "/translations")):
            with pytest.raises(InvalidStatus) as refused:
                async with connect(server.ws + path, additional_headers={"authorization": f"Bearer {key}"}):
                    pass
            assert json.loads(refused.value.response.body)["error"]["code"] == "wrong_session_type"
        holder = AsyncOpenAI(api_key=secret.value, base_url=f"{server.http}/v1", max_retries=0)
        async with holder, holder.realtime.translations.connect(model="any") as connection:
            await next_event(connection)
            await say(connection, speech(700))
            await connection.session.close()
            seen = await until(connection, "session.closed")
    assert text_of(seen, "session.output_transcript.delta") == "Hola."


async def test_an_interpreter_between_two_languages_is_an_ordinary_session() -> None:
    """Any Realtime client can have one; it has neither the server's tools nor its instructions."""

    def both_ways(request: ChatRequest) -> bool:
        first = request.messages[0]
        assert isinstance(first, SystemMessage)
        return "in English into German" in first.text and "in German into English" in first.text and not request.tools

    llm = ScriptedLlm(
        Reply("Guten Tag.", expect=both_ways),
        Reply("Good day.", expect=both_ways),
        Reply("An answer.", expect=lambda request: bool(request.tools)),
    )
    async with serving(scripted_engines(llm), tools=[FixedTool()]) as server:
        client = AsyncOpenAI(api_key=KEY, base_url=f"{server.http}/v1", max_retries=0)
        async with client, client.realtime.connect(model="any") as connection:

            async def ask(text: str) -> str:
                await connection.conversation.item.create(
                    item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
                )
                await connection.response.create()
                async with asyncio.timeout(10):
                    while (event := await connection.recv()).type != "response.done":
                        assert event.type != "error", event
                assert event.response.output is not None
                return event.response.output[0].content[0].text

            async def become(**extension: Any) -> None:
                session: Any = {"type": "realtime", "output_modalities": ["text"], "vasi": extension}
                await connection.session.update(session=session)
                async with asyncio.timeout(10):
                    while (event := await connection.recv()).type != "session.updated":
                        assert event.type != "error", event

            await become(interpreting=["en", "de"])
            assert await ask("Good day.") == "Guten Tag."
            assert await ask("Guten Tag.") == "Good day."
            await become(interpreting=None)
            assert await ask("What is there?") == "An answer."


async def test_the_route_of_the_secrets_is_there_for_azures_clients_too() -> None:
    async with serving(scripted_engines(ScriptedLlm())) as server, httpx2.AsyncClient() as http:
        answer = await http.post(
            f"{server.http}/openai/v1/realtime/translations/client_secrets", json={"session": {"model": "any"}}
        )
        assert answer.json()["session"]["audio"]["output"] == {"language": "en"}


async def test_the_documented_example_translates_a_recording(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "interpreter.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.S)
    assert found is not None
    clip = tmp_path / "clip.wav"
    with wave.open(str(clip), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(24_000)
        out.writeframes(speech(900))
    llm = ScriptedLlm(Reply("Wo ist der Bahnhof?", expect=translator("German")))
    async with serving(scripted_engines(llm, stt=ScriptedStt(["where is the station"]))) as server:
        program = tmp_path / "example.py"
        program.write_text(found[1].replace("8787", str(server.port)))
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(program), str(clip), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
    lines = said.decode().splitlines()
    heard = "".join(line.removeprefix("heard: ") for line in lines if line.startswith("heard: "))
    assert (heard, lines[-1]) == ("where is the station", "said: Wo ist der Bahnhof?")
