"""An agent of LiveKit with OpenAI's realtime plugin: a microphone and a loudspeaker of ours instead of a room's.

Reports ``history`` (the session's, whenever a message was added), ``state`` of the agent, ``playing``, ``played`` (ms,
and whether it was cut), ``tool`` and ``error``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from typing import Any

from livekit import rtc
from livekit.agents import Agent, AgentSession, llm
from livekit.agents.voice import io
from livekit.plugins import openai

RATE = 24_000
FRAME = RATE // 50
NO_RESUMING = {"interruption": {"resume_false_interruption": False}}
"""A loudspeaker that can't pause can't go on either, of which there would be a warning."""


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Microphone(io.AudioInput):
    """What the commands say."""

    def __init__(self) -> None:
        super().__init__(label="commands")
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()

    def hear(self, audio: bytes) -> None:
        for at in range(0, len(audio), 2 * FRAME):
            self._frames.put_nowait(audio[at : at + 2 * FRAME].ljust(2 * FRAME, b"\0"))

    async def __anext__(self) -> rtc.AudioFrame:
        return rtc.AudioFrame(await self._frames.get(), RATE, 1, FRAME)


class Loudspeaker(io.AudioOutput):
    """Plays to nobody, in the time that it takes."""

    def __init__(self) -> None:
        super().__init__(label="nobody", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=RATE)
        self._began: float | None = None
        self._captured = 0.0
        self._end: asyncio.TimerHandle | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        if self._began is None:
            self._began = time.monotonic()
            self.on_playback_started(created_at=time.time())
            tell(playing=True)
        self._captured += frame.duration

    def flush(self) -> None:
        super().flush()
        if self._began is not None:
            left = self._began + self._captured - time.monotonic()
            self._end = asyncio.get_running_loop().call_later(max(0, left), self._finish, False)

    def clear_buffer(self) -> None:
        if self._end is not None:
            self._end.cancel()
        self._finish(True)

    def _finish(self, cut: bool) -> None:
        if self._began is None:
            return
        played = min(time.monotonic() - self._began, self._captured)
        self._began, self._captured, self._end = None, 0.0, None
        tell(played=round(played * 1000), cut=cut)
        self.on_playback_finished(playback_position=played, interrupted=cut)


@llm.function_tool
async def ring_bell(times: int) -> str:
    """Ring the bell.

    Args:
        times: How often.
    """
    tell(tool={"name": "ring_bell", "times": times})
    return "rang"


def shown(item: Any) -> dict[str, Any]:
    match item.type:
        case "message":
            return {"role": item.role, "text": item.text_content or "", "interrupted": item.interrupted}
        case "function_call":
            return {"call": item.name, "arguments": item.arguments}
        case "function_call_output":
            return {"output": item.output}
        case _:
            return {}


def context(items: list[dict[str, str]]) -> llm.ChatContext:
    """What was said before this session."""
    before = llm.ChatContext()
    for item in items:
        before.add_message(role=item["role"], content=item["text"])
    return before


async def main() -> None:
    config = json.loads(sys.argv[1])
    model = openai.realtime.RealtimeModel(base_url=config["url"], api_key=config["key"], model="vasi")
    agent = Agent(instructions="Be brief.", tools=[ring_bell], chat_ctx=context(config.get("before", [])))
    microphone = Microphone()
    # By default the user isn't heard in the first three seconds of an answer, for the sake of echo cancellation.
    async with AgentSession(llm=model, aec_warmup_duration=None, turn_handling=NO_RESUMING) as session:
        session.on("error", lambda event: tell(error=str(event.error)))
        session.on("agent_state_changed", lambda event: tell(state=event.new_state))
        session.on("conversation_item_added", lambda _: tell(history=[shown(item) for item in session.history.items]))
        session.input.audio = microphone
        session.output.audio = Loudspeaker()
        await session.start(agent)
        tell(started=True)
        commands = asyncio.StreamReader(limit=2**24)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        async for line in commands:
            match json.loads(line):
                case {"say": text}:
                    session.generate_reply(user_input=text)
                case {"reply": _}:
                    session.generate_reply()
                case {"speak": audio}:
                    microphone.hear(base64.b64decode(audio))
                case other:
                    raise ValueError(other)
    await model.aclose()


asyncio.run(main())
