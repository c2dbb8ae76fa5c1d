"""Addresses, files, paths and code: what is written for machines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vasi.language.spoken.spoken_text import Change
from vasi.language.spoken.table import SpokenLanguage

_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_TOP = "com|org|net|edu|gov|info|io|dev|ai|app|eu|uk|de|fr|es|pt|br|it|nl|ch|at|jp|ca|us"
_DOMAIN = re.compile(rf"(?<![\w@./-])(?:[a-z0-9-]{{1,40}}\.){{1,4}}(?:{_TOP})(?![\w-])(?:/[\w./~%#-]{{0,200}})?")
_EXTENSIONS = (
    "pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|txt|md|csv|tsv|json|ya?ml|toml|ini|xml|html?|css|js|tsx?|py|rs|go|java|c|h"
    "|cpp|sh|sql|log|png|jpe?g|gif|svg|mp[34]|wav|zip|tar|gz|exe|epub|eml|ipynb|db|conf|cfg|env"
)
_FILE = re.compile(rf"(?<![\w/.@-])[\w-]{{1,80}}\.(?:[\w-]{{1,40}}\.)?(?:{_EXTENSIONS})\b(?![/.]?\w)")
_PATH = re.compile(
    r"(?<![\w/.~\\:-])(?:(?:~|\.{1,2})/[\w./+-]{1,200}|/[A-Za-z_][\w.+-]{0,80}(?:/[\w.+-]{1,80}){0,12}/?"
    r"|[A-Za-z]:\\[\w.\\-]{1,200}|[\w-]{1,60}(?:/[\w-]{1,60}){1,8}\.(?:[a-z]{1,5})\b)"
)
_VERSION = re.compile(r"(?<![\w.])(?P<v>[vV]\.?\s?)?(?P<number>\d{1,6}(?:\.\d{1,6}){0,5})(?![\w])(?!\.\d)")
_SNAKE = re.compile(r"(?<![\w.])[A-Za-z0-9]{1,40}(?:_[A-Za-z0-9]{1,40}){1,10}(?:\(\))?(?!\w)")
_CAMEL = re.compile(r"(?<![\w.])[a-z]{2,30}(?:[A-Z][a-z0-9]{1,30}){1,8}(?:\(\))?(?!\w)")
_CALL = re.compile(r"(?<=\w)\(\)")
_OPTION = re.compile(r"(?<!\S)(?P<dashes>--?)(?P<name>[A-Za-z][\w-]{0,40})(?P<value>=)?")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_QUERY = re.compile("[?#]")
_JOINTS = re.compile("[-_.]+")
_MARKS = ".,;:!?)]}'\"”’»"
_LONGEST_PATH = 40


def addresses(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Links and e-mail addresses."""
    for found in (*_URL.finditer(text), *_EMAIL.finditer(text), *_DOMAIN.finditer(text)):
        if said := found.group().rstrip(_MARKS):
            spoken = _email(said, language) if found.re is _EMAIL else _link(said, language)
            yield found.start(), found.start() + len(said), spoken


def _email(address: str, language: SpokenLanguage) -> str:
    name, _, host = address.removeprefix("mailto:").partition("@")
    return f"{_spell(name, language)} {language.words['at']} {_spell(host, language)}"


def _link(address: str, language: SpokenLanguage) -> str:
    bare = _QUERY.split(address.partition("://")[2] or address)[0].rstrip("/")
    host, slash, path = bare.removeprefix("www.").partition("/")
    # Nobody reads out more of an address than could be typed from hearing it.
    if slash and len(path) <= _LONGEST_PATH and not any(char.isdecimal() for char in path):
        return f"{_spell(host, language)} {language.words['slash']} {_spell(path, language)}"
    return _spell(host, language)


def _spell(name: str, language: SpokenLanguage) -> str:
    """A name with its marks."""
    words = language.words
    for mark, word in ((".", "dot"), ("/", "slash"), ("\\", "backslash"), ("_", "underscore"), ("-", "dash")):
        name = name.replace(mark, f" {words[word]} ")
    return " ".join(_CAPITAL.sub(" ", name).replace("+", f" {words['plus']} ").replace("%", " ").split())


def _file(name: str, language: SpokenLanguage) -> str:
    stem, _, extension = name.rpartition(".")
    said = _JOINTS.sub(" ", _CAPITAL.sub(" ", stem))
    spelled = (
        " ".join(extension.upper()) if len(extension) <= 4 and extension not in ("conf", "java", "env") else extension
    )
    return f"{said} {language.words['dot']} {spelled}"


def files(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Paths and the names of files."""
    for found in (*_PATH.finditer(text), *_FILE.finditer(text)):
        said = found.group().rstrip(".")
        yield found.start(), found.start() + len(said), (_path if found.re is _PATH else _file)(said, language)


def _path(path: str, language: SpokenLanguage) -> str:
    words = language.words
    path = path.replace("~", f"{words['tilde']} ").replace(":\\", f" {words['colon']} \\")
    return _spell(path, language)


def code(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Identifiers, calls and options."""
    for found in _SNAKE.finditer(text):
        if any(char.isalpha() for char in found.group()):
            yield (*found.span(), found.group().removesuffix("()").replace("_", " "))
    for found in _CAMEL.finditer(text):
        yield (*found.span(), _CAPITAL.sub(" ", found.group().removesuffix("()")))
    for found in _CALL.finditer(text):
        yield (*found.span(), " ")
    for found in _OPTION.finditer(text):
        name = found["name"].replace("-", " ")
        # A dash before a word may be one in a sentence.
        if len(found["dashes"]) == 2 or len(name) == 1 or found["value"]:
            dashes = " ".join([language.words["dash"]] * len(found["dashes"]))
            value = f" {language.signs.get('=', ' ')} " if found["value"] else ""
            yield (*found.span(), f"{dashes} {name}{value}")


def versions(text: str, language: SpokenLanguage) -> Iterator[Change]:
    """Versions and numeric addresses: what has more dots than a number, or a "v" before it."""
    words = language.words
    for found in _VERSION.finditer(text):
        parts = found["number"].split(".")
        if not found["v"] and len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
            continue  # a large number
        if len(parts) == 4 and all(int(part) < 256 for part in parts) and not found["v"]:
            yield (*found.span(), f" {words['dot']} ".join(parts))
        elif len(parts) > 2 or (found["v"] and found["v"].strip()):
            version = f"{words['version']} " if found["v"] else ""
            yield (*found.span(), version + f" {words['point']} ".join(parts))
