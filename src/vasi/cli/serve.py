"""``vasi serve``: the Realtime API on a port."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vasi.cli.offer import Download, agreed_models, bring
from vasi.cli.options import Config, Data, Documents, Set, load_settings

if TYPE_CHECKING:
    import ssl

    from vasi.app import Vasi
    from vasi.config import Settings
    from vasi.engines.models import Model
    from vasi.web.certificate import Certificate

_GRACE_S = 5
"""How long open conversations may go on after the first signal to stop."""

logger = logging.getLogger(__name__)


def serve(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Address to listen on; 127.0.0.1 unless set.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Port to listen on; 8787 unless set, 0 for a free one.")
    ] = None,
    docs: Documents = None,
    insecure: Annotated[
        bool | None, typer.Option("--insecure", help="Allow a public address although nobody signs in.")
    ] = None,
    tls: Annotated[
        bool | None,
        typer.Option("--tls", help="Serve HTTPS and WSS, with a certificate of its own unless one is named."),
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate for TLS, as PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its private key, as PEM.")] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="STORE", help="What keeps everything: sqlite unless set, or postgresql://USER@HOST/DATABASE."
        ),
    ] = None,
    download: Download = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Serve the app and the OpenAI Realtime API until stopped.

    The app opens at http://HOST:PORT. Any Realtime client can connect to
    ws://HOST:PORT/v1/realtime. GET /healthz tells that the server is alive,
    GET /readyz that it can answer.

    For example:

    [dim]vasi serve[/dim]
    [dim]vasi serve --docs manuals/ --port 9000[/dim]
    [dim]vasi serve --tls[/dim]
    [dim]vasi serve -s llm.base_url=http://localhost:11434/v1 -s llm.model=qwen3[/dim]
    """
    flags = {"host": host, "port": port, "insecure": insecure, "tls": tls, "tls_cert": tls_cert, "tls_key": tls_key}
    flags["store"] = store
    settings = load_settings(data, config, assignments, **flags)
    from vasi.web.hosting import raise_open_files

    settings.require_safe_bind()
    _log_to_stderr(settings.log_level)
    certificate = _certificate(settings)
    # Read before anything starts: a wrong file is a wrong setting.
    context = None if certificate is None else certificate.context()
    raise_open_files()
    listening = _bind(settings)
    models = agreed_models(settings, download)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings, listening, docs or [], certificate, context, models))


def _log_to_stderr(level: str) -> None:
    from vasi.observe.redaction import RedactingFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    # uvicorn takes every refused handshake for a mistake of the application.
    logging.getLogger("uvicorn.error").addFilter(lambda record: "without completing handshake" not in record.msg)


def _certificate(settings: Settings) -> Certificate | None:
    from vasi.web.certificate import Certificate, self_signed

    if settings.tls_cert is not None and settings.tls_key is not None:
        return Certificate(settings.tls_cert, settings.tls_key)
    return self_signed(settings.data / "tls") if settings.tls else None


def _bind(settings: Settings) -> socket.socket:
    from vasi.errors import ConfigError

    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except socket.gaierror:
        raise ConfigError(f"There is no address {settings.host}; check --host.", param="host") from None
    except OSError as error:
        # asyncio and socket put their own remarks into strerror.
        reason = os.strerror(error.errno or 0)
        raise ConfigError(
            f"Can't listen on {settings.host}, port {settings.port} ({reason}); choose another with --port.",
            param="port",
        ) from None


def _loop_factory() -> Any:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _serve(
    settings: Settings,
    listening: socket.socket,
    documents: list[Path],
    certificate: Certificate | None,
    context: ssl.SSLContext | None,
    models: list[Model],
) -> None:
    from vasi.app import Vasi
    from vasi.app.package_settings import connection_limits
    from vasi.cli.reading import read_named
    from vasi.web.hosting import UvicornServer, uvicorn_config

    def in_use(_config: Any, _default: Any) -> ssl.SSLContext:
        assert context is not None, "only asked for with TLS"
        return context

    async with Vasi.open(settings) as vasi:
        config = uvicorn_config(
            vasi.asgi(),
            message_bytes=settings.limits.message_mb * 1024 * 1024,
            grace_s=_GRACE_S,
            connections=connection_limits(settings),
            # Not "debug": that would write every header and frame.
            log_level="info" if settings.log_level == "debug" else "warning",
            access_log=settings.log_level == "debug",
            ssl_context_factory=None if context is None else in_use,
        )
        server = UvicornServer(config)
        # A wrong path on the command line is told before anybody is served; folders are read meanwhile.
        await read_named(vasi, [path for path in documents if not _is_folder(path)])
        _stop_on_signals(server, vasi)
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        secure = "" if certificate is None else "s"
        print(
            f"vasi listens on http{secure}://{shown}:{port}  (Realtime API: ws{secure}://{shown}:{port}/v1/realtime)",
            flush=True,
        )
        print(f"Answers come from: {vasi.answers_come_from}", flush=True)
        code = None if vasi.accounts.has_local_user else await vasi.accounts.administration.first_code()
        if code is not None:
            print(f"There is no administrator yet: sign in and enter the code {code} under Account.", flush=True)
        if certificate is not None:
            print(f"Certificate for clients to trust: {certificate.chain}", flush=True)
        folders = [path for path in documents if _is_folder(path)]
        beside = [asyncio.create_task(_prepare(vasi, folders))]
        beside += [asyncio.create_task(bring(vasi, models))] if models else []
        try:
            await server.serve(sockets=[listening])
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


def _is_folder(path: Path) -> bool:
    return path.expanduser().is_dir() and os.access(path.expanduser(), os.R_OK | os.X_OK)


async def _prepare(vasi: Vasi, folders: list[Path]) -> None:
    """Read the folders and wait for the engines, while the server already answers."""
    from vasi.cli.reading import read
    from vasi.errors import VasiError

    try:
        if folders:
            await read(vasi, [str(folder) for folder in folders])
        await vasi.ready()
    except VasiError as error:
        logger.error("%s", error)
    else:
        # What is loaded now stays. To look through all of it for garbage would hold the event loop, and with it every
        # conversation, for longer than a tenth of a second.
        gc.freeze()
        print("Ready to answer. Ctrl-C stops.", flush=True)


def _stop_on_signals(server: Any, vasi: Vasi) -> None:
    def stop() -> None:
        vasi.stopping()
        server.force_exit = server.should_exit
        server.should_exit = True

    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda *_: stop())
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # A shell's background jobs ignore the Ctrl-C that is meant for another.
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop)
