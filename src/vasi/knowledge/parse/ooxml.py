"""The elements of Office files by their local names, which are the same in the transitional and the strict dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias, cast

from lxml import etree as _etree  # pyright: ignore

# lxml has no stubs.
etree = cast(Any, _etree)
Element: TypeAlias = Any

_NO: Final = frozenset({"0", "false", "off", "none"})


def local_name(element: Element) -> str:
    """The name of an element without its namespace; "" for what is none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name; None if there is none."""
    if element is None:
        return None
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)
    return value


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children with one of these local names."""
    if element is not None:
        yield from (child for child in element if local_name(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at a path of local names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def number(element: Element | None, name: str = "val") -> int | None:
    """An attribute as a whole number; None if it is none."""
    try:
        return int(float(attribute(element, name) or ""))
    except (ValueError, OverflowError):
        return None


def is_on(element: Element | None) -> bool | None:
    """Is a property set that may be given without a value? None if it isn't given."""
    return None if element is None else (attribute(element, "val") or "").lower() not in _NO
