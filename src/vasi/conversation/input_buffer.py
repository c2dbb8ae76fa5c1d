"""The input audio buffer: what the client appended and nobody has committed or cleared yet."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class InputBuffer:
    """Audio in wire format with its place in the session's audio time.

    ``start_ms`` is the audio time of the first byte kept, ``end_ms`` that of the end of all audio ever appended.
    """

    bytes_per_ms: int
    _audio: bytearray = field(default_factory=bytearray)
    _dropped: int = 0

    @property
    def start_ms(self) -> int:
        return self._dropped // self.bytes_per_ms

    @property
    def end_ms(self) -> int:
        return (self._dropped + len(self._audio)) // self.bytes_per_ms

    @property
    def length_ms(self) -> float:
        """Milliseconds of audio in the buffer."""
        return len(self._audio) / self.bytes_per_ms

    def append(self, audio: bytes) -> None:
        self._audio += audio

    def forget_before(self, ms: int) -> None:
        """Drop what lies before ``ms`` of audio time."""
        surplus = min(len(self._audio), max(0, ms * self.bytes_per_ms - self._dropped))
        del self._audio[:surplus]
        self._dropped += surplus

    def take(self, until_ms: int | None = None) -> bytes:
        """Take out the audio up to ``until_ms`` of audio time; all of it without."""
        size = len(self._audio) if until_ms is None else max(0, until_ms * self.bytes_per_ms - self._dropped)
        taken = bytes(self._audio[:size])
        del self._audio[:size]
        self._dropped += len(taken)
        return taken

    def reformat(self, bytes_per_ms: int) -> None:
        """The wire format changed: what is buffered is dropped, audio time goes on."""
        end = self.end_ms
        self._audio.clear()
        self.bytes_per_ms = bytes_per_ms
        self._dropped = end * bytes_per_ms
