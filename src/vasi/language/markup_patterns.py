r"""The marks of Markdown, HTML and citations, and how far each is looked for.

Those that begin with ``\A`` are given the part of the text in which they are looked for: so they can't be slow.
"""

from __future__ import annotations

import re

EMOJI = re.compile(
    "[\u20e3\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
    "\U000e0020-\U000e007f]+"
)
WORD = re.compile(r"[^\W_]+")
BLANKS = re.compile(r"[ \t]*")
INDENT = re.compile(r"[ \t]+")

# --- at the beginning of a line -------------------------------------------------------------------------------------
RULE = re.compile(r"[-=*_|:+ \t]{1,200}")
FENCE = re.compile(r"(?:`{3,10}|~{3,10})[^`\n]{0,80}\n")
FENCE_END = re.compile(r"\A(?:`{3,40}|~{3,40})[ \t]{0,40}(?=\n)")
HASHES = re.compile(r"#{1,7}")
BULLETS = "-*+•‣▪◦–"
NUMBER = re.compile(r"\(?\d{1,3}[.)](?=[ \t])")
NUMBER_BEGUN = re.compile(r"\(?\d{0,3}[.)]?")
CHECKBOX = re.compile(r"\[[ xX]\](?=\s)")

# --- within a line --------------------------------------------------------------------------------------------------
RUN = re.compile(r"`{1,10}|\*{1,10}|_{1,10}|~{1,10}|={1,10}")
BRACKETS = re.compile(r"\[(?:[^\[\]\n\\]++|\\[^\n]|\[[^\[\]\n]*+\])*+\]")
WIKI = re.compile(r"\[\[([^\[\]\n|]++)(?:\|([^\[\]\n|]++))?\]\]")
TARGET = re.compile(r"\A\((?:[^()\n\\]++|\\[^\n]|\((?:[^()\n]++|\([^()\n]*+\))*+\))*+\)")
REFERENCE = re.compile(r"\[[^\[\]\n]*+\]")
CITATION = re.compile(r"\A\[(?:\^[^\]\s]+|\d{1,3}(?: ?[,–-] ?\d{1,3}){0,20})\]")
SOURCE = re.compile(r"【\d{1,3}(?::\d{1,3})?(?:†[^】\n]{0,100})?】|\ue200[^\ue201\n]{0,110}\ue201")
RULE_CELL = re.compile(r"\|[ \t]*+:?-{3,}+:?[ \t]*+(?=[|\n])")
COMMENT = re.compile(r"\A<!--(?:[^-]++|-(?!->))*+-->")
ANGLES = re.compile(r"<([^<>\n]++)>")
TAG = re.compile(r"\A/?([A-Za-z][A-Za-z0-9-]*)(?=[\s/]|$)")
ADDRESS = re.compile(r"\A(?:mailto:)?([^\s@]+@[^\s@]+)")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
ENTITY_BEGUN = re.compile(r"&#?[0-9A-Za-z]{0,32}")
URL = re.compile(r"https?://(?=[^\s.,;:!?)])", re.IGNORECASE)
HOST = re.compile(r"[^\s/?#:@]+")
URL_LETTERS = re.compile(r"[^\s<>\"\[\]`|.,;:!?)'*_】”’»]+")
URL_MARKS = re.compile(r"[.,;:!?)'*_]{1,30}")
PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
STOPS = frozenset(".!?:;,…。！？：；、،؟")

LONGEST_TEXT = 500
"""Characters of a link's text that are waited for."""
LONGEST_TARGET = 2_000
LONGEST_TAG = 220
LONGEST_COMMENT = 600
