"""The weights in an ONNX file, read without onnx: the named float tensors, wherever in the graph they stand.

An ONNX file is a protobuf message. Of its many kinds of fields these few lead to the constants: model.graph (7),
graph.node (1), node.attribute (5), attribute.tensor (5) or attribute.graph (6), for the branches of an "if".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Weights: TypeAlias = dict[str, npt.NDArray[np.float32]]

_FLOAT = 1
_DEEPEST = 16
"""Graphs within graphs."""


def named_tensors(file: bytes) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Name and value of each float constant, in the order of the file; views of ``file``.

    Raises:
        ValueError: it's no ONNX file, or a damaged one.
    """
    try:
        for field, value in _fields(memoryview(file)):
            if field == 7:
                yield from _of_graph(_message(value), 0)
    except IndexError:
        raise ValueError("the file ends in the middle of a field") from None


def _of_graph(graph: memoryview, depth: int) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    if depth > _DEEPEST:
        raise ValueError("graphs are nested too deep")
    for node in _all(graph, 1):
        for attribute in _all(node, 5):
            for inner in _all(attribute, 6):
                yield from _of_graph(inner, depth + 1)
            for tensor in _all(attribute, 5):
                yield from _named(tensor)


def _named(tensor: memoryview) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    shape: list[int] = []
    kind, name, data = 0, "", None
    for field, value in _fields(tensor):
        match field:
            case 1 if isinstance(value, int):
                shape.append(value)
            case 2 if isinstance(value, int):
                kind = value
            case 8:
                name = bytes(_message(value)).decode()
            case 9:
                data = _message(value)
            case _:
                pass
    if name and kind == _FLOAT and data is not None:
        yield name, np.frombuffer(data, "<f4").reshape(shape)


def _all(message: memoryview, wanted: int) -> list[memoryview]:
    return [_message(value) for field, value in _fields(message) if field == wanted]


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message belongs")
    return value


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        match tag & 7:
            case 0:
                value, at = _varint(message, at)
                yield tag >> 3, value
                continue
            case 1:
                size = 8
            case 2:
                size, at = _varint(message, at)
            case 5:
                size = 4
            case kind:
                raise ValueError(f"there are no fields of kind {kind}")
        if at + size > len(message):
            raise IndexError(at + size)
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number is too long")
