"""What form an answer has to have: a list, steps, a yes or no, the gist of a section."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["steps", "list", "verdict", "gist", "sentence"]
"""``verdict`` is a yes or no, ``gist`` the beginning of the section that is asked about."""

_LONGEST = 400  # characters of a question that are looked at

_STEPS = re.compile(
    r"(?:and |so |ok(?:ay)?,? )?(?:"
    r"how (?:do|does|can|could|should|would|must|shall|to|is|are)\b(?! (?:many|much|long|often)\b)"
    r"|what (?:are|is) the (?:\w+ )?(?:steps?|procedures?|process|instructions?)\b"
    r"|which steps\b|what (?:steps|do (?:i|we|you) (?:have|need) to do)\b|(?:the )?(?:steps|instructions) (?:to|for)\b"
    r"|wie (?:kann|können|muss|soll|geht|macht|wird|werden|mache|lässt)\b"
    r"|comment\b|cómo\b|como\b|どうやって|どのように|كيف"
    r")",
    re.IGNORECASE,
)
_PLURAL = r"(?:(?!is |was |does |has )[\w'-]+ ){0,3}?(?!is\b|was\b|does\b|has\b|its\b|this\b)[\w'-]+s\b"
_LIST = re.compile(
    r"(?:and |so |ok(?:ay)?,? )?(?:"
    r"(?:please )?(?:list|name|enumerate|read|give me|tell me|show me)(?: me)?(?: all)?(?: of)?"
    r"(?: the| your| my| our)? "
    rf"{_PLURAL}"
    rf"|(?:what|which) (?:(?:are|were) (?:all )?(?:the |my |your |our |its |their )?(?!used\b){_PLURAL}|"
    rf"(?:kinds?|types?|sorts?) of\b|{_PLURAL})"
    r"|what (?:is|are|isn't|aren't|was|were|will be|can be|must be|may be)(?: not| never)?(?: also)? (?:\w+ly )?"
    r"(?:covered|included|excluded|exempt|allowed|forbidden|prohibited|permitted|required|needed|provided|offered"
    r"|available|considered|reimbursed|insured|supported)\b"
    r"|what (?:does|do|did|will|can|should|must|may|can't|cannot|shouldn't|mustn't)\b.{0,80}?\b(?:cover|include"
    r"|exclude|offer|contain|consist of|provide|bring|need|require|reimburse|support|pack|wear|expense|promise"
    r"|guarantee|prohibit|forbid|recommend|there be)\b"
    r"|what (?:is|are) there\b|what (?:else )?(?:counts|belongs)\b|who are\b|(?:what|which) (?:things|items)\b"
    r"|(?:welche[rsn]?|quels|quelles|cuáles|quais)\b"
    r")",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?:and |so |but |ok(?:ay)?,? )?(?:is|are|was|were|am|do|does|did|can|could|may|might|must|shall|should|will|would"
    r"|has|have|had|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|can't|couldn't|mustn't|shouldn't|won't|wouldn't"
    r"|hasn't|haven't)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_GIST = re.compile(
    r"(?:(?:please )?(?:tell me|what do you know|what does it say|what (?:does|do) (?:\w+ ){1,4}say)"
    r" (?:something )?about\b"
    r"|what (?:is|are|was|were) (?:\S+ ){1,8}?about$"
    r"|what (?:is|are) (?:the )?(?:\S+ ){0,6}?(?:policy|policies|rules?|guidelines?|regulations?)\b)",
    re.IGNORECASE,
)
_TRAILING = " \t\r\n?.!"


def asked_form(question: str) -> Form:
    """The form of the answer to ``question``."""
    asked = question.strip()[:_LONGEST].rstrip(_TRAILING)
    if _VERDICT.match(asked):
        return "sentence" if _CHOICE.search(asked) else "verdict"
    if _STEPS.match(asked):
        return "steps"
    if _GIST.match(asked):
        return "gist"
    return "list" if _LIST.match(asked) else "sentence"


_NOT = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|without|cannot|except|excludes?|excluded|excluding|exclusions?|exempt"
    r"|forbidden|prohibited|banned|unless|exceptions?)\b|\b\w+n['’]t\b",
    re.IGNORECASE,
)

_NO_DENIAL = re.compile(
    r"\bnot (?:limited to|only|least)\b|\b(?:whether|why) or not\b|\bno (?:later|more|less|fewer|matter|longer|doubt)\b"
    r"|\bwithout (?:charge|cost|limit|delay)\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether ``text`` says "not" in one of its ways; "not limited to" and "not only" deny nothing."""
    return _NOT.search(_NO_DENIAL.sub(" ", text)) is not None


_TITLES = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Doctor|Sir|Herrn?|Frau|Hr|Fr|Señora?|Sra?|Mme|Mlle|Monsieur|Madame|Signora?"
    r"|Sig|Dott|Dra)\.? (?=[A-ZÀ-ÖØ-Þ][^\W\d_])"
)


def without_titles(question: str) -> str:
    """``question`` with names without their titles: documents say "Eva Lang" of "Dr. Lang"."""
    return _TITLES.sub("", question)
