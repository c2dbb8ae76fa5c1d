"""A sentence encoder of the MiniLM kind (MiniLM, BGE, E5, GTE) from a folder, through onnxruntime.

The folder holds ``model.onnx``, ``vocab.txt`` and ``manifest.json``, which names the SHA-256 of both, so that what runs
is what was meant::

    {"name": "all-MiniLM-L6-v2-int8",
     "sha256": {"model.onnx": "...", "vocab.txt": "..."},
     "pooling": "mean", "max_tokens": 256, "threshold": 0.45}
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import numpy as np
import numpy.typing as npt

from vasi.errors import ConfigError, EngineError, EngineMissing
from vasi.knowledge.embed import unit_rows
from vasi.knowledge.wordpiece import WordPiece
from vasi.storage.ports import Vector

_BATCH = 8


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``manifest.json`` says.

    Attributes:
        name: of the model; vectors are kept under it.
        sha256: hex digest of each file.
        pooling: how token vectors become one: their mean, or the first one.
        max_tokens: longer texts are cut.
        languages: that it was made for; empty for all.
        threshold: cosine from which on a passage most likely answers a question.
        query_prefix: put before questions.
        passage_prefix: put before passages.
    """

    name: str
    sha256: dict[str, str]
    pooling: Literal["mean", "first"] = "mean"
    max_tokens: int = 256
    threshold: float = 0.45
    languages: tuple[str, ...] = ("en",)
    query_prefix: str = ""
    passage_prefix: str = ""


class MiniLm:
    """An ``Embedder`` that runs on this machine; made by ``MiniLm.load``."""

    def __init__(self, manifest: Manifest, session: Any, tokenizer: WordPiece) -> None:
        self._manifest = manifest
        self._session = session
        self._inputs = {entry.name for entry in session.get_inputs()}
        self._tokenizer = tokenizer
        self._running = asyncio.Lock()

    @classmethod
    async def load(cls, folder: Path, *, threads: int = 1) -> MiniLm:
        """Load the model in ``folder``, after comparing its files with the manifest.

        Raises:
            ConfigError: a file is missing, or isn't the one that the manifest names.
            EngineMissing: onnxruntime isn't installed.
        """
        return await asyncio.to_thread(cls._load, folder, threads)

    @classmethod
    def _load(cls, folder: Path, threads: int) -> MiniLm:
        try:
            import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
        except ImportError as error:
            raise EngineMissing("Vectors need onnxruntime: pip install 'vasi[local]'.") from error
        try:
            manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
            model = _verified(folder, "model.onnx", manifest)
            vocabulary = _verified(folder, "vocab.txt", manifest).decode()
            tokenizer = WordPiece(vocabulary.splitlines())
        except (OSError, ValueError) as error:
            raise ConfigError(f"The embedder in {folder} can't be loaded: {error}.") from error
        runtime = cast(Any, onnxruntime)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Of a quantised model: without VNNI, processors overflow in the fast way to multiply.
        options.add_session_config_entry("session.x64quantprecision", "1")
        try:
            session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own errors share no base class
            raise ConfigError(f"The embedder in {folder} can't be loaded: {error}.") from error
        return cls(manifest, session, tokenizer)

    @property
    def model(self) -> str:
        """The manifest's name."""
        return self._manifest.name

    @property
    def threshold(self) -> float:
        """The manifest's threshold."""
        return self._manifest.threshold

    @property
    def languages(self) -> frozenset[str] | None:
        """The manifest's languages."""
        return frozenset(self._manifest.languages) or None

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        """One unit vector for each text; a few at a time in a thread, so that a question needn't wait for long."""
        prefix = self._manifest.query_prefix if query else self._manifest.passage_prefix
        vectors: list[Vector] = []
        for start in range(0, len(texts), _BATCH):
            batch = [prefix + text for text in texts[start : start + _BATCH]]
            async with self._running:
                vectors += await asyncio.to_thread(self._run, batch)
        return vectors

    def _run(self, texts: Sequence[str]) -> list[Vector]:
        encoded = [self._tokenizer.encode(text, self._manifest.max_tokens) for text in texts]
        width = max(map(len, encoded))
        ids = np.zeros((len(texts), width), np.int64)
        mask = np.zeros_like(ids)
        for line, tokens in enumerate(encoded):
            ids[line, : len(tokens)] = tokens
            mask[line, : len(tokens)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            output: npt.NDArray[np.float32] = self._session.run(
                None, {name: value for name, value in given.items() if name in self._inputs}
            )[0]
        except Exception as error:  # onnxruntime's own errors share no base class
            raise EngineError(f"The embedder {self.model} failed: {error}.") from error
        return unit_rows(_pool(output, mask, self._manifest.pooling))

    async def close(self) -> None:
        """Nothing to let go of before the garbage collector does."""


def _verified(folder: Path, name: str, manifest: Manifest) -> bytes:
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest.sha256.get(name, "").lower():
        raise ValueError(f"{name} isn't the file that manifest.json names: fetch it again")
    return data


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
