"""Vectors from a model on this machine and from an endpoint, and search with them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vasi.errors import ConfigError, EngineError
from vasi.knowledge import Knowledge
from vasi.knowledge.endpoint import EndpointEmbedder
from vasi.knowledge.index import Index
from vasi.knowledge.minilm import MiniLm
from vasi.knowledge.wordpiece import WordPiece
from vasi.storage.ports import Vector
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "boat", "##s", "car", "the", "!", "ship"]


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


def tiny_model(table: np.ndarray) -> bytes:
    """``last_hidden_state = table[input_ids]``."""
    node = b"".join(_field(1, name) for name in (b"table", b"input_ids")) + _field(2, b"out") + _field(4, b"Gather")
    tensor = b"".join(_field(1, size) for size in table.shape)
    tensor += _field(2, 1) + _field(8, b"table") + _field(9, table.astype("<f4").tobytes())
    graph = _field(1, node) + _field(2, b"g") + _field(5, tensor)
    graph += _field(11, _value("input_ids", 7, 2)) + _field(12, _value("out", 1, 3))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 13))


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    table = np.zeros((len(VOCABULARY), 3), np.float32)
    table[4] = table[9] = [1, 0, 0]
    table[6] = [0, 1, 0]
    files = {"model.onnx": tiny_model(table), "vocab.txt": "\n".join(VOCABULARY).encode()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "tiny", "sha256": digests, "threshold": 0.6}))
    return tmp_path


async def test_minilm_gives_unit_vectors_by_meaning(model_folder: Path) -> None:
    embedder = await MiniLm.load(model_folder)
    boat, ship, car, empty = await embedder.embed(["the boats!", "a ship", "CAR", ""])
    assert embedder.model == "tiny"
    assert np.linalg.norm(boat) == pytest.approx(1)
    assert float(boat @ ship) == pytest.approx(1)
    assert float(boat @ car) == pytest.approx(0)
    assert not empty.any()


async def test_a_file_that_is_not_the_one_in_the_manifest_is_refused(model_folder: Path) -> None:
    (model_folder / "vocab.txt").write_text("[UNK]\n[CLS]\n[SEP]\nother")
    with pytest.raises(ConfigError, match=r"vocab\.txt isn't the file that manifest\.json names"):
        await MiniLm.load(model_folder)
    with pytest.raises(ConfigError, match="can't be loaded"):
        await MiniLm.load(model_folder / "nowhere")


def test_wordpiece() -> None:
    tokenizer = WordPiece(VOCABULARY)
    assert tokenizer.encode("The BÓATS! xyz", 99) == [2, 7, 4, 5, 8, 1, 3]
    assert tokenizer.encode("boat " * 50, 5) == [2, 4, 4, 4, 3]
    with pytest.raises(ValueError, match=r"\[CLS\]"):
        WordPiece(["[UNK]"])


# --- an endpoint ----------------------------------------------------------------------------------------------------
class _Endpoint(BaseHTTPRequestHandler):
    status = 200

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [
            {"object": "embedding", "index": at, "embedding": [3.0, len(text)]}
            for at, text in enumerate(asked["input"])
        ]
        reply = {
            "object": "list",
            "model": asked["model"],
            "data": rows[::-1],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        body = json.dumps(reply if self.status == 200 else {"error": {"message": "no"}}).encode()
        self.send_response(self.status if self.path == "/v1/embeddings" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_endpoint_vectors_come_in_order_and_at_unit_length(endpoint: str) -> None:
    embedder = EndpointEmbedder("mini", base_url=endpoint)
    four, zero = await embedder.embed(["boat", ""])
    assert four.tolist() == pytest.approx([0.6, 0.8])
    assert np.linalg.norm(zero) == pytest.approx(1)
    await embedder.close()


async def test_endpoint_failures_say_whether_again_may_help(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = EndpointEmbedder("mini", base_url=endpoint)
    monkeypatch.setattr(_Endpoint, "status", 401)
    with pytest.raises(EngineError) as refused:
        await embedder.embed(["boat"])
    assert not refused.value.retryable
    await embedder.close()


# --- search with vectors --------------------------------------------------------------------------------------------
class Topics:
    """An ``Embedder`` that knows two topics; ``broken`` makes it fail."""

    model = "topics"
    threshold = 0.5
    languages: frozenset[str] | None = None
    broken = False

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        if self.broken:
            raise EngineError("It is broken.")
        sea = ("boat", "ship", "vessel", "heron")
        rows = [[1.0, 0.0] if any(word in text.lower() for word in sea) else [0.0, 1.0] for text in texts]
        return [np.asarray(row, np.float32) for row in rows]

    async def close(self) -> None:
        """Nothing to close."""


async def test_what_means_the_same_is_found_once_vectors_are_made(
    store: SqliteStore, index: Index, folder: Path
) -> None:
    (folder / "boat.txt").write_text("The Heron leaves at nine.")
    topics = Topics()
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=topics)
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    found = await knowledge.search("ann", "vessel departure")
    assert found.found
    assert found.passages[0].passage.document == "boat.txt"
    await store.add_note("ann", "My ship sails tomorrow.", at=datetime(2026, 1, 1, tzinfo=UTC))
    await knowledge.search("ann", "anything")
    await knowledge.vectors_ready("ann")
    notes = await knowledge.search("ann", "vessel departure", kinds=("note",))
    assert [one.passage.text for one in notes.passages] == ["My ship sails tomorrow."]
    await knowledge.close()


async def test_what_is_near_in_meaning_is_no_answer_about_another_name_or_year(
    store: SqliteStore, index: Index, folder: Path
) -> None:
    (folder / "boat.txt").write_text("The Heron leaves at nine.")
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=Topics())
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    assert (await knowledge.search("ann", "When does the Heron set sail?")).found
    for question in ("When does the ship Walrus set sail?", "When did the ship set sail in 2031?"):
        assert not (await knowledge.search("ann", question)).found
    await knowledge.close()


async def test_an_embedder_isn_t_asked_about_languages_that_it_was_not_made_for(
    store: SqliteStore, index: Index, folder: Path
) -> None:
    (folder / "boot.txt").write_text("Das Boot fährt um neun Uhr ab, wenn der Wind es zulässt.")
    (folder / "ship.txt").write_text("The ship is painted green.")
    topics = Topics()
    topics.languages = frozenset({"en"})
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=topics)
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    topics.broken = True  # whoever asks it now is told
    found = await knowledge.search("ann", "Wann fährt das Boot ab?")
    assert found.found
    assert found.passages[0].passage.document == "boot.txt"
    await knowledge.close()


async def test_search_goes_on_without_a_broken_embedder(store: SqliteStore, index: Index, folder: Path) -> None:
    topics = Topics()
    topics.broken = True
    knowledge = Knowledge(store, index, limits=reading_limits(), embedder=topics)
    await knowledge.add("ann", [folder])
    await knowledge.vectors_ready("ann")
    assert (await knowledge.search("ann", "When does the gym open?")).found
    assert await store.without_vectors("ann", "topics", 10)
    await knowledge.close()
    assert len(asyncio.all_tasks()) == 1
