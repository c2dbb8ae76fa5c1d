"""What runs in the process that serves a GGUF file (``vasi.workers.run``): llama.cpp's own server, in xllamacpp.

One request: ``SERVE``, which answers with the address when the model is loaded.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from typing import Any, cast

import msgspec
import xllamacpp  # pyright: ignore[reportMissingTypeStubs]

from vasi.engines.llm.llama_requests import Served

_PROMPT_CACHE_MB = 256
"""For the beginnings of prompts that were read before; llama.cpp would take 8 GB."""
_llama = cast(Any, xllamacpp)


class Worker:
    """Holds the server."""

    def __init__(self) -> None:
        self._server: Any = None

    def answer(self, kind: int, payload: bytes) -> bytes:
        """Serve the model; the address."""
        served = msgspec.msgpack.decode(payload, type=Served)
        params = _llama.CommonParams()
        params.model.path = served.file
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_keys = [served.api_key]
        params.cors_origins = "null"  # pages of browsers have no business here
        params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
        params.n_ctx = served.context
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = served.threads
        params.cache_ram_mib = _PROMPT_CACHE_MB
        params.use_jinja = True
        self._server = _llama.Server(params)
        return str(self._server.listening_address).encode()


def create_handler() -> Callable[[int, bytes], bytes]:
    """Answers ``SERVE``."""
    # Its threads would be waited for otherwise, in the middle of an answer.
    atexit.register(os._exit, 0)
    return Worker().answer
