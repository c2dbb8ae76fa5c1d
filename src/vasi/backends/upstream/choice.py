"""Whether a model service answers or the built-in engines, and the service that the settings describe."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from vasi.backends.upstream import credentials, models
from vasi.backends.upstream.address import Address, address
from vasi.backends.upstream.service import Service, ServiceSettings
from vasi.config import Settings
from vasi.errors import ConfigError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """What answers, and why, for people; ``address`` is None for the built-in engines, ``better`` what to change."""

    address: Address | None
    why: str
    better: str = ""


def choose(settings: Settings) -> Choice:
    """What answers. Raises ``ConfigError`` if the settings contradict each other."""
    upstream = settings.upstream
    if settings.backend == "local":
        return Choice(None, "The engines below, because backend is 'local'. What you say is heard on this machine.")
    if upstream.base_url is None:
        if settings.backend == "upstream":
            raise ConfigError(
                "backend is 'upstream', but no service is named; set upstream.base_url and upstream.model, or "
                "AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_REALTIME_DEPLOYMENT, or OPENAI_API_KEY.",
                param="backend",
            )
        return Choice(None, "The engines below: no Realtime service is named. What you say is heard on this machine.")
    found = address(upstream.base_url, upstream.model, kind=upstream.kind, api_version=upstream.api_version)
    better = _retired(found, upstream.transcription_model) if found.hosted else ""
    if found.hosted:
        found = replace(found, model=models.current(found.model))
    who = "a key" if upstream.api_key else "an Entra ID token" if found.azure else "no key"
    named = "backend is 'upstream'" if settings.backend == "upstream" else f"it is named by {settings.upstream_from}"
    what = f"'{found.model}' at {found.shown}, with {who}, because {named}."
    why = f"{what} What is said is sent there; backend = local (VASI_BACKEND=local) keeps it here."
    return Choice(found, why, better)


def _retired(found: Address, transcription_model: str | None) -> str:
    """What to set in place of models that the service retires."""
    named = {"upstream.model": found.model, "upstream.transcription_model": transcription_model}
    told = {name: models.retirement(model) for name, model in named.items()}
    return " ".join(f"{text} Set {name} to it." for name, text in told.items() if text is not None)


def make_service(settings: Settings, found: Address) -> Service:
    """The service at an address. Raises ``ConfigError``."""
    upstream = settings.upstream
    if found.hosted and upstream.model not in (None, found.model):
        log.warning("Realtime model: %s", models.retirement(upstream.model))
    if upstream.api_key is not None or not found.azure:
        key = upstream.api_key.get_secret_value() if upstream.api_key else ""
        credential: credentials.Credential = credentials.Key(key, found)
    else:
        credential = credentials.entra(upstream.tenant_id)
    return Service(
        found,
        credential,
        ServiceSettings(
            transcription_model=upstream.transcription_model,
            asks_again=upstream.interrupted == "ask_again",
            connect_timeout_s=upstream.connect_timeout_s,
            reconnect_s=upstream.reconnect_s,
        ),
    )
