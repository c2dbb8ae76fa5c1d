"""A trigram language model as sorted tables, and its binary file.

``write_trie`` and ``read_trie`` speak the "Trie Language Model" format of CMU Sphinx, which a decoder loads some twenty
times faster than ARPA text. The file holds n-grams *reversed* (last word first), so that a longer history is deeper::

    header     19 bytes of magic, order u8, one u32 count an order, u32 1
    quantizer  65,536 float32 each: bigram log-probabilities, bigram back-offs, trigram log-probabilities
    unigrams   (V + 1) x {log-probability f32, back-off f32, first bigram u32}
    bigrams    bit-packed {first word, back-off index u16, probability index u16, first trigram}, and one more
    trigrams   bit-packed {first word, probability index u16}
    words      u32 length, then the words, each ended by a zero byte

All logarithms in the file are to the base 1.0001; in the tables they are to the base 10.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ids: TypeAlias = npt.NDArray[np.int64]

_MAGIC = b"Trie Language Model"
_BASE = np.log10(1.0001)
_BINS = 65_536
_UNIGRAM = np.dtype([("log", "<f4"), ("backoff", "<f4"), ("next", "<u4")])
_NEVER = -99.0


@dataclass(frozen=True, slots=True)
class Trigrams:
    """A back-off trigram model over ``words``; ``V = len(words)``, a word's id is its place there.

    Attributes:
        words: the vocabulary, with ``<s>`` and ``</s>``.
        unigrams: float64[V], log10 P(w).
        unigram_backoffs: float64[V], log10 of the weight of P(w) after a word that is this one.
        bigrams: int64[n], ascending keys ``h * V + w`` of what has a probability of its own.
        bigram_logs: float64[n], log10 P(w | h).
        bigram_backoffs: float64[n], of the history ``h w``.
        trigrams: int64[m], ascending keys ``(g * V + h) * V + w``; ``g h`` and ``h w`` are among the bigrams.
        trigram_logs: float64[m], log10 P(w | g h).
    """

    words: tuple[str, ...]
    unigrams: Floats
    unigram_backoffs: Floats
    bigrams: Ids
    bigram_logs: Floats
    bigram_backoffs: Floats
    trigrams: Ids
    trigram_logs: Floats


def find(keys: Ids, wanted: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Where each of ``wanted`` lies in the ascending ``keys`` (0 where it doesn't), and whether it's there."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    there = keys[at] == wanted
    return np.where(there, at, 0), there


def write_trie(model: Trigrams, path: Path) -> None:
    """Write ``model`` so that PocketSphinx can load it.

    Raises:
        OSError: the file can't be written.
    """
    size = len(model.words)
    head, tail = np.divmod(model.bigrams, size)
    bigram_order = np.lexsort((head, tail))
    rank = np.empty(len(bigram_order), np.int64)
    rank[bigram_order] = np.arange(len(bigram_order))

    context, last = np.divmod(model.trigrams, size)
    first, middle = np.divmod(context, size)
    suffix = rank[find(model.bigrams, middle * size + last)[0]]
    trigram_order = np.lexsort((first, suffix))

    bigram_bins, bigram_at = _quantize(model.bigram_logs)
    backoff_bins, backoff_at = _quantize(model.bigram_backoffs)
    trigram_bins, trigram_at = _quantize(model.trigram_logs)

    unigrams = np.zeros(size + 1, _UNIGRAM)
    unigrams["log"][:size] = np.maximum(model.unigrams, _NEVER) / _BASE
    unigrams["backoff"][:size] = model.unigram_backoffs / _BASE
    unigrams["next"] = np.searchsorted(tail[bigram_order], np.arange(size + 1))
    children = np.searchsorted(suffix[trigram_order], np.arange(len(bigram_order) + 1))

    word_bits, next_bits = size.bit_length(), len(model.trigrams).bit_length()
    names = b"".join(word.encode() + b"\0" for word in model.words)
    extra = np.zeros(1, np.int64)
    with path.open("wb") as file:
        file.write(_MAGIC)
        file.write(struct.pack("<B4I", 3, size, len(model.bigrams), len(model.trigrams), 1))
        for bins in (bigram_bins, backoff_bins, trigram_bins):
            file.write((bins / _BASE).astype("<f4").tobytes())
        file.write(unigrams.tobytes())
        file.write(
            _pack(
                (np.append(head[bigram_order], extra), word_bits),
                (np.append(backoff_at[bigram_order], extra), 16),
                (np.append(bigram_at[bigram_order], extra), 16),
                (children, next_bits),
            )
        )
        file.write(
            _pack(
                (np.append(first[trigram_order], extra), word_bits),
                (np.append(trigram_at[trigram_order], extra), 16),
            )
        )
        file.write(struct.pack("<I", len(names)))
        file.write(names)


def read_trie(path: Path) -> Trigrams:
    """Read a trigram model that PocketSphinx could load, such as the one that ships with it.

    Raises:
        OSError: the file can't be read.
        ValueError: it isn't a trigram trie.
    """
    raw = path.read_bytes()
    if raw[: len(_MAGIC)] != _MAGIC or raw[len(_MAGIC)] != 3:
        raise ValueError(f"{path} is no trigram model in the trie format")
    at = len(_MAGIC) + 1
    size, pairs, triples, _ = struct.unpack_from("<4I", raw, at)
    at += 16
    bins = np.frombuffer(raw, "<f4", 3 * _BINS, at).reshape(3, _BINS) * _BASE
    at += 12 * _BINS
    unigrams = np.frombuffer(raw, _UNIGRAM, size + 1, at)
    at += unigrams.nbytes
    word_bits, next_bits = size.bit_length(), triples.bit_length()
    width = word_bits + 32 + next_bits
    packed = np.frombuffer(raw, np.uint8)
    head, backoff, log, children = _unpack(packed[at:], pairs + 1, (word_bits, 16, 16, next_bits))
    at += ((pairs + 1) * width + 7) // 8 + 8
    first, trigram_log = _unpack(packed[at:], triples, (word_bits, 16))
    at += ((triples + 1) * (word_bits + 16) + 7) // 8 + 8
    length = struct.unpack_from("<I", raw, at)[0]
    words = tuple(raw[at + 4 : at + 4 + length].decode().split("\0")[:-1])

    first_bigrams: Ids = unigrams["next"].astype(np.int64)
    used = int(first_bigrams[-1])  # PocketSphinx's own writer may count a few bigrams too many
    tail = np.repeat(np.arange(size), np.diff(first_bigrams))
    head, backoff, log = head[:used], backoff[:used], log[:used]
    bigrams = head * size + tail
    suffix = np.repeat(np.arange(used), np.diff(children[: used + 1]))
    trigrams = (first * size + head[suffix]) * size + tail[suffix]
    order, order3 = np.argsort(bigrams), np.argsort(trigrams)
    return Trigrams(
        words=words,
        unigrams=unigrams["log"][:-1] * _BASE,
        unigram_backoffs=unigrams["backoff"][:-1] * _BASE,
        bigrams=bigrams[order],
        bigram_logs=bins[0][log[order]],
        bigram_backoffs=bins[1][backoff[order]],
        trigrams=trigrams[order3],
        trigram_logs=bins[2][trigram_log[order3]],
    )


def _quantize(logs: Floats) -> tuple[Floats, Ids]:
    """Even bins over the range of ``logs``, and the bin of each."""
    low, high = (float(logs.min()), float(logs.max())) if len(logs) else (-1.0, 0.0)
    step = max(high - low, 1e-6) / (_BINS - 1)
    return low + step * np.arange(_BINS, dtype=np.float64), np.rint((logs - low) / step).astype(np.int64)


def _pack(*fields: tuple[Ids, int]) -> bytes:
    """Entries of bit fields, least significant bit first, without gaps; then 8 spare bytes, as readers overrun."""
    width = sum(bits for _, bits in fields)
    count = len(fields[0][0])
    parts: list[bytes] = []
    step = 1 << 13
    for start in range(0, count, step):
        columns = [(values[start : start + step, None] >> np.arange(bits)) & 1 for values, bits in fields if bits]
        parts.append(np.packbits(np.concatenate(columns, axis=1).astype(np.uint8), bitorder="little").tobytes())
    assert sum(map(len, parts)) == (count * width + 7) // 8
    return b"".join(parts) + bytes(8)


def _unpack(raw: npt.NDArray[np.uint8], count: int, widths: Sequence[int]) -> list[Ids]:
    width = sum(widths)
    fields = [np.empty(count, np.int64) for _ in widths]
    step = 1 << 13
    for start in range(0, count, step):
        entries = min(step, count - start)
        block = raw[start * width // 8 : (start * width + entries * width + 7) // 8]
        bits = np.unpackbits(block, bitorder="little")[: entries * width].reshape(entries, width)
        column = 0
        for field, size in zip(fields, widths, strict=True):
            field[start : start + entries] = bits[:, column : column + size] @ (1 << np.arange(size, dtype=np.int64))
            column += size
    return fields
