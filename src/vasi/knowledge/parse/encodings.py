"""Which encoding a text has: what it declares, what its bytes show, what reads like a language.

UTF-8 shows itself, and so do UTF-16 and UTF-32: the text that they give is of one script. For the older
encodings chardet tells how much each reading looks like a language; readings that mix scripts within words, or
put signs between letters, are passed over. What is left undecided is refused: text that was read wrongly would be
found by no question.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from vasi.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the codec that it was read with (as Python calls it), and what there is to say about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer mark first: UTF-32's begins with UTF-16's."""
_WIDE: Final = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SUPERSETS: Final = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""What is declared under these names is often written in the larger one; where they agree nothing changes."""
_LEGACY: Final = (
    "Windows-1252", "Windows-1250", "Windows-1251", "Windows-1253", "Windows-1254", "Windows-1255", "Windows-1256",
    "Windows-1257", "Windows-1258", "CP874", "ISO-8859-2", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8",
    "ISO-8859-13", "iso8859-15", "KOI8-R", "koi8-u", "MacRoman", "MacCyrillic", "cp437", "cp850", "cp852", "IBM866",
    "GB18030", "Big5", "CP932", "EUC-JP", "CP949",
)  # fmt: skip
_WESTERN: Final = "cp1252"
_NAMES: Final = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp1258": "Windows-1258",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "cp874": "Thai (Windows-874)",
    "gb18030": "GB18030",
    "big5": "Big5",
    "big5hkscs": "Big5",
}
_DECLARATION: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})"""
    rb"""|<meta\s[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})"""
    rb"""|\\usepackage\s{0,9}\[([\w-]{2,20})\]\s{0,9}\{inputenc\}"""
    rb"""|coding[:=][ \t]{0,9}([\w.-]{2,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN: Final = 4_096
_TEX: Final = {
    "latin1": "cp1252", "latin2": "iso8859-2", "latin5": "iso8859-9", "latin9": "iso8859-15", "ansinew": "cp1252",
    "applemac": "mac-roman", "koi8-ru": "koi8-u", "utf8x": "utf-8",
}  # fmt: skip
_ESCAPES: Final = re.compile(rb"\x1b(?:\$[@B]|\$\([DC]|\(J)")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_SAMPLE: Final = 60_000
_WIDE_SAMPLE: Final = 65_536
_SUSPICIOUS: Final = 0.08
"""Share of the characters beyond ASCII that may look wrong."""
_LIKELIER: Final = 1.3
_LIKELIER_FEW: Final = 2.0
"""How much likelier than as Windows-1252 a text in Latin letters has to be; the second where few letters show it."""
_AS_LIKELY: Final = 0.9
"""Share of the likelihood at which a reading in other scripts makes the likeliest one doubtful."""
_FEW: Final = 6
_LONE: Final = 3
_TYPOGRAPHIC: Final = frozenset("“”„‘’‚«»‹›–—…•·°€£¥¢©®™§¶²³½¼¾¹ªº±×\xa0")
"""Signs that English text has beyond ASCII, though it has no letter of these."""
_LONG: Final = 50_000
_BROKEN: Final = 0.02
"""Share of the characters beyond ASCII that may be broken in a text that says how it is written."""
_REMEDY: Final = "open it in an editor, save it as UTF-8 and add that."


def is_text(data: bytes) -> bool:
    """Whether ``data`` is text in some encoding, rather than pictures, programs and the like."""
    if _mark_of(data) is not None:
        return True
    head = data[:_WIDE_SAMPLE]
    body = head.rstrip(b"\0") if len(data) <= _WIDE_SAMPLE else head
    if len(_CONTROLS.findall(body)) <= len(body) // 1000:
        return bool(body)
    return _wide(data) is not None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``.

    Args:
        data: what is to be read; a byte order mark isn't part of its text.
        declared: the name of its encoding by what it came with, such as the header of a mail. A text may also say it
            itself, as HTML, XML and LaTeX do.

    Raises:
        DocumentError: it can't be told how it is written. The message goes on after the file's name.
    """
    if (mark := _mark_of(data)) is not None:
        return Decoded(data.decode(mark, "replace").rstrip("\0"), mark)
    if (wide := _wide(data)) is not None:
        return Decoded(data[: len(data) - len(data) % _width(wide)].decode(wide, "replace").rstrip("\0"), wide)
    data = data.rstrip(b"\0")
    named = _codec(declared) or _codec(_declaration(data))
    if _ESCAPES.search(data, 0, _SAMPLE) and (named is None or named.startswith("iso2022")):
        return _decode_declared(data, named or "iso2022_jp_ext") or _refuse()
    if (decoded := _decode_utf8(data)) is not None:
        return decoded
    if named is not None and (decoded := _decode_declared(data, named)) is not None:
        return decoded
    return _decode_mixed(data) or _guess(data) or _refuse()


def _refuse() -> Decoded:
    raise DocumentError(f"is a text in an encoding that can't be told for sure: {_REMEDY}")


