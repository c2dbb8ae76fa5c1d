"""Whether somebody who speaks while somebody else does wants to be heard, or only shows that they listen."""

from __future__ import annotations

from vasi.language.terms import words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SOUNDS = _words("""
    uh um er erm hm hmm mm mhm mmm huh ah aha oh ooh ha haha
    the a an and or but of to in on at as by for i it is that them him her
""")
"""With what recognisers write for a sound, a cough or a breath."""
_OTHER_SOUNDS = _words("äh ähm öh hmhm tja euh heu bah ehm ã ふん ああ おお آه اه امم همم")
_BACKCHANNELS = (
    _SOUNDS
    | _OTHER_SOUNDS
    | _words("wow yeah yep yup yes ok okay right sure really nice good great cool see")
    | _words("ja so jaja jawohl genau richtig stimmt klar achso ach echt aha")
    | _words("oui ouais voilà exactement accord d bien sûr bon vraiment")
    | _words("sí si claro vale ajá ya exacto bueno verdad")
    | _words("sim claro certo tá pois exato verdade é entendi")
    | _words("はい うん ええ そう です ね か なる るほ ほど へえ")
    | _words("نعم ايوه أجل اجل طيب تمام صحيح حسنا حسنًا")
)
"""Of all languages of the app together: none of these takes the floor in another one of them."""


def interrupts(text: str) -> bool:
    """``text`` holds a word that takes the floor."""
    return any(word not in _BACKCHANNELS for word in words(text))


def says_nothing(text: str) -> bool:
    """``text`` has words, and together they could be no answer, let alone a question or a command."""
    found = words(text)
    return bool(found) and all(word in _SOUNDS or word in _OTHER_SOUNDS for word in found)


def only_listens(text: str) -> bool:
    """``text`` has words, and none of them takes the floor."""
    return bool(words(text)) and not interrupts(text)
