"""Questions for the place in the documents: "which page tells about pruning", "where does it say ..."."""

from __future__ import annotations

import re

from vasi.language.terms import STOP_WORDS, words

_PART = r"(?:pages?|slides?|documents?|files?|chapters?|sections?|manuals?|handbooks?|guides?|texts?)"
_TELLS = (
    r"(?:(?:tells?|talks?|speaks?|says?)(?: (?:me|us))?(?: something| anything)?(?: about| of| on)?"
    r"|mentions?|describes?|explains?|covers?|discuss(?:es)?|deals? with|(?:is|are) (?:it )?about"
    r"|(?:has|have|contains?) (?:(?:something|anything|information|details) )?(?:about|on))"
)
_TOLD = r"(?:mentioned|described|explained|covered|discussed|written(?: down)?|documented|printed)"
_READ = r"(?:can|could|do|should) (?:i|we) (?:find|read|look up|learn)(?: (?:something|anything|more|out|information))*"
_IT = r"(?:it|they|(?:the|my|our|your|these|those) [\w-]+(?: [\w-]+)?)"

_QUESTIONS = tuple(
    re.compile(rf"(?![\s\S]{{301}}){question}[\s?.!]*+", re.IGNORECASE)
    for question in (
        rf"(?:on |in )?(?:which|what) {_PART}(?: of {_IT})? {_TELLS}(?: that)? (?P<topic>.+?)",
        rf"(?:on |in )?(?:which|what) {_PART} {_READ} about (?P<topic>.+?)",
        rf"(?:on |in )?(?:which|what) {_PART} (?:does|do) {_IT} (?:say|tell|mention|explain|describe|cover)"
        r"(?: (?:that|about))? (?P<topic>.+?)",
        rf"(?:on |in )?(?:which|what) {_PART} (?:is|are) (?P<topic>.+?) (?:on|in|{_TOLD}(?: on| in)?)",
        r"(?:on|in) (?:which|what) (?:pages?|slides?|chapters?|sections?) (?:is|are) (?P<topic>.+?)",
        rf"where (?:(?:does|do) {_IT} (?:say|tell|mention|explain|describe|cover)|(?:is it|does it stand) {_TOLD})"
        r"(?: (?:that|about|something about|anything about))? (?P<topic>.+?)",
        rf"where {_READ} about (?P<topic>.+?)",
        rf"where (?:is|are) (?P<topic>.+?) {_TOLD}",
    )
)


def sought(question: str) -> str | None:
    """What ``question`` wants to know the place of in the documents; "" if that is what was just said ("which page is
    that on"), None if it asks for something else.
    """
    for pattern in _QUESTIONS:
        if found := pattern.fullmatch(question.strip()):
            topic = found["topic"]
            return topic if any(word not in STOP_WORDS for word in words(topic)) else ""
    return None
