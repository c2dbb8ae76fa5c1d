"""An OpenAI-compatible embeddings server whose vectors know a few topics: words of one topic mean the same to it."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOPICS = (("boat", "ship", "vessel", "ferry"), ("doctor", "physician", "nurse"), ("bread", "loaf", "bakery"))


class EmbeddingsServer(ThreadingHTTPServer):
    """``seconds`` delays every answer; ``inputs`` are the texts that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = 0.0
        self.inputs: list[str] = []
        self.stopping = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, EmbeddingsServer)
        request: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.inputs += request["input"]
        self.server.stopping.wait(self.server.seconds)
        data = [
            {"object": "embedding", "index": at, "embedding": _embedding(text)}
            for at, text in enumerate(request["input"])
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        body = json.dumps({"object": "list", "model": request["model"], "data": data, "usage": usage}).encode()
        with contextlib.suppress(OSError):
            self.send_response(200 if self.path == "/v1/embeddings" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def _embedding(text: str) -> Sequence[float]:
    words = set(re.findall(r"[a-z]+", text.lower()))
    return [float(bool(words & set(topic))) for topic in TOPICS] + [0.1]


@contextlib.contextmanager
def embeddings_server() -> Iterator[EmbeddingsServer]:
    server = EmbeddingsServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()
