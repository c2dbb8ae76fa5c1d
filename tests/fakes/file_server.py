"""A web server of files that serves ranges, and misbehaves as it is told by the first part of the path."""

import contextlib
import hashlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = bytes(range(256)) * 1_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class FileServer:
    """What it serves and what it was asked; ``address`` ends without a slash.

    Paths begin with how the rest is served: "whole", "moved", "unranged" (ranges are ignored), "cut" (each connection
    brings 100,000 bytes), "slow" (so that somebody can interrupt it), "lies" (about the length), "endless", "wrong"
    (other bytes of that length), "stalls" (no answer), "shifted" (another range than was asked for), or a status.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: {"file": CONTENT})
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(path, its Range header or "")"""
    agents: set[str] = field(default_factory=set)
    stopped: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: FileServer

    def do_GET(self):
        path = self.path.partition("://")[2].partition("/")[2] if "://" in self.path else self.path.lstrip("/")
        how, _, name = path.partition("/")
        asked = self.headers.get("Range", "")
        self.state.asked.append((path, asked))
        self.state.agents.add(self.headers.get("User-Agent", ""))
        if how == "moved":
            self.send_response(302)
            self.send_header("Location", f"/whole/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif how == "stalls":
            self.state.stopped.wait(30)
        elif how.isdecimal():
            self.send_error(int(how))
        elif name not in self.state.files:
            self.send_error(404)
        else:
            self.serve(how, self.state.files[name], int(asked[6:-1]) if asked and how != "unranged" else 0)

    def serve(self, how, content, start):
        if start >= len(content) > 0:
            self.send_error(416)
            return
        body = content[start:]
        length = {"lies": len(body) + 5, "endless": None}.get(how, len(body))
        self.send_response(206 if start else 200)
        if start:
            first = start + 1 if how == "shifted" else start
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        if length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.write(how, body)

    def write(self, how, body):
        match how:
            case "cut":
                self.wfile.write(body[:100_000])
                self.close_connection = True
                self.wfile.flush()
                self.connection.shutdown(2)
            case "slow":
                for at in range(0, len(body), 4_000):
                    if self.state.stopped.is_set():
                        return
                    self.wfile.write(body[at : at + 4_000])
                    time.sleep(0.02)
            case "endless":
                self.wfile.write(body * 10)
                self.close_connection = True
            case "wrong":
                self.wfile.write(bytes(255 - byte for byte in body))
            case _:
                self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def file_server():
    """One that runs."""
    state = FileServer()
    handler = type("Handler", (_Handler,), {"state": state})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        running.daemon_threads = True
        state.address = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            state.stopped.set()
            running.shutdown()
            thread.join()
