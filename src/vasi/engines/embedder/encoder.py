"""A sentence encoder of the MiniLM kind (MiniLM, BGE, E5, GTE), through onnxruntime. Runs in a child process."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

from vasi.engines.embedder.manifest import MODEL, UNIGRAM, Manifest
from vasi.engines.embedder.unigram import Unigram
from vasi.engines.embedder.wordpiece import WordPiece

_BATCH = 4
"""Texts at a time: more cost memory and no less time."""
_runtime = cast(Any, onnxruntime)


class Encoder:
    """The model in ``folder``.

    Raises:
        ValueError: a file of it can't be used.
        OSError: one can't be read.
    """

    def __init__(self, folder: Path, manifest: Manifest, threads: int) -> None:
        self._manifest = manifest
        self._tokenizer = _tokenizer(folder / manifest.tokenizer)
        options = _runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # The arena would keep what the longest passages once needed.
        options.enable_cpu_mem_arena = False
        # Of a quantised model: without VNNI, processors overflow in the fast way to multiply.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = _runtime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        _give_back()
        self._inputs = {entry.name for entry in self._session.get_inputs()}

    def encode(self, texts: Sequence[str], *, query: bool) -> npt.NDArray[np.float32]:
        """One unit vector for each text: ``float32[n, d]``; that of nothing is nought."""
        prefix = self._manifest.query_prefix if query else self._manifest.passage_prefix
        encoded = [self._tokenizer.encode(prefix + text, self._manifest.max_tokens) for text in texts]
        # Those of like length together: padding costs as much as text.
        order = sorted(range(len(encoded)), key=lambda place: len(encoded[place]))
        rows: list[npt.NDArray[np.float32]] = []
        for start in range(0, len(order), _BATCH):
            rows.append(self._run([encoded[place] for place in order[start : start + _BATCH]]))
        together = np.concatenate(rows)
        result = np.empty_like(together)
        result[order] = together
        lengths = np.linalg.norm(result, axis=1, keepdims=True)
        return (result / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    def _run(self, encoded: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        ids = np.full((len(encoded), max(map(len, encoded))), self._tokenizer.pad, np.int64)
        mask = np.zeros_like(ids)
        for line, tokens in enumerate(encoded):
            ids[line, : len(tokens)] = tokens
            mask[line, : len(tokens)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output: npt.NDArray[np.float32] = self._session.run(
            None, {name: value for name, value in given.items() if name in self._inputs}
        )[0]
        return _pool(output, mask, self._manifest.pooling)


def _give_back() -> None:
    """Of what loading needed for a moment, a third of all, glibc keeps most."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def _tokenizer(file: Path) -> Unigram | WordPiece:
    if file.name == UNIGRAM:
        return Unigram.read(file.read_bytes())
    return WordPiece(file.read_text("utf-8").splitlines())


def _pool(
    output: npt.NDArray[np.float32], mask: npt.NDArray[np.int64], pooling: Literal["mean", "first"]
) -> npt.NDArray[np.float32]:
    """``float32[n, tokens, d]`` to ``float32[n, d]``; what is pooled already stays."""
    if output.ndim == 2:
        return output
    if pooling == "first":
        return output[:, 0]
    weights = mask[:, :, None].astype(np.float32)
    return (output * weights).sum(axis=1) / weights.sum(axis=1)
