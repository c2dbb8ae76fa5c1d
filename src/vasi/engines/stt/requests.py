"""The kinds of request that the child processes of the recogniser know (``vasi.workers.frames``)."""

from __future__ import annotations

from typing import Final

# Of the worker.
LOAD: Final = 1
"""Payload: the path of a model, without its endings; makes sure that it's in memory."""
START: Final = 2
"""Payload as of ``LOAD``; begins an utterance, whatever became of the one before."""
AUDIO: Final = 3
"""Payload: int16 little-endian, 16 kHz. Decodes."""
AUDIO_AND_TELL: Final = 4
"""As ``AUDIO``; the answer is the text so far."""
FINISH: Final = 5
"""Answer: JSON ``[[word, first frame, last frame, probability], ...]``, fillers included; a frame is 10 ms."""

# Of the builder.
READ: Final = 6
"""Payload: JSON list of texts. Answer: JSON list of the words that need a ``Pronounce``, the commonest first."""
BUILD: Final = 7
"""Payload: JSON ``{"model": path without endings, "spoken": {word: [phone, ...]}}``. Writes ``.lm`` and ``.dict``."""
