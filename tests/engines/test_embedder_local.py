"""Vectors from a model on this machine, made by its child processes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from vasi.engines.embedder.local import LocalEmbedder
from vasi.engines.embedder.manifest import CATALOGUE, read_manifest
from vasi.engines.embedder.unigram import Unigram
from vasi.engines.embedder.wordpiece import WordPiece
from vasi.errors import ConfigError, EngineError

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "boat", "##s", "car", "the", "!", "ship"]
PIECES: list[tuple[str, float]] = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁boat", -3.0), ("s", -4.0), ("▁", -2.5),
    ("b", -6.0), ("o", -6.0), ("a", -6.0), ("t", -6.0), ("▁car", -3.5), ("▁Boot", -3.2), ("query", -4.0), (":", -2.0),
    ("▁query", -3.0), ("▁passage", -3.0), ("船", -5.0), ("boats", -9.0),
]  # fmt: skip


# --- a tiny ONNX model, written by hand: token ids -> rows of a table ----------------------------------------------
def _field(number: int, data: bytes | int) -> bytes:
    def varint(value: int) -> bytes:
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    if isinstance(data, int):
        return varint(number << 3) + varint(data)
    return varint(number << 3 | 2) + varint(len(data)) + data


def _value(name: str, kind: int, dimensions: int) -> bytes:
    shape = b"".join(_field(1, _field(2, f"{name}{at}".encode())) for at in range(dimensions))
    return _field(1, name.encode()) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def tiny_model(table: np.ndarray, *others: str) -> bytes:
    """``last_hidden_state = table[input_ids]``; inputs of the names ``others`` are taken and don't count."""
    node = b"".join(_field(1, name) for name in (b"table", b"input_ids")) + _field(2, b"out") + _field(4, b"Gather")
    tensor = b"".join(_field(1, size) for size in table.shape)
    tensor += _field(2, 1) + _field(8, b"table") + _field(9, table.astype("<f4").tobytes())
    graph = _field(1, node) + _field(2, b"g") + _field(5, tensor)
    for name in ("input_ids", *others):
        graph += _field(11, _value(name, 7, 2))
    graph += _field(12, _value("out", 1, 3))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 13))


def write_model(folder: Path, files: Mapping[str, bytes], **manifest: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"name": "tiny", "sha256": digests} | manifest))
    return folder


@pytest.fixture
def bert_folder(tmp_path: Path) -> Path:
    table = np.zeros((len(VOCABULARY), 3), np.float32)
    table[4] = table[9] = [1, 0, 0]
    table[6] = [0, 1, 0]
    files = {"model.onnx": tiny_model(table), "vocab.txt": "\n".join(VOCABULARY).encode()}
    return write_model(tmp_path / "bert", files, threshold=0.6)


@pytest.fixture
def e5_folder(tmp_path: Path) -> Path:
    """Of the shape of E5: a Unigram tokenizer, three inputs, prefixes; each piece has a direction of its own."""
    table = np.eye(len(PIECES), dtype=np.float32)
    table[:4] = 0
    table[12] = table[4]  # "Boot" means a boat
    tokenizer = {"model": {"type": "Unigram", "unk_id": 3, "vocab": PIECES}, "added_tokens": [], "version": "1.0"}
    files = {
        "model.onnx": tiny_model(table, "attention_mask", "token_type_ids"),
        "tokenizer.json": json.dumps(tokenizer).encode(),
    }
    known = CATALOGUE["multilingual-e5-small"]
    prefixes = {"query_prefix": known.query_prefix, "passage_prefix": known.passage_prefix}
    return write_model(tmp_path / "e5", files, **prefixes)


@asynccontextmanager
async def embedder_of(folder: Path) -> AsyncIterator[LocalEmbedder]:
    embedder = LocalEmbedder(folder, read_manifest(folder))
    try:
        yield embedder
    finally:
        await embedder.close()


async def test_vectors_are_of_unit_length_by_meaning_and_in_the_order_of_the_texts(bert_folder: Path) -> None:
    texts = ["the boats! " * 3, "a ship", "CAR", "", *(["boat car " * length for length in (9, 1, 5, 2, 7)])]
    async with embedder_of(bert_folder) as embedder:
        boat, ship, car, empty, *mixed = await embedder.embed(texts)
        assert embedder.model == "tiny"
        assert embedder.threshold == 0.6
        (question,) = await embedder.embed(["ship"], query=True)
    assert np.linalg.norm(boat) == pytest.approx(1)
    assert float(boat @ ship) == pytest.approx(1)
    assert float(question @ ship) == pytest.approx(1)
    assert float(boat @ car) == pytest.approx(0)
    assert not empty.any()
    for vector in mixed:
        assert vector.tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0])


async def test_e5_pools_what_it_is_given_after_the_prefix_of_questions_or_passages(e5_folder: Path) -> None:
    async with embedder_of(e5_folder) as embedder:
        (question,) = await embedder.embed(["Boot"], query=True)
        (passage, longer) = await embedder.embed(["boat", "boat car boats"])
    # "query: Boot" is ▁query, ":" and ▁Boot, each a third of the mean, whatever padding there was.
    expected = np.zeros(len(PIECES), np.float32)
    expected[[15, 14, 4]] = 1 / 3**0.5
    assert question.tolist() == pytest.approx(expected.tolist())
    expected = np.zeros(len(PIECES), np.float32)
    expected[[16, 14, 4]] = 1 / 3**0.5
    assert passage.tolist() == pytest.approx(expected.tolist())
    counts = np.zeros(len(PIECES), np.float32)
    counts[[16, 14, 4, 11, 5]] = [1, 1, 2, 1, 1]
    assert longer.tolist() == pytest.approx((counts / np.linalg.norm(counts)).tolist())


