"""Environment variables of Azure OpenAI and OpenAI that vasi understands: those of a VoiceRAG or VASI ``.env``.

They say where a Realtime service is, and with which key to speak to it. Speech is only sent to a service that somebody
named for speech:

- ``AZURE_OPENAI_ENDPOINT`` together with ``AZURE_OPENAI_REALTIME_DEPLOYMENT``, which has no other use, names one.
- ``OPENAI_API_KEY``, or ``AZURE_OPENAI_ENDPOINT`` alone, is in many a shell for other programs. It names one only if
  the setting ``backend`` is "upstream".

A key only ever goes to the address that it came with: once ``upstream.base_url`` is set, none of these are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Entry: TypeAlias = tuple[str, Any, str]
"""Dotted setting, value, where it was set."""

OPENAI = "https://api.openai.com/v1"


def plain(value: str) -> str:
    """The value of a variable without what a file of variables may leave around it.

    Windows' line ends leave one of their two characters, and what reads such files without a shell (``docker run
    --env-file``) leaves the quotation marks.
    """
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def provider_entries(environ: Mapping[str, str], own: Mapping[str, Any]) -> tuple[str, list[Entry]]:
    """Settings that stand in other programs' variables, and which variables named the service ("" if none did).

    Args:
        environ: the environment.
        own: vasi's own settings so far, by dotted name.
    """
    backend = own.get("backend", "auto")
    if backend == "local" or own.get("upstream.base_url"):
        return "", []
    insists = backend == "upstream"
    deployment = plain(environ.get("AZURE_OPENAI_REALTIME_DEPLOYMENT", ""))
    if plain(environ.get("AZURE_OPENAI_ENDPOINT", "")) and (deployment or insists):
        names = "AZURE_OPENAI_ENDPOINT" + (" and AZURE_OPENAI_REALTIME_DEPLOYMENT" if deployment else "")
        return names, _entries(
            environ,
            {
                "upstream.base_url": "AZURE_OPENAI_ENDPOINT",
                "upstream.model": "AZURE_OPENAI_REALTIME_DEPLOYMENT",
                "upstream.api_key": "AZURE_OPENAI_API_KEY",
                "upstream.tenant_id": "AZURE_TENANT_ID",
                "voice": "AZURE_OPENAI_REALTIME_VOICE_CHOICE",
            },
            ("upstream.kind", "azure", "AZURE_OPENAI_ENDPOINT"),
        )
    if insists and plain(environ.get("OPENAI_API_KEY", "")):
        entries = _entries(environ, {"upstream.base_url": "OPENAI_BASE_URL", "upstream.api_key": "OPENAI_API_KEY"})
        default = ("upstream.base_url", OPENAI, "environment variable OPENAI_API_KEY")
        return "OPENAI_API_KEY", [default, *entries]
    return "", []


def _entries(environ: Mapping[str, str], table: Mapping[str, str], *further: Entry) -> list[Entry]:
    found = [
        (key, value, f"environment variable {variable}")
        for key, variable in table.items()
        if (value := plain(environ.get(variable, "")))
    ]
    return [*further, *found]
