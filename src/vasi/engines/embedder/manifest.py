"""What there is to know of a sentence encoder besides its files.

A folder of one's own has it in ``manifest.json``, which names the SHA-256 of the files, so that what runs is what was
meant; a BERT tokenizer is a ``vocab.txt``, one of XLM-RoBERTa a ``tokenizer.json``::

    {"name": "all-MiniLM-L6-v2-int8",
     "sha256": {"model.onnx": "...", "vocab.txt": "..."},
     "pooling": "mean", "max_tokens": 256, "threshold": 0.45}
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from vasi.errors import ConfigError

MODEL = "model.onnx"
WORDPIECE, UNIGRAM = TOKENIZERS = ("vocab.txt", "tokenizer.json")
"""Files that a tokenizer is read from."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``manifest.json`` says.

    Attributes:
        name: of the model; vectors are kept under it.
        sha256: hex digest of each file.
        pooling: how token vectors become one: their mean, or the first one.
        max_tokens: longer texts are cut.
        threshold: cosine from which on a passage most likely answers a question.
        contrast: how much a cosine beyond the threshold says, beside that of MiniLM: of a model whose cosines lie close
            together, little is much.
        multilingual: whether it finds what means the same in another language.
        query_prefix: put before questions.
        passage_prefix: put before passages.
    """

    name: str
    sha256: dict[str, str]
    pooling: Literal["mean", "first"] = "mean"
    max_tokens: int = 256
    threshold: float = 0.45
    contrast: float = 1.0
    multilingual: bool = False
    query_prefix: str = ""
    passage_prefix: str = ""

    @property
    def tokenizer(self) -> str:
        """The file that the tokenizer is read from."""
        return next((name for name in TOKENIZERS if name in self.sha256), WORDPIECE)


CATALOGUE: Mapping[str, Manifest] = {
    "minilm-l6": Manifest("minilm-l6", {WORDPIECE: ""}),
    "multilingual-e5-small": Manifest(
        "multilingual-e5-small",
        {UNIGRAM: ""},
        max_tokens=384,
        threshold=0.82,
        contrast=4.0,
        multilingual=True,
        query_prefix="query: ",
        passage_prefix="passage: ",
    ),
}
"""The encoders of the catalogue of models, those first that are taken first where several are there; the receipt of the
download has the digests."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``, after comparing all files that it names. Reads them: not for the event loop.

    Raises:
        ConfigError: a file is missing, or isn't the one that the manifest names.
    """
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        for name in (MODEL, manifest.tokenizer):
            with (folder / name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != manifest.sha256.get(name, "").lower():
                raise ValueError(f"{name} isn't the file that manifest.json names: fetch it again")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The embedder in {folder} can't be loaded: {error}.") from error
    return manifest


def catalogue_manifest(name: str, digests: Mapping[str, str]) -> Manifest:
    """The manifest of the model ``name`` of the catalogue, whose files have these digests.

    There may be several exports of a model: their vectors differ a little, so each is a model of its own.
    """
    known = CATALOGUE[name]
    return msgspec.structs.replace(known, name=f"{name}/{digests[MODEL][:12]}", sha256=dict(digests))