async def test_a_file_that_is_not_the_one_in_the_manifest_is_refused(bert_folder: Path) -> None:
    (bert_folder / "vocab.txt").write_text("[UNK]\n[CLS]\n[SEP]\nother")
    with pytest.raises(ConfigError, match=r"vocab\.txt isn't the file that manifest\.json names"):
        read_manifest(bert_folder)
    with pytest.raises(ConfigError, match="can't be loaded"):
        read_manifest(bert_folder / "nowhere")


async def test_a_model_that_cannot_be_loaded_is_told_and_not_tried_with_each_question(tmp_path: Path) -> None:
    files = {"model.onnx": b"no model", "vocab.txt": "\n".join(VOCABULARY).encode()}
    async with embedder_of(write_model(tmp_path / "m", files)) as embedder:
        with pytest.raises(EngineError, match="The embedder tiny failed"):
            await embedder.embed(["boat"], query=True)
        pids = list(embedder.pids)
        with pytest.raises(EngineError, match="The embedder tiny failed"):
            await embedder.embed(["car"], query=True)
        assert list(embedder.pids) == pids


async def test_a_process_that_dies_is_replaced(bert_folder: Path) -> None:
    async with embedder_of(bert_folder) as embedder:
        await embedder.start()
        (pid,) = embedder.pids
        os.kill(pid, signal.SIGKILL)
        (vector,) = await embedder.embed(["ship"], query=True)
        assert float(vector[0]) == pytest.approx(1)
        assert pid not in embedder.pids


async def test_who_stops_waiting_for_a_question_does_not_end_the_process(bert_folder: Path) -> None:
    async with embedder_of(bert_folder) as embedder:
        await embedder.start()
        (pid,) = embedder.pids
        waiting = asyncio.create_task(embedder.embed(["boat"], query=True))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await embedder.embed(["boat"], query=True)
        assert list(embedder.pids) == [pid]


async def test_closing_leaves_no_process_though_passages_are_under_way(bert_folder: Path) -> None:
    async with embedder_of(bert_folder) as embedder:
        await embedder.start()
        long = ["boat car " * 400] * 5_000
        work = asyncio.create_task(embedder.embed(long))
        async with asyncio.timeout(20):
            while len(embedder.pids) < 2:
                await asyncio.sleep(0.01)
        pids = list(embedder.pids)
        # A question is answered meanwhile.
        assert await embedder.embed(["ship"], query=True)
        assert not work.done()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert not any(psutil.pid_exists(pid) for pid in pids)


# --- tokenizers -----------------------------------------------------------------------------------------------------
def test_wordpiece() -> None:
    tokenizer = WordPiece(VOCABULARY)
    assert tokenizer.encode("The BÓATS! xyz", 99) == [2, 7, 4, 5, 8, 1, 3]
    assert tokenizer.encode("boat " * 50, 5) == [2, 4, 4, 4, 3]
    with pytest.raises(ValueError, match=r"\[CLS\]"):
        WordPiece(["[UNK]"])


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("boats", ["▁boat", "s"]),  # likelier than "▁" and "boats"
        ("  boat\n\tcar  ", ["▁boat", "▁car"]),
        ("ｂｏａｔ", ["▁boat"]),  # full-width letters are letters
        ("boxyzt", ["▁", "b", "o", "<unk>", "t"]),  # a run of unknown letters is one
        ("船", ["▁", "船"]),
        ("boat\u200dcar\x00", ["▁boat", "<unk>", "a", "<unk>"]),
        ("<s> </s>", ["▁", "<unk>", "s", "<unk>", "▁", "<unk>", "s", "<unk>"]),  # marks in a text are no marks
        ("", []),
    ],
)
def test_unigram_takes_the_likeliest_pieces(text: str, pieces: Sequence[str]) -> None:
    numbers = {piece: number for number, (piece, _) in enumerate(PIECES)}
    assert Unigram(PIECES).encode(text, 99) == [0, *(numbers[piece] for piece in pieces), 2]


def test_unigram_cuts_long_texts_and_does_not_take_long_for_them() -> None:
    tokenizer = Unigram(PIECES)
    assert tokenizer.encode("boat " * 50, 5) == [0, 4, 4, 4, 2]
    assert len(tokenizer.encode("船" * 1_000_000, 64)) == 64


@pytest.mark.parametrize(
    "file",
    [
        {"model": {"type": "WordPiece", "vocab": {}}},
        {"model": {"type": "Unigram", "vocab": [["<s>", 0.0]]}},
        {"model": {"type": "BPE", "vocab": []}},
        {},
    ],
)
def test_a_tokenizer_of_another_kind_is_refused(file: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"tokenizer\.json|the vocabulary"):
        Unigram.read(json.dumps(file).encode())
