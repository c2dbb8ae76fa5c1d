"""Vectors from an OpenAI-compatible endpoint."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from vasi.engines.embedder.endpoint import EndpointEmbedder
from vasi.errors import EngineError


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
