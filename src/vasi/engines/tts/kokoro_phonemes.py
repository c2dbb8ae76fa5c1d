"""The alphabet in which Kokoro learned to speak (misaki's), made of the phonemes of espeak-ng with ties."""

from __future__ import annotations

import unicodedata

_ENGLISH = (
    ("ʔˌn̩", "ʔn"), ("ʔn̩", "ʔn"), ("ə^l", "ᵊl"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"), ("ʲo", "jo"), ("ʲə", "jə"), ("ʲ", ""), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɐ", "ə"),
    ("ɬ", "l"), ("\u0303", ""),
)  # fmt: skip
_AMERICAN = (("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"))
_BRITISH = (("e^ə", "ɛː"), ("iə", "ɪə"), ("ə^ʊ", "Q"), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"))
_OTHERS = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("s^s", "S"),
    ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("-", ""),
)  # fmt: skip
_SYLLABIC = "\u0329"


def kokoro_phonemes(ipa: str, voice: str) -> str:
    """``ipa``, with ``^`` as the tie, as espeak's ``voice`` has it, in Kokoro's letters."""
    ipa = unicodedata.normalize("NFD", ipa).replace("ç", "ç")
    changes = _OTHERS
    if voice.startswith("en"):
        changes = (*_ENGLISH, *(_BRITISH if voice.startswith("en-gb") else _AMERICAN))
    for old, new in changes:
        ipa = ipa.replace(old, new)
    while (at := ipa.find(_SYLLABIC)) > 0:
        ipa = f"{ipa[: at - 1]}ᵊ{ipa[at - 1]}{ipa[at + 1 :]}"
    return ipa.replace(_SYLLABIC, "").replace("^", "")
