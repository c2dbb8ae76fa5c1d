"""Prompts that the server keeps: clients name them, and never see them.

A prompt is a file in the prompts folder, ``NAME.md`` (its text alone) or ``NAME.toml``::

    title = "Guide"
    description = "Shows visitors around."
    default = "2"                        # else the last version

    [versions.1]
    text = "You show {{visitor}} around."

    [versions.2]
    text = "You show {{visitor}} around, in {{manner}} sentences."
    variables = { manner = "short" }     # values of variables that a client may leave out

Files are read when they are asked for, so that a change holds from the next session on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from vasi.errors import ClientError, ConfigError
from vasi.protocol.session import Prompt

FILE_BYTES = 256 * 1024
TEXT_CHARACTERS = 131_072
"""Of a prompt with its variables filled in, as of instructions."""
PROMPTS = 1000
"""Files in the folder that are looked at."""
SUFFIXES = (".toml", ".md")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version's text, and values for variables that clients may leave out."""

    text: str
    variables: dict[str, str] = msgspec.field(default_factory=dict[str, str])

    @property
    def names(self) -> list[str]:
        """The variables in the text, in order."""
        return list(dict.fromkeys(_VARIABLE.findall(self.text)))

    @property
    def missing(self) -> list[str]:
        """The variables that a client has to fill in."""
        return [name for name in self.names if name not in self.variables]


class StoredPrompt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A prompt with all its versions."""

    versions: Annotated[dict[str, Version], Meta(min_length=1, max_length=100)]
    title: str = ""
    description: str = ""
    default: str | None = None

    @property
    def current(self) -> str:
        """The version that clients get who name none."""
        return self.default or list(self.versions)[-1]


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts of a folder; without one there are none."""

    folder: Path | None = None

    def listed(self) -> dict[str, StoredPrompt]:
        """All prompts by id. Raises ``ConfigError`` for one that can't be read."""
        if self.folder is None or not self.folder.is_dir():
            return {}
        names = sorted({path.stem for path in self.folder.iterdir() if path.suffix in SUFFIXES})
        prompts = ((name, self._read(name)) for name in names[:PROMPTS] if _ID.fullmatch(name))
        return {name: prompt for name, prompt in prompts if prompt is not None}

    def text(self, prompt: Prompt, param: str) -> str:
        """The instructions that ``prompt`` stands for; ``param`` is where it was named.

        Raises:
            ClientError: there is no such prompt or version, or the variables don't fit.
        """
        try:
            stored = self._read(prompt.id) if _ID.fullmatch(prompt.id) else None
        except ConfigError:
            text = f"The prompt '{prompt.id}' can't be read; 'vasi prompts' on the server tells why."
            raise ClientError(text, code="prompt_not_found", param=f"{param}.id") from None
        if stored is None:
            raise ClientError(
                f"There is no prompt '{prompt.id}' on this server.", code="prompt_not_found", param=f"{param}.id"
            )
        number = prompt.version if isinstance(prompt.version, str) else stored.current
        version = stored.versions.get(number)
        if version is None:
            existing = ", ".join(f"'{name}'" for name in stored.versions)
            text = f"The prompt '{prompt.id}' has no version '{number}'; there are: {existing}."
            raise ClientError(text, code="prompt_version_not_found", param=f"{param}.version")
        given = prompt.variables if isinstance(prompt.variables, dict) else {}
        return _filled(prompt.id, version, given, f"{param}.variables")

    def _read(self, name: str) -> StoredPrompt | None:
        for suffix in SUFFIXES:
            path = (self.folder or Path()) / f"{name}{suffix}"
            if self.folder is not None and path.is_file():
                return _parsed(path)
        return None


def _parsed(path: Path) -> StoredPrompt:
    try:
        if path.stat().st_size > FILE_BYTES:
            raise ConfigError(f"The prompt {path} is larger than {FILE_BYTES // 1024} KiB.")
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            heading = re.match(r"# (.+)\n+", text)
            return StoredPrompt({"1": Version(text)}, title=heading.group(1).strip() if heading else "")
        prompt = msgspec.convert(tomllib.loads(text), StoredPrompt)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"The prompt {path} can't be read: {error}.") from None
    if prompt.default is not None and prompt.default not in prompt.versions:
        raise ConfigError(f"The prompt {path} has no version '{prompt.default}', which its 'default' names.")
    return prompt


def _filled(name: str, version: Version, given: Mapping[str, Any], param: str) -> str:
    names = version.names
    for variable in given:
        if variable not in names:
            text = f"The prompt '{name}' has no variable '{variable}'."
            raise ClientError(text, code="unknown_parameter", param=f"{param}.{variable}")
    values = dict(version.variables)
    for variable, value in given.items():
        values[variable] = _value(value, f"{param}.{variable}")
    for variable in names:
        if variable not in values:
            text = f"The prompt '{name}' needs the variable '{variable}'."
            raise ClientError(text, code="missing_required_parameter", param=f"{param}.{variable}")
    filled = _VARIABLE.sub(lambda found: values[found.group(1)], version.text)
    if len(filled) > TEXT_CHARACTERS:
        raise ClientError(f"The prompt would be longer than {TEXT_CHARACTERS} characters.", param=param)
    return filled


def _value(value: Any, param: str) -> str:
    match value:
        case str():
            return value
        case {"type": "input_text", "text": str(text)}:
            return text
        case {"type": str(kind)} if kind in {"input_image", "input_file"}:
            raise ClientError("Variables are text here; pictures and files can't stand in a prompt.", param=param)
        case _:
            text = "A variable is a string or {'type': 'input_text', 'text': …}."
            raise ClientError(text, code="invalid_type", param=param)
