"""Where that is set, the built-in engines take over when the model service is gone."""

from __future__ import annotations

from typing import Any

from tests.backends.upstream.relays import service_at
from tests.fakes.realtime_service import RealtimeService, realtime_service
from tests.gateway.sessions import session
from vasi.backends.fallback import FallbackBackend
from vasi.backends.local import LocalBackend
from vasi.backends.upstream.session import UpstreamBackend
from vasi.engines.ports import UserMessage
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.settings import conversation_settings


def fallen_back(fake: RealtimeService, llm: ScriptedLlm) -> Any:
    engines = scripted_engines(llm)
    service = service_at(fake, reconnect_s=0.2)
    settings = conversation_settings(lead_ms=None)

    def backend(view: Any, *, seed: str, **given: Any) -> FallbackBackend:
        upstream = UpstreamBackend(service, view, seed=seed)
        return FallbackBackend(upstream, lambda last: LocalBackend(engines, last, settings, seed=f"{seed}l", **given))

    return backend


async def test_a_session_begins_with_the_engines_here() -> None:
    llm = ScriptedLlm("From here.")
    async with realtime_service() as fake:
        fake.faults.refuse = 503
        async with session(llm, backend=fallen_back(fake, llm)) as table:
            done = await table.client.say("hello")
            assert done["output"][0]["content"][0]["transcript"] == "From here."


async def test_a_session_goes_on_with_what_was_said() -> None:
    llm = ScriptedLlm("From here.")
    async with realtime_service() as fake, session(llm, backend=fallen_back(fake, llm)) as table:
        await table.client.update(instructions="Be brief.")
        first = await table.client.say("hello")
        await fake.stop()
        before = len(table.client.events)
        done = await table.client.say("and now")
        assert done["output"][0]["content"][0]["transcript"] == "From here."
        asked = llm.requests[0].messages
        words = [message.text for message in asked if hasattr(message, "text")]
        assert words[-3:] == ["hello", "You said hello", "and now"]
        assert isinstance(asked[-1], UserMessage)
        assert "Be brief." in words[0]
        seen = table.client.events[before:]
        assert not [event for event in seen if event["type"] in ("session.created", "error")]
        shown = [event["item"]["id"] for event in seen if event["type"] == "conversation.item.added"]
        assert len(shown) == 2, "what is new"
        assert first["output"][0]["id"] not in shown
