"""A bot of pipecat around its service for OpenAI's realtime API: frames of ours instead of a transport's.

Reports ``messages`` (the context's, after every answer), ``heard`` (bytes of sound, as it comes), ``interrupted``,
``tool`` and ``error``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from typing import Any

from pipecat.frames.frames import (
    EndFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    LLMMessagesAppendFrame,
    LLMRunFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.llm_service import FunctionCallParams
from pipecat.services.openai.realtime.events import (
    AudioConfiguration,
    AudioInput,
    InputAudioTranscription,
    SessionProperties,
)
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService
from pipecat.workers.runner import WorkerRunner

RATE = 24_000
CHUNK = RATE // 50 * 2


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Keyboard(FrameProcessor):
    """Beside the service, which takes typed messages from there, but not those that the context has been given."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)

    async def type(self, text: str) -> None:
        await self.push_frame(LLMMessagesAppendFrame([{"role": "user", "content": text}], run_llm=True))


class Loudspeaker(FrameProcessor):
    """Where a transport's output would stand."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        match frame:
            case TTSAudioRawFrame():
                tell(heard=len(frame.audio))
            case InterruptionFrame():
                tell(interrupted=True)
            case ErrorFrame():
                tell(error=frame.error)
            case _:
                pass
        await self.push_frame(frame, direction)


async def ring_bell(params: FunctionCallParams, times: int) -> None:
    """Ring the bell.

    Args:
        times: How often.
    """
    tell(tool={"name": "ring_bell", "times": times})
    await params.result_callback("rang")


async def main() -> None:
    config = json.loads(sys.argv[1])
    llm = OpenAIRealtimeLLMService(
        api_key=config["key"],
        base_url=config["url"],
        settings=OpenAIRealtimeLLMService.Settings(
            model="vasi",
            system_instruction="Be brief.",
            session_properties=SessionProperties(
                audio=AudioConfiguration(input=AudioInput(transcription=InputAudioTranscription()))
            ),
        ),
    )
    context = LLMContext(
        [{"role": item["role"], "content": item["text"]} for item in config.get("before", [])], tools=[ring_bell]
    )
    aggregators = LLMContextAggregatorPair(context)
    keyboard = Keyboard()
    pipeline = Pipeline([aggregators.user(), keyboard, llm, Loudspeaker(), aggregators.assistant()])
    worker = PipelineWorker(pipeline, params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE))

    @aggregators.assistant().event_handler("on_assistant_turn_stopped")
    async def turn_stopped(_aggregator: Any, _message: Any) -> None:
        tell(messages=context.get_messages())

    @worker.event_handler("on_pipeline_error")
    async def failed(_worker: Any, frame: ErrorFrame) -> None:
        tell(error=frame.error)

    async def obey() -> None:
        commands = asyncio.StreamReader(limit=2**24)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        async for line in commands:
            match json.loads(line):
                case {"reply": _}:
                    await worker.queue_frame(LLMRunFrame())
                case {"say": text}:
                    await keyboard.type(text)
                case {"speak": audio}:
                    sound = base64.b64decode(audio)
                    for at in range(0, len(sound), CHUNK):
                        await worker.queue_frame(InputAudioRawFrame(sound[at : at + CHUNK], RATE, 1))
                case other:
                    raise ValueError(other)
        await worker.queue_frame(EndFrame())

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    obeying = asyncio.create_task(obey())
    await runner.run()
    await obeying


asyncio.run(main())
