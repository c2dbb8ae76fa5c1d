"""Semantic Kernel's realtime client with a plugin of ours.

Reports ``said`` (the words of an answer, as they come), ``event`` (the type of each event of the server) with the
``transcript`` that it has, ``heard`` (bytes of sound), ``tool`` and ``error``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from typing import Annotated, Any

from openai import AsyncOpenAI
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.open_ai import (
    ListenEvents,
    OpenAIRealtimeExecutionSettings,
    OpenAIRealtimeWebsocket,
    SendEvents,
)
from semantic_kernel.contents import AudioContent, ChatHistory, RealtimeAudioEvent, RealtimeTextEvent
from semantic_kernel.contents.realtime_events import RealtimeEvent
from semantic_kernel.contents.text_content import TextContent
from semantic_kernel.functions import kernel_function


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class House:
    @kernel_function(description="Ring the bell.")
    def ring_bell(self, times: Annotated[int, "How often."]) -> str:
        tell(tool={"name": "ring_bell", "times": times})
        return "rang"


async def listen(client: OpenAIRealtimeWebsocket) -> None:
    async for event in client.receive():
        match event:
            case RealtimeAudioEvent():
                tell(heard=len(base64.b64decode(event.service_event.delta)))
            case RealtimeTextEvent():
                tell(said=event.text.text)
            case RealtimeEvent(service_type=ListenEvents.ERROR):
                tell(error=str(event.service_event))
            case RealtimeEvent():
                kind = getattr(event.service_type, "value", event.service_type)
                served: Any = event.service_event
                tell(event=kind, transcript=getattr(served, "transcript", None))
            case _:
                tell(event=type(event).__name__)


async def obey(client: OpenAIRealtimeWebsocket) -> None:
    commands = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    async for line in commands:
        match json.loads(line):
            case {"say": text}:
                await client.send(RealtimeTextEvent(text=TextContent(text=text)))
                await client.send(RealtimeEvent(service_type=SendEvents.RESPONSE_CREATE))
            case {"speak": audio}:
                sound = base64.b64decode(audio)
                for at in range(0, len(sound), 4800):
                    piece = base64.b64encode(sound[at : at + 4800]).decode()
                    await client.send(RealtimeAudioEvent(audio=AudioContent(data=piece, data_format="base64")))
            case {"truncate": item, "at": at}:
                cut = {"item_id": item, "audio_end_ms": at}
                event = RealtimeEvent(service_type=SendEvents.CONVERSATION_ITEM_TRUNCATE, service_event=cut)
                await client.send(event)
            case other:
                raise ValueError(other)


async def main() -> None:
    config = json.loads(sys.argv[1])
    kernel = Kernel()
    kernel.add_plugin(House(), "house")
    client = OpenAIRealtimeWebsocket(
        ai_model_id="vasi",
        client=AsyncOpenAI(
            api_key=config["key"], base_url=config["url"], websocket_base_url=config["url"].replace("http", "ws", 1)
        ),
    )
    settings = OpenAIRealtimeExecutionSettings(
        instructions="Be brief.",
        function_choice_behavior=FunctionChoiceBehavior.Auto(),
        **config.get("settings", {}),
    )
    before = ChatHistory()
    for item in config.get("before", []):
        before.add_message({"role": item["role"], "content": item["text"]})
    async with client(kernel=kernel, settings=settings, chat_history=before), asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(listen(client))
        await obey(client)
        listening.cancel()


asyncio.run(main())
