"""Where that is set, the built-in engines take over when the model service is gone."""

from __future__ import annotations

from typing import Any

from tests.backends.upstream.relays import service_at
from tests.fakes.realtime_service import RealtimeService, realtime_service
from tests.gateway.sessions import session
from vasi.backends.fallback import FallbackBackend
from vasi.backends.local import LocalBackend
from vasi.backends.upstream.session import UpstreamBackend
from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.engines.ports import Llm, UserMessage
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.settings import conversation_settings


def fallen_back(fake: RealtimeService, llm: Llm) -> Any:
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


async def test_an_interpreter_that_lost_its_model_says_so_to_both() -> None:
    llm = ExtractiveLlm()
    async with realtime_service() as fake, session(llm, backend=fallen_back(fake, llm)) as table:
        await table.client.update(vasi={"interpreting": ["de-AT", "fr"]})
        assert spoken(await table.client.say("Guten Tag, wann kommt der Zug?")).startswith("You said")
        await fake.stop()
        lost = spoken(await table.client.say("Und der nächste?"))
        assert lost == "Übersetzen kann ich nur mit einem Sprachmodell. Je ne peux pas traduire sans modèle de langage."


async def test_what_the_session_is_when_it_answers_decides_whether_it_interprets() -> None:
    llm = ExtractiveLlm()
    async with realtime_service() as fake:
        fake.faults.refuse = 503
        async with session(llm, backend=fallen_back(fake, llm)) as table:
            assert spoken(await table.client.say("Who are you?")).startswith("I am vasi")
            await table.client.update(vasi={"interpreting": ["es"]})
            assert spoken(await table.client.say("Who are you?")) == (
                "I can't translate without a language model. Sin un modelo de lenguaje no puedo traducir."
            )
            await table.client.update(vasi={"interpreting": None})
            assert spoken(await table.client.say("Who are you?")).startswith("I am vasi")


def spoken(done: dict[str, Any]) -> str:
    """What was answered."""
    return done["output"][0]["content"][0]["transcript"]
