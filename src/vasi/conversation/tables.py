"""The states of a turn and of a response, and what moves them: tables, so that they can be read and drawn.

Two small machines run beside each other. The *turn* is the user's: is somebody speaking? It exists only while
``turn_detection`` is on. The *response* is the assistant's; there is one for each ``response.create`` or committed
turn, at most one of them in the default conversation at a time. They touch in one place: a turn that begins cancels
the response of the default conversation if ``interrupt_response`` is set. While the assistant speaks a turn is
tentative at first, since a cough shouldn't silence it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeVar


class Turn(Enum):
    """The user's side."""

    SILENT = "silent"
    TENTATIVE = "tentative"
    """Something like speech while the assistant speaks: its output is held until it's known what it is."""
    SPEAKING = "speaking"


class TurnCue(Enum):
    """What the VAD, the clock or the client may bring about."""

    SPEECH = "speech"
    ONSET = "speech while the assistant speaks"
    CONFIRMED = "long enough, or a word"
    FALSE_INTERRUPTION = "false interruption"
    SILENCE = "silence"
    COMPLETE = "complete"
    TOO_LONG = "too long"
    NO_AUDIO = "no audio for too long"
    COMMIT = "commit"
    CLEAR = "clear"


TURNS: Final[dict[Turn, dict[TurnCue, Turn]]] = {
    Turn.SILENT: {
        TurnCue.SPEECH: Turn.SPEAKING,
        TurnCue.ONSET: Turn.TENTATIVE,
        TurnCue.COMMIT: Turn.SILENT,
        TurnCue.CLEAR: Turn.SILENT,
    },
    Turn.TENTATIVE: {
        TurnCue.CONFIRMED: Turn.SPEAKING,
        TurnCue.FALSE_INTERRUPTION: Turn.SILENT,
        TurnCue.CLEAR: Turn.SILENT,
    },
    Turn.SPEAKING: {
        TurnCue.SILENCE: Turn.SILENT,
        TurnCue.COMPLETE: Turn.SILENT,
        TurnCue.TOO_LONG: Turn.SILENT,
        TurnCue.NO_AUDIO: Turn.SILENT,
        TurnCue.COMMIT: Turn.SILENT,
        TurnCue.CLEAR: Turn.SILENT,
    },
}


class Phase(Enum):
    """The assistant's side: one response."""

    HEARING = "hearing"
    """Created, but the user's last words aren't transcribed yet."""
    WRITING = "writing"
    """The model writes; what it wrote is being spoken."""
    SPEAKING = "speaking"
    """The model is done; audio is still being made or sent."""
    ENDED = "ended"
    """``response.done`` was sent: nothing of this response comes after it."""


class Cue(Enum):
    """What may happen to a response."""

    TRANSCRIBED = "transcribed"
    NOTHING_TO_ANSWER = "nothing to answer"
    GENERATED = "generated"
    SENT = "sent"
    CANCEL = "cancel"
    FAIL = "fail"


PHASES: Final[dict[Phase, dict[Cue, Phase]]] = {
    Phase.HEARING: {
        Cue.TRANSCRIBED: Phase.WRITING,
        Cue.NOTHING_TO_ANSWER: Phase.ENDED,
        Cue.CANCEL: Phase.ENDED,
        Cue.FAIL: Phase.ENDED,
    },
    Phase.WRITING: {Cue.GENERATED: Phase.SPEAKING, Cue.CANCEL: Phase.ENDED, Cue.FAIL: Phase.ENDED},
    Phase.SPEAKING: {Cue.SENT: Phase.ENDED, Cue.CANCEL: Phase.ENDED, Cue.FAIL: Phase.ENDED},
    Phase.ENDED: {},
}


class TransitionError(Exception):
    """A cue came in a state that the tables have no transition for: a mistake in this package, not of a client."""


def turn_after(turn: Turn, cue: TurnCue) -> Turn:
    """Where ``cue`` leads from ``turn``. Raises ``TransitionError``."""
    return _after(TURNS, turn, cue)


def phase_after(phase: Phase, cue: Cue) -> Phase:
    """Where ``cue`` leads from ``phase``. Raises ``TransitionError``."""
    return _after(PHASES, phase, cue)


_State = TypeVar("_State", bound=Enum)
_Cue = TypeVar("_Cue", bound=Enum)


def _after(table: Mapping[_State, Mapping[_Cue, _State]], state: _State, cue: _Cue) -> _State:
    target = table[state].get(cue)
    if target is None:
        possible = ", ".join(each.name for each in table[state]) or "nothing"
        raise TransitionError(f"{type(state).__name__} {state.name} can't take {cue.name}, only {possible}")
    return target
