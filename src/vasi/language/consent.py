"""What the user's own words allow: which changes they ask for, and whether they agree to one.

The judgement is cautious: words that it doesn't understand allow nothing. English is understood best, with all that
``grammar`` knows; of the app's other languages only the plain words for it.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from vasi.language.grammar import commands
from vasi.language.intents import (
    ChangeNote,
    DeleteNote,
    DeleteNotes,
    EditList,
    RenameNote,
    ReplaceWords,
    TakeNote,
    Undo,
)

Change: TypeAlias = Literal["take", "change", "delete", "undo"]
"""Of notes: write one down, give one another text, remove one, take back what was done last."""

LONGEST = 2_000
"""Characters that are looked at."""
_LONGEST_AGREEMENT = 12
"""Words; who says more than "yes, please do that" may mean something else."""

_BEGINS = (
    r"(?:^|[,.;:!?]\s?|\b(?:and|then|please|just|also|now|so|yes|yeah|okay|ok|you|let's|want to|like to|need to"
    r"|want you to|like you to|need you to)\s)"
)
"""Where a request begins, so that "when must I delete backups?" isn't one."""
_CHANGES: dict[Change, tuple[re.Pattern[str], ...]] = {
    "take": (
        re.compile(
            _BEGINS + r"(?:note|jot|write (?:it|this|that|them|me|down)|remember|remind me|record|memorise|memorize)\b"
        ),
        re.compile(
            _BEGINS
            + r"(?:take|make|write|add|create|save|jot|put|record|keep|leave)\b[^.;!?]{0,60}"
            + r"\b(?:notes?|down|memo|reminder)\b"
        ),
        re.compile(
            r"\b(?:notier|notiere|notieren|merk dir|merke dir|schreib|schreibe|notez|prends? note|prenez note"
            r"|écri[st]|apunt[ae]|anot[ae]|escrib[ae]|anota|escreva)\b"
        ),
        re.compile("メモして|メモを取|書き留め|دوّن|دون ملاحظة|اكتب"),
    ),
    "change": (
        re.compile(_BEGINS + r"(?:change|update|edit|correct|fix|modify|replace|rewrite|amend|rename|append|extend)\b"),
        re.compile(
            _BEGINS
            + r"(?:add|put|append|remove|take|cross|strike|delete|clear)\b[^.;!?]{0,100}"
            + r"\b(?:to|in|into|on|onto|from|off) (?:the|my|that|this|our)\b[^.;!?]{0,60}\b(?:note|list)\b"
        ),
        re.compile(_BEGINS + r"(?:tick|check|cross|mark)\b[^.;!?]{0,100}\b(?:off|done|bought|finished)\b"),
        re.compile(
            r"\b(?:ändere|ändern|korrigiere|ergänze|modifie[zr]?|changez|corrige[zr]?|cambia|modifica|corrige|altere?|mude)\b"
        ),
        re.compile("変更して|書き換え|直して|غيّر|غير الملاحظة|عدّل|عدل"),
    ),
    "delete": (
        re.compile(
            _BEGINS + r"(?:delete|remove|erase|discard|drop|scratch|forget|throw (?:away|out)|get rid of|clear)\b"
        ),
        re.compile(
            r"\b(?:lösch|lösche|löschen|entferne|supprime[zr]?|efface[zr]?|enlevez|borra|elimina|quita|apague|apaga|exclua|remova)\b"
        ),
        re.compile("削除して|消して|احذف|امسح"),
    ),
    "undo": (
        re.compile(
            _BEGINS + r"(?:undo|redo|revert|restore|scratch|bring (?:it|that|them) back|take (?:it|that) back)\b"
        ),
        re.compile(
            r"\b(?:rückgängig|nimm das zurück|zurücknehmen|annule[zr]?|défais|deshaz|deshacer|desfaz|desfaça)\b"
        ),
        re.compile("元に戻して|取り消して|تراجع"),
    ),
}
_INTENTS: dict[type, Change] = {
    TakeNote: "take",
    ChangeNote: "change",
    ReplaceWords: "change",
    RenameNote: "change",
    EditList: "change",
    DeleteNote: "delete",
    DeleteNotes: "delete",
    Undo: "undo",
}

_AGREES = re.compile(
    r"(?:(?:yes|yeah|yep|yup|sure|ok|okay|alright|all right|please|go ahead|do it|do that|do so|confirm|confirmed"
    r"|agreed|i agree|i confirm|correct|right|that's right|absolutely|of course|definitely|certainly|by all means"
    r"|ja|jawohl|klar|gerne|mach das|mach es|einverstanden|bitte|oui|d'accord|vas y|allez y|bien sûr|sí|si|claro|vale"
    r"|adelante|hazlo|de acuerdo|sim|pode|faça|certo|はい|ええ|うん|お願いします|いいです|نعم|أجل|موافق|تفضل)(?:\s|$))"
)
_DISAGREES = re.compile(
    r"\b(?:no|not|don't|dont|never|nothing|stop|cancel|wait|but|instead|rather|only|nein|nicht|kein|aber|halt|non|pas|ne"
    r"|mais|nunca|pero|espera|não|nao|mas)\b|いいえ|やめ|ない|لا|ليس"
)
_PUNCTUATION = re.compile(r"[\s,.;:!?¡¿…、。،؟\"“”„«»()\-–—]++")


def asked_changes(utterance: str) -> frozenset[Change]:
    """The changes that ``utterance`` asks for."""
    utterance = utterance[:LONGEST]
    text = " ".join(utterance.casefold().replace("’", "'").split())
    found: set[Change] = {
        change for change, patterns in _CHANGES.items() if any(pattern.search(text) for pattern in patterns)
    }
    found.update(_INTENTS[type(intent)] for intent in commands(utterance) if type(intent) in _INTENTS)
    return frozenset(found)


def agrees(utterance: str) -> bool:
    """Whether ``utterance`` says yes to what was asked, and nothing else."""
    text = _PUNCTUATION.sub(" ", utterance[:LONGEST].casefold().replace("’", "'")).strip()
    if len(text.split()) > _LONGEST_AGREEMENT or _DISAGREES.search(text):
        return False
    return _AGREES.match(text) is not None
