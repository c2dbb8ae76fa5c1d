"""A session as a model service is told of it: made from the whole session, never from what a client sent.

So only fields that vasi knows and holds valid ever reach the service.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import msgspec

from vasi.protocol.session import ACTIVITY, AnySession, Session

Json: TypeAlias = dict[str, Any]

_TOP = ("output_modalities", "instructions", "tools", "tool_choice", "max_output_tokens", "truncation", "tracing")
_OPTIONAL = ("parallel_tool_calls", "reasoning")
_OWN = {"max_output_tokens": "inf", "truncation": "auto", "tracing": None, "include": None, "reasoning": None}
"""What every service begins with; not mentioned at the beginning, since older ones don't know the field."""
Transcribe: TypeAlias = Callable[[Json], Json]
"""A session's ``transcription`` as the service is to be told of it."""


def opening(session: AnySession, transcribe: Transcribe) -> Json:
    """The ``session`` of the first ``session.update``."""
    whole = _whole(session, transcribe)
    for name, usual in _OWN.items():
        if name in whole and whole[name] == usual:
            del whole[name]
    hearing: Json = whole["audio"]["input"]
    for name in ("transcription", "noise_reduction"):
        if hearing[name] is None:
            del hearing[name]
    output: Json | None = whole["audio"].get("output")
    if output is not None and output["speed"] == 1.0:
        del output["speed"]
    return whole


def changes(before: AnySession, after: AnySession, transcribe: Transcribe) -> Json | None:
    """The ``session`` of the update that leads from ``before`` to ``after``; None if the service needs none."""
    old, new = _whole(before, transcribe), _whole(after, transcribe)
    changed = {name: value for name, value in new.items() if name != "audio" and value != old.get(name)}
    audio: Json = {}
    for way, fields in cast("dict[str, Json]", new["audio"]).items():
        different = {name: value for name, value in fields.items() if value != old["audio"][way][name]}
        if different:
            audio[way] = different
    if audio:
        changed["audio"] = audio
    return {"type": new["type"], **changed} if changed else None


def joined(one: Json | None, other: Json | None) -> Json | None:
    """Two such updates as one; where both name something, ``other`` counts."""
    if one is None or other is None:
        return one or other
    audio: Json = {**one.get("audio", {})}
    for way, fields in other.get("audio", {}).items():
        audio[way] = {**audio.get(way, {}), **fields}
    return {**one, **other, **({"audio": audio} if audio else {})}


def _whole(session: AnySession, transcribe: Transcribe) -> Json:
    shown = cast(Json, msgspec.to_builtins(session))
    hearing: Json = shown["audio"]["input"]
    transcription: Json | None = hearing["transcription"]
    if transcription is not None:
        hearing["transcription"] = transcribe(transcription)
    detection: Json | None = hearing["turn_detection"]
    if detection is not None and detection.get("idle_timeout_ms", 0) is None:
        del detection["idle_timeout_ms"]
    include = [name for name in session.include or () if name != ACTIVITY] or None
    whole: Json = {"type": shown["type"], "audio": shown["audio"], "include": include}
    if isinstance(session, Session):
        whole |= {name: shown[name] for name in _TOP}
        whole |= {name: shown[name] for name in _OPTIONAL if name in shown}
    return whole
