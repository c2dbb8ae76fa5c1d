"""Where settings come from: defaults < ``vasi.toml`` < environment < flags.

``vasi.toml`` is the one in the data directory, or the file that ``--config`` or ``VASI_CONFIG`` names. It is
never looked for in the working directory: a folder that somebody else made must not be able to say where
questions and keys are sent. In the environment a setting is ``VASI_`` + its name, with ``__`` between a table
and its key (``llm.base_url`` is ``VASI_LLM__BASE_URL``); ``..._API_KEY_FILE`` and ``..._CLIENT_SECRET_FILE`` name a
file that holds it, ``VASI_API_KEYS_FILE`` one that holds several. Below all these stand the variables of Azure OpenAI
and OpenAI; see ``vasi.config.provider_environment``.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

from pydantic import ValidationError

from vasi.config.provider_environment import Entry, plain, provider_entries
from vasi.config.settings import Settings, default_data, known_settings
from vasi.config.trust import require_trusted
from vasi.errors import ConfigError

_PREFIX = "VASI_"
_SECRETS = ("api_key", "authorization", "headers", "client_secret")
"""Parts of the names of settings whose values no message shows."""
_OF_TABLES = re.compile(r"(mcp|plugins|auth\.providers)(\.[^.]+)?|auth(\.proxy)?")
"""Tables whose keys may be tables with settings."""

Tree: TypeAlias = dict[str, Any]


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    assigned: Mapping[str, str] | None = None,
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from every source.

    Args:
        flags: values of options that have a setting's name; None means not given.
        assigned: values that ``--set`` gave, by dotted name (``{"llm.model": "x"}``); they count more.
        config: the file to read instead of the data directory's ``vasi.toml``.
        environ: the environment, ``os.environ`` by default.

    Raises:
        ConfigError: naming the key and where it was set.
    """
    environ = os.environ if environ is None else environ
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    from_flags = [(key, value, f"option --{key.replace('_', '-')}") for key, value in given.items()]
    from_flags += [(key, value, f"option --set {key}") for key, value in (assigned or {}).items()]
    from_environment = list(_environment(environ))
    if config is None and environ.get("VASI_CONFIG"):
        config = Path(environ["VASI_CONFIG"]).expanduser()
    values: Tree = {}
    origins: dict[str, str] = {}
    if config is None:
        _merge(values, origins, [entry for entry in (*from_environment, *from_flags) if entry[0] == "data"])
        folder = Path(str(values.get("data") or default_data())).expanduser()
        require_trusted(folder, param="data")
        from_file = list(_file(folder / "vasi.toml", required=False))
        if any(key == "data" for key, _, _ in from_file):
            raise ConfigError(
                f'"data" can\'t be set in {folder / "vasi.toml"}, which was found through it; use VASI_DATA or --data.',
                param="data",
            )
    else:
        from_file = list(_file(config, required=True))
    own = [*from_file, *from_environment, *from_flags]
    source, from_providers = provider_entries(environ, {key: value for key, value, _ in own})
    _merge(values, origins, [*from_providers, *own])
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _explain(error, origins) from None
    return settings.with_upstream_from(source) if source else settings


def _environment(environ: Mapping[str, str]) -> Iterator[Entry]:
    for variable, given in environ.items():
        # An empty variable means "not set": that is how compose files and shells leave things out.
        value = plain(given)
        if not variable.startswith(_PREFIX) or variable == "VASI_CONFIG" or not value:
            continue
        key = variable.removeprefix(_PREFIX).lower().replace("__", ".")
        origin = f"environment variable {variable}"
        if key.endswith(("api_key_file", "api_keys_file", "client_secret_file")):
            key = key.removesuffix("_file")
            try:
                value = Path(value).expanduser().read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it isn't text"
                raise ConfigError(f"The file in {variable} can't be read: {reason}.", param=key) from None
        yield key, value, origin


def _file(path: Path, *, required: bool) -> Iterator[Entry]:
    require_trusted(path)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise ConfigError(f"The settings file {path} doesn't exist; check --config or VASI_CONFIG.") from None
        return
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} isn't valid TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it isn't UTF-8 text"
        raise ConfigError(f"The settings file {path} can't be read: {reason}.") from None
    for key, value in _leaves(tree):
        yield key, value, str(path)


def _leaves(tree: Tree, above: str = "") -> Iterator[tuple[str, Any]]:
    """The settings of a file by their dotted names."""
    for key, value in tree.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and (not above or _OF_TABLES.fullmatch(name)):
            yield from _leaves(cast("Tree", value), f"{name}.")
        else:
            yield name, value


def _merge(values: Tree, origins: dict[str, str], entries: list[Entry]) -> None:
    known = known_settings()
    for key, value, origin in entries:
        if _documented(key) not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f'did you mean "{close[0]}"?' if close else "docs/reference/settings.md lists them all."
            raise ConfigError(f'There is no setting "{key}" ({origin}); {hint}', param=key)
        *tables, leaf = key.split(".")
        place = values
        for table in tables:
            place = place.setdefault(table, {})
        place[leaf] = value
        origins[key] = origin


def _documented(key: str) -> str:
    """The name of a setting in the documentation: users choose the names of some tables, and plug-ins their keys."""
    key = re.sub(r"^plugins\.[^.]+\.[^.]+$", "plugins.NAME.KEY", key)
    return re.sub(r"^(mcp|auth\.providers)\.[^.]+\.", r"\1.LABEL.", key)


def _explain(error: ValidationError, origins: Mapping[str, str]) -> ConfigError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    if not key:
        return ConfigError(f"The settings don't fit together: {reason}.")
    # What is missing from a table is told with the whole table, whatever else stands there.
    secret = first["type"] == "missing" or any(
        name in key for name in ("api_key", "authorization", "headers", "client_secret")
    )
    value = "" if secret or isinstance(first["input"], Mapping) else f" = {str(first['input'])!r}"
    if first["type"] == "missing":
        return ConfigError(f'The setting "{key}" is missing.', param=key)
    return ConfigError(f'The setting "{key}"{value} ({origins.get(key, "default")}) is wrong: {reason}.', param=key)
