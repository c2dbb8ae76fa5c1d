"""A call from its offer to its end, as a client sees and hears it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2 as httpx
import pytest

pytest.importorskip("aiortc", reason="WebRTC isn't installed: pip install 'vasi[webrtc]'")

from aiortc import RTCConfiguration, RTCPeerConnection

from tests.transports.webrtc.caller import Caller, calling, offer_of, tone
from tests.transports.webrtc.voices import HummingTts
from vasi.accounts.ephemeral_keys import EphemeralKeys
from vasi.accounts.secrets import StaticKeys
from vasi.testing.engines import CHARACTER_MS, ScriptedStt, scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import RunningServer, serving
from vasi.testing.settings import webrtc_settings
from vasi.transports.webrtc import ice
from vasi.transports.webrtc.settings import TurnServer
from vasi.transports.webrtc.transport import WebRtcTransport

ANSWER = "It opens at nine."


@asynccontextmanager
async def server(
    llm: ScriptedLlm | None = None,
    heard: tuple[str, ...] = ("When does it open?",),
    *,
    calls: int = 8,
    keys: StaticKeys | None = None,
    ephemeral: EphemeralKeys | None = None,
) -> AsyncGenerator[RunningServer, None]:
    engines = scripted_engines(llm or ScriptedLlm(ANSWER), stt=ScriptedStt(heard), tts=HummingTts())
    transport = WebRtcTransport(webrtc_settings(most_calls=calls))
    async with serving(engines, call_transport=transport, keys=keys, ephemeral=ephemeral) as running:
        yield running


async def ask(caller: Caller) -> None:
    """Ask a spoken question and wait for the end of the answer."""
    await caller.until("session.created")
    await ask_again(caller)


def audible_ms(answer: str) -> int:
    return len(answer) * CHARACTER_MS


def text_item(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


async def post(server: RunningServer, path: str, content: str = "", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(f"{server.http}{path}", content=content, headers=headers)


async def test_a_spoken_question_is_answered_by_voice():
    async with server() as running, calling(running.http) as caller:
        await ask(caller)
        types = caller.types()
        assert "response.output_audio.delta" not in types
        transcript = next(e for e in caller.events if e["type"] == "response.output_audio_transcript.done")
        assert transcript["transcript"] == ANSWER
        started, stopped = types.index("output_audio_buffer.started"), types.index("output_audio_buffer.stopped")
        assert types.index("response.content_part.added") < started < stopped
        assert types.index("response.done") < stopped
        await caller.hears_silence()
        assert caller.heard_ms() == pytest.approx(audible_ms(ANSWER), abs=150)


async def test_an_answer_that_is_cut_off_is_remembered_as_far_as_it_was_heard():
    long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    script = server(ScriptedLlm(long, "Yes?"), ("Count.", "Stop now please"))
    async with script as running, calling(running.http) as caller:
        await caller.until("session.created")
        await caller.say(tone(600))
        await caller.until("output_audio_buffer.started")
        await caller.hears()
        await asyncio.sleep(1.0)
        caller.microphone.say(tone(800))
        speech = await caller.until("input_audio_buffer.speech_started")
        cleared = await caller.until("output_audio_buffer.cleared")
        heard_ms = caller.heard_ms()
        truncated = await caller.until("conversation.item.truncated")
        done = next(e for e in caller.events if e["type"] == "response.done")
        assert done["response"]["status"] == "cancelled"
        assert cleared["response_id"] == done["response"]["id"]
        assert truncated["item_id"] == done["response"]["output"][0]["id"]
        assert truncated["audio_end_ms"] == pytest.approx(heard_ms, abs=120)
        assert truncated["audio_end_ms"] < audible_ms(long)
        await caller.send("conversation.item.retrieve", item_id=truncated["item_id"])
        item = (await caller.until("conversation.item.retrieved"))["item"]
        kept = item["content"][0]["transcript"]
        assert long.startswith(kept.strip())
        assert len(kept) < truncated["audio_end_ms"] / CHARACTER_MS + 2
        assert speech["item_id"] != truncated["item_id"]
        await caller.until("output_audio_buffer.stopped")
        buffer = [kind for kind in caller.types() if kind.startswith("output_audio_buffer")]
        assert [kind.rpartition(".")[2] for kind in buffer] == ["started", "cleared", "started", "stopped"]


async def test_a_noise_only_pauses_the_answer():
    long = "one two three four five six seven eight nine ten eleven twelve"
    async with server(ScriptedLlm(long), ("Count.",)) as running, calling(running.http) as caller:
        await caller.until("session.created")
        await caller.say(tone(600))
        await caller.until("output_audio_buffer.started")
        await caller.hears()
        await asyncio.sleep(0.6)
        await caller.say(tone(100))
        await caller.until("output_audio_buffer.stopped")
        assert "output_audio_buffer.cleared" not in caller.types()
        assert caller.types().count("input_audio_buffer.speech_started") == 1
        await caller.hears_silence()
        assert caller.heard_ms() == pytest.approx(audible_ms(long), abs=200)
        assert caller.longest_pause_ms() > 150


async def test_a_client_can_throw_away_what_is_left():
    long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    async with server(ScriptedLlm(long)) as running, calling(running.http) as caller:
        await caller.until("session.created")
        await caller.send("conversation.item.create", item=text_item("Count."))
        await caller.send("response.create")
        await caller.hears()
        await caller.send("response.cancel")
        await caller.send("output_audio_buffer.clear")
        await caller.until("output_audio_buffer.cleared")
        truncated = await caller.until("conversation.item.truncated")
        assert 0 < truncated["audio_end_ms"] < 1_000
        await caller.hears_silence()
        assert caller.heard_ms() == pytest.approx(truncated["audio_end_ms"], abs=150)


async def test_a_form_brings_the_session_with_it():
    session = {
        "type": "realtime",
        "instructions": "Be brief.",
        "audio": {"input": {"format": {"type": "audio/pcmu"}, "turn_detection": None}, "output": {"voice": "cedar"}},
    }
    async with server() as running, calling(running.http, session=session) as caller:
        created = (await caller.until("session.created"))["session"]
        assert created["instructions"] == "Be brief."
        assert created["audio"]["output"]["voice"] == "cedar"
        assert created["audio"]["input"]["turn_detection"] is None
        assert created["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
        assert "include" not in created or created["include"] is None


async def test_formats_of_sound_in_updates_are_passed_over():
    async with server() as running, calling(running.http) as caller:
        await caller.until("session.created")
        formats = {side: {"format": {"type": "audio/pcma"}} for side in ("input", "output")}
        await caller.send("session.update", session={"type": "realtime", "audio": formats})
        shown = (await caller.until("session.updated"))["session"]["audio"]
        assert {shown[side]["format"]["type"] for side in ("input", "output")} == {"audio/pcm"}


async def test_sound_belongs_on_the_track():
    async with server() as running, calling(running.http) as caller:
        await caller.until("session.created")
        await caller.send("input_audio_buffer.append", audio="AAAA", event_id="mine")
        error = (await caller.until("error"))["error"]
        assert error["event_id"] == "mine"
        assert "audio track" in error["message"]


async def test_ephemeral_keys_open_calls_and_bring_their_session():
    async with server(keys=StaticKeys(["a-key-of-this-server"])) as running:
        body = json.dumps({"session": {"type": "realtime", "instructions": "From the server."}})
        made = await post(running, "/v1/realtime/client_secrets", body, Authorization="Bearer a-key-of-this-server")
        bearer = {"Authorization": f"Bearer {made.json()['value']}"}
        async with calling(running.http, headers=bearer) as caller:
            created = (await caller.until("session.created"))["session"]
            assert created["instructions"] == "From the server."
        refused = await post(running, "/v1/realtime/calls", "v=0", **{"Content-Type": "application/sdp"})
        assert refused.status_code == 401


async def test_a_call_ends_when_it_is_asked_to_elsewhere():
    async with server() as running, calling(running.http) as caller:
        await caller.until("session.created")
        assert (await post(running, f"{caller.location}/hangup")).status_code == 200
        async with asyncio.timeout(5):
            await caller.closed.wait()
        gone = await post(running, f"{caller.location}/hangup")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "call_id_not_found")


async def test_one_call_too_many_is_refused_in_words():
    async with server(calls=1) as running, calling(running.http) as caller:
        await caller.until("session.created")
        with pytest.raises(AssertionError, match=r"All 1 WebRTC calls .* use WebSocket"):
            async with calling(running.http):
                pass


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        ("", "isn't an SDP offer"),
        ("v=0\r\nm=audio nonsense", "can't be read"),
        ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "no audio with Opus"),
    ],
)
async def test_an_offer_that_is_none_is_refused_in_words(offer: str, words: str):
    async with server() as running:
        response = await post(running, "/v1/realtime/calls", offer, **{"Content-Type": "application/sdp"})
        assert response.status_code == 400
        assert words in response.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/v1/realtime?model=gpt-4o-realtime", "/v1/realtimertc?model=gpt-4o-realtime"])
async def test_clients_of_the_beta_are_spoken_to_in_its_dialect(path: str):
    async with server() as running, calling(running.http, path=path) as caller:
        created = await caller.until("session.created")
        assert created["session"]["model"] == "gpt-4o-realtime"
        assert created["session"]["turn_detection"]["type"] == "server_vad"
        await ask_in_beta(caller)
        assert caller.location.startswith("/v1/realtime/calls/rtc_")


async def ask_in_beta(caller: Caller) -> None:
    await caller.say(tone(600))
    done = await caller.until("response.audio_transcript.done")
    assert done["transcript"] == ANSWER


async def test_as_on_azure_a_page_may_be_shown_only_what_it_needs():
    path = "/openai/v1/realtime/calls?webrtcfilter=on"
    async with server() as running, calling(running.http, path=path, label="realtime-channel") as caller:
        await caller.say(tone(600))
        await caller.until("output_audio_buffer.stopped")
        assert not {"session.created", "response.created", "response.done"} & set(caller.types())
        assert "response.output_audio_transcript.done" in caller.types()
        assert caller.location.startswith("/openai/v1/realtime/calls/rtc_")


async def test_a_call_without_a_data_channel_is_answered_all_the_same():
    async with server() as running, calling(running.http, with_channel=False) as caller:
        await asyncio.sleep(0.5)
        await caller.say(tone(600))
        await caller.hears()


async def test_a_session_goes_on_over_another_call():
    async with server() as running, calling(running.http) as before:
        created = await before.until("session.created")
        token = before.answer.headers["x-vasi-resume-token"]
        path = f"/v1/realtime/calls?resume={token}"
        async with calling(running.http, path=path) as caller:
            again = await caller.until("session.created")
            assert again["session"]["id"] == created["session"]["id"]
            async with asyncio.timeout(5):
                await before.closed.wait()
            await caller.say(tone(600))
            await caller.until("output_audio_buffer.stopped")
            await caller.hears()


async def test_another_channel_may_come_and_go():
    async with server() as running, calling(running.http) as caller:
        await caller.until("session.created")
        other = caller.connection.createDataChannel("chat")
        opened = asyncio.Event()
        other.on("open", opened.set)
        async with asyncio.timeout(5):
            await opened.wait()
        other.send("hello")
        other.close()
        await ask_again(caller)


async def test_a_client_that_says_goodbye_isnt_waited_for():
    async with server(calls=1) as running:
        for _ in range(2):  # there is room again at once
            async with calling(running.http) as caller:
                await caller.until("session.created")
            async with asyncio.timeout(5):
                while (await post(running, f"{caller.location}/hangup")).status_code != 404:
                    await asyncio.sleep(0.05)


async def test_a_client_that_vanishes_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ice, "SILENT_S", 0.5)
    monkeypatch.setattr(ice, "LOOK_S", 0.1)
    transport = WebRtcTransport(webrtc_settings())
    there = serving(scripted_engines(ScriptedLlm()), call_transport=transport)
    async with there as running, calling(running.http) as caller:
        await caller.until("session.created")
        assert transport.calls == 1
        way: Any = caller.connection.getTransceivers()[0].receiver.transport.transport
        for protocol in way._connection._protocols:
            protocol.transport.close()
        async with asyncio.timeout(10):
            while transport.calls:
                await asyncio.sleep(0.05)


async def ask_again(caller: Caller) -> None:
    await caller.say(tone(600))
    await caller.until("output_audio_buffer.stopped")


async def test_an_offer_that_restarts_nothing_is_refused():
    async with server() as running, calling(running.http) as caller:
        await caller.until("session.created")
        refused = await post(running, caller.location, caller.connection.localDescription.sdp)
        assert "restartIce" in refused.json()["error"]["message"]


async def test_all_calls_share_one_port():
    async with server() as running, calling(running.http) as one, calling(running.http) as other:
        ports = {
            line.split()[5]
            for caller in (one, other)
            for line in caller.answer.text.splitlines()
            if "a=candidate" in line
        }
        assert len(ports) == 1
        await one.until("session.created")
        await other.until("session.created")


async def test_clients_are_told_how_to_come_through_firewalls():
    """As coturn reckons with ``use-auth-secret``: the name says until when, the password is its signature."""
    turn = TurnServer(("turn:turn.example.com:3478?transport=udp",), secret="shared")
    settings = webrtc_settings(stun="stun:stun.example.com:3478", turn=turn)
    there = serving(scripted_engines(ScriptedLlm()), call_transport=WebRtcTransport(settings))
    async with there as running, httpx.AsyncClient() as client:
        stun, turned = (await client.get(f"{running.http}/v1/realtime/ice_servers")).json()["ice_servers"]
    assert stun == {"urls": ["stun:stun.example.com:3478"]}
    assert turned["urls"] == ["turn:turn.example.com:3478?transport=udp"]
    until, _, user = turned["username"].partition(":")
    assert user == "local"
    assert 0 < int(until) - time.time() <= 24 * 3600
    digest = hmac.new(b"shared", turned["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(turned["credential"]) == digest


async def test_behind_nat_clients_are_told_the_address_outside():
    transport = WebRtcTransport(webrtc_settings(addresses=("203.0.113.7",)))
    async with serving(scripted_engines(ScriptedLlm()), call_transport=transport) as running:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.createDataChannel("oai-events")
        connection.addTransceiver("audio")
        offer = await offer_of(connection)
        answer = await post(running, "/v1/realtime/calls", offer, **{"Content-Type": "application/sdp"})
        candidates = [line.split() for line in answer.text.splitlines() if line.startswith("a=candidate")]
        assert [(one[4], one[5]) for one in candidates] == [("203.0.113.7", str(transport.port))]
        await connection.close()


async def test_calls_come_to_the_first_free_port_of_the_range():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        settings = webrtc_settings(bound_to="0.0.0.0", first_port=port, last_port=port + 20)
        transport = WebRtcTransport(settings)
        engines = scripted_engines(ScriptedLlm(ANSWER), stt=ScriptedStt(["When?"]), tts=HummingTts())
        async with serving(engines, call_transport=transport) as running, calling(running.http) as caller:
            await caller.until("session.created")
            assert port <= (transport.port or 0) <= port + 20


async def test_without_the_extra_clients_are_told():
    async with serving(scripted_engines(ScriptedLlm())) as running:
        response = await post(running, "/v1/realtime/calls", "v=0", **{"Content-Type": "application/sdp"})
        assert response.status_code == 501
        assert "vasi[webrtc]" in response.json()["error"]["message"]
