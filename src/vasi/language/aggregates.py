"""Questions over many records: how many, which all, which is the most, which of two, how much together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Operation: TypeAlias = Literal["count", "list", "largest", "smallest", "compare", "total", "average"]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is asked of records.

    Attributes:
        operation: what to do with those that fit.
        kind: the words for what is counted or listed: "closed projects".
        quality: the word that says by what is compared: "longest" is "long"; "" if none does.
        names: the two that are compared.
    """

    operation: Operation
    kind: str
    quality: str = ""
    names: tuple[str, ...] = ()


_LONGEST = 200  # characters
_COUNT = re.compile(
    r"(?:how many|(?:what is )?the number of) (?P<kind>.{1,150}?)"
    r"(?: (?:are|is|were) (?:there|listed|mentioned|in total))?"
    r"(?: (?:in total|altogether))?",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?:(?:please )?(?:list|name|enumerate|give me|show me|tell me)(?: me)? (?:all|every)(?: of)?(?: the| our| my)?"
    r"|what are all(?: of)? the|which are(?: all)? the) (?P<kind>.{1,150})",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"which(?: of (?:the|our|my))? (?P<kind>(?:\w+ ){0,2}?(?!is\b|was\b|has\b|does\b|costs\b)\w+s\b.{0,120})",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"(?:which|what|who) (?P<kind>.{0,80}?)\s?(?:is|are|has|have|had|was|were|costs?|weighs?|lasts?)? ?(?:the )?"
    r"(?P<quality>most expensive|least expensive|most|least|fewest|\w{3,}est|best|worst)\b(?P<rest>.{0,80})",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"(?:which|what|who)(?: of (?:them|the two))? (?P<verb>is|are|has|have|costs?|weighs?|was|lasts?) (?:the )?"
    r"(?P<quality>more expensive|less expensive|more|less|fewer|\w{2,}er)\b(?P<kind>[^,:?]{0,60})"
    r"[,:]? (?P<one>.{1,60}?)"
    r" or (?P<other>.{1,60})",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:what is |what's |how much is |how high is )?(?:the )?(?P<operation>total|sum|average|mean)(?: of)?(?: all)?"
    r"(?: the| our| my)? (?P<kind>.{1,150})",
    re.IGNORECASE,
)
_IRREGULAR = {
    "best": "good", "worst": "bad", "most": "", "least": "", "fewest": "", "more": "", "less": "", "fewer": "",
    "most expensive": "cost", "least expensive": "cost", "more expensive": "cost", "less expensive": "cost",
}  # fmt: skip
_OF_VERB = {"cost": "cost", "weigh": "heavy", "last": "long"}
_SMALL_WORDS = "least fewest less fewer cheap short small low light young early near weak slow few narrow thin"
_SMALL = frozenset(_SMALL_WORDS.split())
_PRICE = "cost price fee rate amount rent fare charge"
_OF_QUALITY = {
    "long": "length duration time", "short": "length duration time", "cheap": _PRICE,
    "dear": "cost price", "cost": _PRICE, "expensive": _PRICE,
    "heavy": "weight", "light": "weight", "tall": "height", "high": "height price level rate amount",
    "low": "price rate amount level height", "old": "age year date built born founded opened",
    "young": "age year date born",
    "new": "year date added built", "late": "date time end year", "early": "date time start year",
    "large": "size area capacity amount", "big": "size area amount", "small": "size area amount", "fast": "speed",
    "slow": "speed", "wide": "width", "narrow": "width", "deep": "depth", "strong": "power strength",
    "near": "distance", "far": "distance", "good": "score rating grade", "bad": "score rating grade",
    "hot": "temperature", "cold": "temperature",
}  # fmt: skip


def asked_aggregate(question: str) -> Aggregate | None:
    """What ``question`` asks over many records; None if it asks for one thing.

    "How many" and "which" are asked of single records as well: whoever knows the records tells.
    """
    asked = " ".join(question.split()).strip(" .!?")
    if len(asked) > _LONGEST:
        return None
    if found := _COMPARE.fullmatch(asked):
        quality = _plain(found["quality"]) or _OF_VERB.get(found["verb"].lower().rstrip("s"), "")
        operation = "smallest" if _is_small(found["quality"]) else "largest"
        return Aggregate(operation, found["kind"].strip(), quality, (found["one"].strip(), found["other"].strip()))
    if found := _COUNT.fullmatch(asked):
        return Aggregate("count", found["kind"])
    if found := _TOTAL.fullmatch(asked):
        average = found["operation"].lower() in ("average", "mean")
        return Aggregate("average" if average else "total", found["kind"])
    if found := _SUPERLATIVE.fullmatch(asked):
        operation = "smallest" if _is_small(found["quality"]) else "largest"
        return Aggregate(operation, f"{found['kind']} {found['rest']}".strip(), _plain(found["quality"]))
    if found := _LIST.fullmatch(asked):
        return Aggregate("list", found["kind"])
    found = _WHICH.fullmatch(asked)
    return Aggregate("list", found["kind"]) if found else None


def columns_of(quality: str) -> frozenset[str]:
    """The words for a column that says how ``quality`` something is: "long" is told by its length."""
    return frozenset(_OF_QUALITY.get(quality, quality).split())


def _is_small(word: str) -> bool:
    lowered = word.lower()
    return lowered.startswith(("least", "less", "few")) or _plain(lowered) in _SMALL


def _plain(word: str) -> str:
    """``longest`` and ``longer`` are ``long``, ``heaviest`` is ``heavy``, ``biggest`` is ``big``."""
    lowered = word.lower()
    if lowered in _IRREGULAR:
        return _IRREGULAR[lowered]
    root = lowered.removesuffix("est").removesuffix("er")
    if root.endswith("i"):
        return f"{root[:-1]}y"
    if len(root) > 2 and root[-1] == root[-2]:
        return root[:-1]
    return root if root in _OF_QUALITY else f"{root}e" if f"{root}e" in _OF_QUALITY else root