def _mark_of(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


# --- by declaration ---------------------------------------------------------------------------------------------------
def _declaration(data: bytes) -> str | None:
    match = _DECLARATION.search(data, 0, _DECLARED_WITHIN)
    if match is None:
        return None
    tex = match.group(3)
    name = next(group for group in match.groups() if group).decode("ascii", "replace")
    return _TEX.get(name.lower(), name) if tex else name


def _codec(name: str | None) -> str | None:
    """Python's name of the text codec ``name``, or of the larger one that it stands for; None if there is none."""
    if not name:
        return None
    try:
        info = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    try:
        "a".encode(info.name)
    except (LookupError, UnicodeError, ValueError, TypeError):
        return None  # it's none for text, such as base64
    if info.name in {"ascii", "utf-8", "utf-16", "utf-32", "idna", "punycode", "utf-7", *_WIDE}:
        return None  # these show themselves; what says so and isn't was declared wrongly
    if info.name in {"unicode_escape", "raw_unicode_escape", "rot13", "mbcs", "oem", "undefined"}:
        return None
    return _SUPERSETS.get(info.name, info.name)


def _decode_declared(data: bytes, encoding: str) -> Decoded | None:
    """By the declared encoding, unless more than a few characters aren't of it."""
    text = data.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if broken > 1 + _BROKEN * _beyond_ascii(text) or suspicion(text) > 0.5:
        return None
    return Decoded(text, encoding, _broken_note(broken))


def _decode_utf8(data: bytes) -> Decoded | None:
    """As UTF-8, if that's what it is for the most part: no other text looks like it by chance."""
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 0 and error.end == len(data):
            broken_at_end = data[: error.start].decode("utf-8")
            if _beyond_ascii(broken_at_end) > 1:
                return Decoded(broken_at_end, "utf-8", _broken_note(1))
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken > _BROKEN * 5 * _beyond_ascii(text):
        return None
    return Decoded(text, "utf-8", _broken_note(broken))


def _decode_mixed(data: bytes) -> Decoded | None:
    """Lines in UTF-8 among lines in one older encoding, as programs leave them that append to a file of another's."""
    lines = data.splitlines(keepends=True)
    high = [at for at, line in enumerate(lines) if _HIGH.search(line)]
    new = {at for at in high if _is_utf8(lines[at])}
    if not new or len(new) == len(high):
        return None
    as_new = b"".join(lines[at] for at in sorted(new)).decode("utf-8")
    old = _guess(b"".join(lines[at] for at in high if at not in new))
    # A short line of an East Asian encoding may look like UTF-8, but of another script.
    if old is None or suspicion(as_new) > _SUSPICIOUS or not _scripts(as_new) & _scripts(old.text):
        return None
    encoding = old.encoding
    text = "".join(line.decode("utf-8" if at in new else encoding, "replace") for at, line in enumerate(lines))
    name = _NAMES.get(encoding, encoding.upper())
    return Decoded(text, encoding, (f"Some of its lines are in UTF-8 and some in {name}; each was read in its own.",))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _broken_note(broken: int) -> tuple[str, ...]:
    if not broken:
        return ()
    return ("One character of it is broken." if broken == 1 else f"{broken:,} characters of it are broken.",)


# --- UTF-16 and UTF-32 without a mark ---------------------------------------------------------------------------------
def _width(encoding: str) -> int:
    return 4 if "32" in encoding else 2


def _wide(data: bytes) -> str | None:
    """Which of UTF-16 and UTF-32 it is, by text that has no controls and no unassigned characters read so."""
    head = data[:_WIDE_SAMPLE]
    if not _CONTROLS.search(head.rstrip(b"\0")):
        return None  # every such text has bytes of these values
    best: tuple[tuple[float, float], str] | None = None
    for encoding in _WIDE:
        width = _width(encoding)
        cut = head[: len(head) - len(head) % width]
        # A character may be cut in two at the end of the sample, and a file at any place.
        try:
            text = codecs.getincrementaldecoder(encoding)("strict").decode(cut).rstrip("\0")
        except UnicodeDecodeError:
            continue
        if not text or (share := _natural(text)) < 0.98:
            continue
        # English with its bytes swapped is all Chinese; Chinese that is swapped isn't all of one script.
        score = (sum(text.count(mark) for mark in _FREQUENT) / len(text), share)
        if best is None or score > best[0]:
            best = (score, encoding)
    return best[1] if best else None


def _natural(text: str) -> float:
    """The share of ``text`` that is of its main script, or of no script: digits, spaces, punctuation, ASCII."""
    scripts: dict[str, int] = {}
    neutral = 0
    for character in text:
        if character in "\n\r\t" or " " <= character <= "~":
            neutral += 1
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cn", "Co", "Cs"}:
            continue
        script = _script(character) if category[0] in "LM" else ""
        if script:
            scripts[script] = scripts.get(script, 0) + 1
        elif category[0] in "PZS":
            neutral += 1
    # Japanese and Korean are written in several.
    east_asian = sum(scripts.pop(script, 0) for script in _UNSPACED)
    return (neutral + max(east_asian, *scripts.values(), 0)) / len(text)


_FREQUENT: Final = " \n。、，,.aeio"


# --- by what reads like a language ------------------------------------------------------------------------------------
def _guess(data: bytes) -> Decoded | None:
    import chardet

    sample = _telling(data)
    if _is_typographic(sample):
        return _guessed(data, _WESTERN)
    western: float | None = None
    found: list[tuple[float, str]] = []
    for guess in chardet.detect_all(
        sample, ignore_threshold=True, include_encodings=_LEGACY, no_match_encoding="CP932"
    ):
        name = guess["encoding"]
        if name is None:
            continue
        encoding = codecs.lookup(name).name
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if suspicion(text) > _SUSPICIOUS:
            continue
        found.append((guess["confidence"], encoding))
        if encoding == _WESTERN:
            western = guess["confidence"]
    if not found:
        return None
    confidence, encoding = max(found, key=lambda one: one[0])
    scripts = _scripts(sample.decode(encoding))
    rivals = [_scripts(sample.decode(rival)) for other, rival in found if other > confidence * _AS_LIKELY]
    if any(scripts and rival and not scripts & rival for rival in rivals):
        return None
    if western is not None and scripts <= {"LATIN"}:
        few = len(_HIGH.findall(sample)) < _FEW
        if confidence < western * (_LIKELIER_FEW if few else _LIKELIER):
            encoding = _WESTERN
    return _guessed(data, encoding)


def _guessed(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, (f"It isn't UTF-8; it was read as {_NAMES.get(encoding, encoding.upper())}.",))


def _is_typographic(sample: bytes) -> bool:
    """Whether all beyond ASCII are a few signs that stand in English text, if it's read as Windows-1252."""
    high = _HIGH.findall(sample)
    if len(high) > _LONE and len(high) > len(sample) // 8:
        return False
    return {byte.decode(_WESTERN, "replace") for byte in high} <= _TYPOGRAPHIC


def _telling(data: bytes) -> bytes:
    """The lines that hold more than ASCII, up to ``_SAMPLE`` bytes: no line break is part of another character."""
    if len(data) <= _SAMPLE:
        return data
    lines: list[bytes] = []
    size = 0
    for line in data.splitlines(keepends=True):
        if _HIGH.search(line):
            lines.append(line[:_SAMPLE] if not lines else line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(lines)


def _scripts(text: str) -> set[str]:
    """The scripts of the letters beyond ASCII; those of East Asia count as one."""
    letters = {character for character in text if character > "\x7f" and character.isalpha()}
    scripts = {_script(character) for character in letters} - {""}
    return scripts - _UNSPACED | {"CJK"} if scripts & _UNSPACED else scripts


# --- how a reading looks ----------------------------------------------------------------------------------------------
def suspicion(text: str) -> float:
    """The share of the characters beyond ASCII that look as if ``text`` was read in a wrong encoding.

    That are controls and unassigned ones, letters of another script than their neighbours, capitals behind small
    letters, and signs between letters. The beginning of a long text stands for all of it.
    """
    beyond = wrong = 0
    before = " "
    text = text[:_LONG]
    for character, after in zip(text, [*text[1:], " "], strict=True):
        if character > "\x7f":
            beyond += 1
            wrong += _is_wrong(before, character, after)
        before = character
    return wrong / beyond if beyond else 0.0


def _is_wrong(before: str, character: str, after: str) -> bool:
    category = unicodedata.category(character)
    if category in {"Cc", "Cn", "Co", "Cs"} or character == "\ufffd":
        return True
    if category[0] in "LM":
        script = _script(character)
        if not script or script in _UNSPACED:
            return False
        if category == "Lu" and before.islower():
            return True
        return any(
            neighbour.isalpha() and _script(neighbour) not in (script, "", *_UNSPACED) for neighbour in (before, after)
        )
    if category in {"Sm", "So", "Sk", "No", "Sc", "Ps", "Pi"} or character in "¿¡¸´†‡‰ˆ˜ƒ":
        # A sign that belongs to the next word is never right behind a letter, as in "3 m²" or "Vasi®".
        return before.isalpha() and (after.isalpha() or category in {"Ps"})
    return False


_UNSPACED: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "FULLWIDTH", "KATAKANA-HIRAGANA"})
"""Scripts whose letters stand beside those of others without a space."""
_SCRIPTS: dict[str, str] = {}


def _script(character: str) -> str:
    """The script of a letter by the first word of its name; "" for those of none, such as "º"."""
    if character < "\x80":
        return "LATIN" if character.isalpha() else ""
    if character in "ªºµ":
        return ""
    known = _SCRIPTS.get(character)
    if known is None:
        known = _SCRIPTS[character] = unicodedata.name(character, "").partition(" ")[0]
    return known


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
