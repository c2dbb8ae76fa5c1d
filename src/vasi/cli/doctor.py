"""``vasi doctor``: which engines will be used and why, and what would make it better."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from vasi.cli.options import Config, Data, Json, Set, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vasi.config import Settings
    from vasi.plugins import Candidate
    from vasi.storage.choice import StoreReport


def doctor(
    json: Json = False,
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure anew how fast each engine is here; takes some seconds.")
    ] = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Show which engines hear, think and speak, why these, what would make it better, their models, and the plug-ins.

    Exits with 1 if a part has no engine, so that vasi can't answer, or if the store can't be used as it is.

    For example:

    [dim]vasi doctor[/dim]
    [dim]vasi doctor -s llm.base_url=http://localhost:11434/v1 -s llm.model=qwen3[/dim]
    """
    from dataclasses import asdict

    from vasi.app import describe_engines, describe_plugins, talking_sessions
    from vasi.cli.terminal import print_json, stdout
    from vasi.engines.speed import measurable

    settings = load_settings(data, config, assignments)
    if measure:
        measure_engines(settings, measurable(settings))
    parts = [asdict(part) for part in describe_engines(settings)]
    added = [asdict(plugin) for plugin in describe_plugins()]
    models = _models(settings)
    missing = [model for model in models if model["recommended"] and not model["here"]]
    installation = {**_installation(settings), "server": describe_server(settings)}
    store = describe_store(settings)
    talking = talking_sessions(settings)
    if json:
        more = {"talking": talking, "store": asdict(store), "engines": parts, "models": models, "plugins": added}
        print_json({**installation, **more})
    else:
        console = stdout()
        for name, value in installation.items():
            console.print(f"{name:10}", style="dim", end=" ")
            console.print(value)
        if talking is not None:
            console.print(f"{'talking':10}", style="dim", end=" ")
            console.print(f"{talking} at a time; a further session is refused (limits.talking)")
        console.print("store     ", style="dim", end=" ")
        console.print(" ".join((store.place, *store.facts)))
        for problem in store.problems:
            console.print(f"  {problem}", style="red")
        for part in parts:
            label = _label(part["part"])
            console.print(f"\n{label}:", style="bold", end=" ")
            console.print(part["engine"] or "none", style="green" if part["engine"] else "red")
            console.print(f"  {part['why']}")
            if part["better"]:
                console.print(f"  Better: {part['better']}", style="dim")
            if part["seconds"]:
                console.print(f"  It takes {part['seconds']:.2f} s of a turn here.", style="dim")
            for line in _model_lines(part["part"], models):
                console.print(f"  {line}", style="dim")
        if missing:
            size = sum(model["bytes"] for model in missing) / 1e6
            console.print(f"\n{', '.join(model['name'] for model in missing)} ({size:.0f} MB) come with:", end=" ")
            console.print("vasi download", style="bold")
        for plugin in added:
            console.print(f"\nPlug-in {plugin['package']}:", style="bold", end=" ")
            console.print(f"{plugin['group']} {plugin['name']}".rstrip(), style="red" if plugin["problem"] else "green")
            if plugin["problem"]:
                console.print(f"  It can't be used: {plugin['problem']}.")
    if store.problems or not all(part["engine"] for part in parts):
        raise typer.Exit(1)


def describe_store(settings: Settings) -> StoreReport:
    """Where the store is, and whether it can be used."""
    import asyncio

    from vasi.storage.choice import examine_store

    return asyncio.run(examine_store(settings))


def measure_engines(settings: Settings, some: Sequence[Candidate]) -> None:
    """Measure how fast ``some`` engines are on this machine, and say so on the way."""
    import asyncio

    from vasi.cli.terminal import waiting
    from vasi.engines.speed import measure

    if some:
        with waiting(f"Measuring how fast {', '.join(one.name for one in some)} is here ..."):
            asyncio.run(measure(settings, some))


def _models(settings: Settings) -> list[dict[str, Any]]:
    """All models: where they are, if they are, and whether this machine should have them for the language set."""
    from vasi.engines.models import catalogue, folder
    from vasi.engines.models.recommended import missing, recommended

    lacking = missing(settings, catalogue())
    should = recommended(settings.language)
    return [
        {
            "name": model.name,
            "part": model.part,
            "bytes": model.bytes,
            "licence": model.licence,
            "folder": None if (place := folder(settings, model.name)) is None else str(place),
            "here": model not in lacking,
            "recommended": model in should,
        }
        for model in catalogue()
    ]


def _model_lines(part: str, models: list[dict[str, Any]]) -> list[str]:
    """What there is and what should be for ``part``."""
    here = [model["name"] for model in models if model["part"] == part and model["here"]]
    missing = [
        model["name"] for model in models if model["part"] == part and model["recommended"] and not model["here"]
    ]
    named = [("Models", here), ("Missing", missing)]
    return [f"{label}: {', '.join(names)}" for label, names in named if names]


def describe_server(settings: Settings) -> str:
    """Whether a server answers where the settings have it listen, and which of its parts aren't ready."""
    import http.client
    import json
    import urllib.error
    import urllib.request

    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    address = f"http://{host}:{settings.port}"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        try:
            reply = direct.open(f"{address}/readyz", timeout=2)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            answer = json.loads(reply.read(10_000))
    except ValueError:
        answer = None
    except (OSError, http.client.HTTPException):
        return f"none answers at {address}"
    if not isinstance(answer, dict) or "status" not in answer:
        return f"something other than vasi answers at {address}"
    waiting = [name for name, good in cast("dict[str, Any]", answer).items() if good is False]
    return f"runs at {address}, " + (f"not ready: {', '.join(waiting)}" if waiting else "ready")


def _label(part: str) -> str:
    from vasi.config import EngineSettings

    named = {"embedder": "Search by meaning", "backend": "What answers"}
    if part in named:
        return named[part]
    return (EngineSettings.model_fields[part].description or part).rstrip(".")


def _installation(settings: Settings) -> dict[str, Any]:
    from vasi import __version__

    size = settings.database.stat().st_size if settings.database.exists() else 0
    return {
        "vasi": __version__,
        "python": platform.python_version(),
        "data": f"{settings.data} ({size / 1e6:.1f} MB)" if size else f"{settings.data} (empty)",
    }
