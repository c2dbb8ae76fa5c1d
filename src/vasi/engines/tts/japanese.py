"""How Japanese is pronounced: its characters read by Open JTalk, the readings in Kokoro's letters.

The letters are those of misaki (Apache-2.0), in which Kokoro learned the language.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from vasi.errors import EngineError

INSTALL: Final = "pip install 'vasi[japanese]'"

_ROWS: Final = (
    ("アイウエオ", "a i ɯ e o"), ("カキクケコ", "ka kʲi kɯ ke ko"), ("ガギグゲゴ", "ɡa ɡʲi ɡɯ ɡe ɡo"),
    ("サシスセソ", "sa ɕi sɨ se so"), ("ザジズゼゾ", "ʣa ʥi zɨ ʣe ʣo"), ("タチツテト", "ta ʨi ʦɨ te to"),
    ("ダヂヅデド", "da ʥi zɨ de do"), ("ナニヌネノ", "na ɲi nɯ ne no"), ("ハヒフヘホ", "ha çi ɸɯ he ho"),
    ("バビブベボ", "ba bʲi bɯ be bo"), ("パピプペポ", "pa pʲi pɯ pe po"), ("マミムメモ", "ma mʲi mɯ me mo"),
    ("ヤユヨ", "ja jɯ jo"), ("ラリルレロ", "ɾa ɾʲi ɾɯ ɾe ɾo"), ("ワヲヴ", "βa o vɯ"), ("ヰヱ", "i e"),
    ("ァィゥェォ", "a i ɯ e o"), ("ャュョヮヵヶ", "ja jɯ jo βa ka ke"),
)  # fmt: skip
_PALATAL: Final = (
    ("キギニヒビピミリ", "kʲ ɡʲ ɲ ç bʲ pʲ mʲ ɾʲ"), ("シジチヂ", "ɕ ʥ ʨ ʥ"),
)  # fmt: skip
_PAIRS: Final = {
    "ウィ": "βi", "ウェ": "βe", "ウォ": "βo", "ティ": "tʲi", "ディ": "dʲi", "テュ": "tʲɨ", "デュ": "dʲɨ", "トゥ": "tɯ",
    "ドゥ": "dɯ", "ファ": "ɸa", "フィ": "ɸʲi", "フェ": "ɸe", "フォ": "ɸo", "フュ": "ɸʲɨ", "ツァ": "ʦa", "ツィ": "ʦʲi",
    "ツェ": "ʦe", "ツォ": "ʦo", "ヴァ": "va", "ヴィ": "vʲi", "ヴェ": "ve", "ヴォ": "vo", "クァ": "kᵝa", "クィ": "kᵝi",
    "クェ": "kᵝe", "クォ": "kᵝo", "グァ": "ɡᵝa", "イェ": "je",
}  # fmt: skip
_NASALS: Final = (("mpb", "m"), ("kɡ", "ŋ"), ("ɲʨʥ", "ɲ"), ("ntdɾz", "n"))
_HIRAGANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def is_available() -> bool:
    """Whether Japanese characters can be read."""
    return find_spec("pyopenjtalk") is not None


@cache
def _kana() -> dict[str, str]:
    table = {
        kana: said for row, saids in _ROWS for kana, said in zip(row, saids.split(), strict=True)
    }  # fmt: skip
    for row, saids in _PALATAL:
        for kana, said in zip(row, saids.split(), strict=True):
            for small, vowel in (("ャ", "a"), ("ュ", "ɨ"), ("ョ", "o"), ("ェ", "e")):
                table[kana + small] = said + vowel
    return table | _PAIRS


def from_kana(text: str) -> str:
    """What is written in kana, in Kokoro's letters; anything else is left out."""
    table, said = _kana(), list[str]()
    text = text.translate(_HIRAGANA)
    at = 0
    while at < len(text):
        size = 2 if text[at : at + 2] in table else 1
        kana = text[at : at + size]
        if kana == "ー":
            said.append("ː")
        elif kana == "ッ":
            said.append("ʔ")
        elif kana == "ン":
            said.append(_nasal(table.get(text[at + 1 : at + 3]) or table.get(text[at + 1 : at + 2], "")))
        else:
            said.append(table.get(kana, ""))
        at += size
    return "".join(said)


def _nasal(following: str) -> str:
    return next((nasal for first, nasal in _NASALS if following[:1] and following[0] in first), "ɴ")


class JapaneseReader:
    """Reads characters in a thread of its own; its dictionary (100 MB) is loaded by the first text."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="japanese")

    async def pronounce(self, texts: Sequence[str]) -> list[str]:
        """Each of ``texts`` in Kokoro's letters, with spaces between words. Raises ``EngineError``."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _pronounce, tuple(texts))


def _pronounce(texts: Sequence[str]) -> list[str]:
    try:
        import pyopenjtalk  # pyright: ignore[reportMissingImports, reportMissingTypeStubs]
    except ImportError as error:
        raise EngineError(f"Japanese can't be read here: {INSTALL}") from error
    reader: Any = pyopenjtalk
    try:
        # The finer way to read rare characters needs another dictionary, and ten times as long.
        read = [reader.run_frontend(text, use_sudachi_kanji_yomi=False) for text in texts]
        return [" ".join(filter(None, map(_word, words))) for words in read]
    except Exception as error:
        raise EngineError(f"The Japanese text couldn't be read: {error!r}.") from error


def _word(node: Any) -> str:
    return "" if node["pos"] == "記号" else from_kana(str(node["pron"]))
