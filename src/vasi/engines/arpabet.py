"""From the IPA that espeak-ng writes for American English to the phones of the CMU dictionary, without stress."""

from __future__ import annotations

from collections.abc import Iterable

_VOWELS = {
    "iː": "IY", "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɛ": "EH", "æ": "AE", "ɑː": "AA", "ɑ": "AA", "ɔː": "AO", "ɔ": "AO",
    "ʊ": "UH", "uː": "UW", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɜː": "ER", "ɚ": "ER",
    "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY", "oʊ": "OW", "aʊ": "AW", "aɪə": "AY AH", "aɪɚ": "AY ER", "iə": "IY AH",
    "ɪɹ": "IH R", "ɛɹ": "EH R", "ɑːɹ": "AA R", "ɔːɹ": "AO R", "oːɹ": "AO R", "ʊɹ": "UH R", "əl": "AH L", "n̩": "AH N",
}  # fmt: skip
_CONSONANTS = {
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "f": "F", "v": "V", "θ": "TH", "ð": "DH",
    "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "m": "M", "n": "N", "ŋ": "NG", "l": "L", "ɬ": "L",
    "ɹ": "R", "r": "R", "j": "Y", "w": "W", "tʃ": "CH", "dʒ": "JH", "ɾ": "T", "ʔ": "T", "x": "K",
}  # fmt: skip
_STRESS = str.maketrans("", "", "ˈˌ")


def from_ipa(symbols: Iterable[str]) -> list[str] | None:
    """ARPABET phones of IPA ``symbols`` (one phoneme each), or None if English has no such sound."""
    phones: list[str] = []
    plain = [symbol for symbol in (raw.translate(_STRESS) for raw in symbols) if symbol]
    for index, symbol in enumerate(plain):
        following = plain[index + 1] if index + 1 < len(plain) else ""
        arpabet = _VOWELS.get(symbol) or _CONSONANTS.get(symbol)
        if arpabet is None:
            return None
        if symbol == "ɪ" and following in _VOWELS:
            # CMU hears the full vowel in "menial" and "polyester".
            arpabet = "IY"
        if arpabet == "R" and phones and phones[-1] == "ER":
            # The r of "hurry" is a part of CMU's ER.
            continue
        phones += arpabet.split()
    return phones or None
