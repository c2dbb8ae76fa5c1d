"""The user's sound that a new connection would have to hear again. Positions are bytes since the session began."""

from __future__ import annotations

from collections import deque

from vasi.protocol.session import AudioFormat, AudioInput, bytes_per_ms

KEPT_MS = 30_000
"""Of one utterance, or since the last commit."""
SILENT_MS = 2_000
"""While nobody speaks: what the service may yet find to be the beginning of speech."""

LOOK_EVERY = 1_000 * 48
"""Bytes after which it's looked what needn't be kept any more."""


class UncommittedAudio:
    """The audio that was received and isn't part of an item yet.

    Args:
        hearing: the session's input.
    """

    def __init__(self, hearing: AudioInput) -> None:
        self._format: AudioFormat = hearing.format
        self._detects = hearing.turn_detection is not None
        # As it came: one long buffer would be copied over and over.
        self._chunks: deque[bytes] = deque()
        self._begins = 0
        self.end = 0
        """The position behind the last byte."""
        self._look_at = LOOK_EVERY
        self._connected = 0
        self._open = 0
        self._speech: int | None = None
        self._silence: int | None = None
        self.lead_ms = 0
        """How much the session has heard before this connection's clock began."""

    @property
    def speaking(self) -> bool:
        return self._speech is not None

    @property
    def heard_ms(self) -> int:
        """How much the session has heard."""
        return self.lead_ms + (self.end - self._connected) // bytes_per_ms(self._format)

    def configured(self, hearing: AudioInput) -> None:
        """The input may have changed; sound in another format can't be kept."""
        self._detects = hearing.turn_detection is not None
        if hearing.format != self._format:
            self.lead_ms += (self.end - self._connected) // bytes_per_ms(self._format)
            self._format = hearing.format
            self._forget(self.end)
            self._connected = self.end

    def append(self, audio: bytes) -> None:
        """The client sent sound."""
        self._chunks.append(audio)
        self.end += len(audio)
        if self.end >= self._look_at:
            self._drop(self._kept_from())
            self._look_at = self.end + LOOK_EVERY

    def speech_started(self, start_ms: int) -> None:
        """By the connection's clock."""
        self._speech, self._silence = self._position(start_ms), None

    def speech_stopped(self, end_ms: int) -> None:
        """By the connection's clock."""
        self._silence = self._position(end_ms)

    def committed(self, at: int | None = None) -> bytes:
        """The sound of the item that was made; ``at`` is where a commit by hand was said."""
        first = self._open if self._speech is None else max(self._speech, self._open)
        last = self.end if at is None else at
        if self._silence is not None and at is None:
            last = self._silence
        sound = self.between(first, last)
        self._speech = self._silence = None
        self._forget(last)
        return sound

    def cleared(self) -> None:
        """The buffer was thrown away."""
        self._speech = self._silence = None
        self._forget(self.end)

    def reconnects(self) -> int:
        """A new connection begins; returns from where it has to hear again."""
        begins = max(self._kept_from(), self._begins)
        self.lead_ms += (begins - self._connected) // bytes_per_ms(self._format)
        self._connected = begins
        self._speech = self._silence = None
        return begins

    def between(self, first: int, last: int) -> bytes:
        """The sound from one position to another, as far as it's kept."""
        found: list[bytes] = []
        at = self._begins
        for chunk in self._chunks:
            if at < last and at + len(chunk) > first:
                found.append(chunk[max(0, first - at) : last - at])
            at += len(chunk)
        return b"".join(found)

    def _position(self, milliseconds: int) -> int:
        return self._connected + milliseconds * bytes_per_ms(self._format)

    def _forget(self, until: int) -> None:
        until = min(until, self.end)
        self._drop(until)
        self._open = max(self._open, until)

    def _drop(self, until: int) -> None:
        """Keep nothing before ``until``."""
        while self._chunks and self._begins + len(self._chunks[0]) <= until:
            self._begins += len(self._chunks.popleft())
        if self._chunks and self._begins < until:
            self._chunks[0] = self._chunks[0][until - self._begins :]
            self._begins = until

    def _kept_from(self) -> int:
        per_ms = bytes_per_ms(self._format)
        longest = self.end - KEPT_MS * per_ms
        if self._speech is not None:
            wanted = self._speech
        elif self._detects:
            wanted = self.end - SILENT_MS * per_ms
        else:
            wanted = self._open
        return max(wanted - wanted % 2, longest, self._open, self._begins)
