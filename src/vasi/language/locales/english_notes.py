"""How people take, change and delete notes in English."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language import builders as to
from vasi.language.intents import LAST, THAT, DeleteNote, DeleteNotes, NotesHelp, TakeNote, Undo
from vasi.language.locales.english_words import (
    ABOUT,
    CHANGE,
    DELETE,
    IT,
    NOTE,
    NTH_NOTE,
    ORDER,
    OWN,
    SOME,
    THE,
)
from vasi.language.phrase import Table, always

_TO = r"(?:,? (?:to say that|to say|to read|so (?:that )?it (?:says|reads)(?: that)?|to be|into|saying|to|and say):?|[:,])"
_TO_SAY = r"(?:,? (?:to say that|to say|to read|to be|to|into|saying|and say|with))?"
_TOPIC = r"(?:(?! to )[^:]){1,200}?"
_SHALL = r"(?:should|must|shall|needs to) (?:say|be|read)(?: that)?"
_GLUE = (  # a mark parts command and text only if white space follows: "-5 degrees" keeps its sign
    r"(?:\s*:|[\s,–—-]+(?:that|to|saying|which says|it says|of|about|down)\b(?:\s*[:,](?=\s|$))?"
    r"|\s*[,–—-]{1,3}(?=\s|$))?\s*"
)


# --- the tables -------------------------------------------------------------------------------------------------------
_EARLIEST = r"(?P<end>last|latest|most recent|newest|previous|oldest|first|earliest)"
DELETING: Table = (
    (
        rf"{DELETE} (?:(?:all|everything|every)(?: (?:the|my|of|of my|of the|of them))?(?: (?:single )?notes?)?|(?:my|the) notes)",
        always(DeleteNotes()),
    ),
    (
        rf"(?:undo|revert|reverse|redo)(?: (?:{IT}|them|(?:the|my) last (?:change|one|thing|note)|the change|what (?:i|you) (?:just )?did))?"
        rf"(?:,? again)?|(?:take|put|bring|give|get)(?: me)? (?:{IT}|them|the (?:deleted )?notes?) back(?: again)?"
        rf"|(?:undelete|restore) (?:{IT}|them|the (?:deleted |last )?notes?)|put {IT} back (?:as|like|the way) it was",
        always(Undo()),
    ),
    (rf"(?:scratch|strike) {IT}(?:,? (?:again|please))?", always(Undo(scratch=True))),
    (rf"(?:forget|cancel|drop|skip) {IT}(?:,? please)?", always(DeleteNote(THAT, casual=True))),
    (rf"(?:{DELETE}|strike) {IT}(?:,? (?:again|note|one|memo))*", always(DeleteNote(THAT))),
    (
        rf"{DELETE} (?:the note|the one) (?:you (?:just )?(?:read|took|changed|mentioned)|i (?:just )?(?:took|mentioned))",
        always(DeleteNote(THAT)),
    ),
    (rf"{DELETE} (?:(?:the|my) )?{NTH_NOTE}", to.delete_nth),
    (rf"{DELETE} (?:(?:the|my) )?{_EARLIEST} {SOME}(?: (?:of )?(?:(?:my|the) )?(?:notes|ones))?", to.delete_some),
    (rf"{DELETE} (?:(?:the|my) )?{SOME} {_EARLIEST}(?: (?:notes|ones))?", to.delete_some),
    (
        rf"{DELETE} (?:the |my |that )?(?:very )?{ORDER} (?:note|one|thing)(?: (?:i|that|you) .*)?",
        always(DeleteNote(LAST)),
    ),
    (
        rf"{DELETE} (?:all|every)(?: (?:of|the|my))* notes?,? (?:(?:i (?:made|took|wrote)(?: down)?|that (?:are|were)) )?{ABOUT} (?P<note>.+)",
        to.delete_about,
    ),
    (
        rf"{DELETE}(?: {OWN})*+(?: [\w']+)? {NOTE},? (?:i (?:made|took|wrote)(?: down)? )?{ABOUT} (?P<note>.+)",
        to.delete,
    ),
    (
        rf"{DELETE} (?:what|everything|the thing|all) (?:that )?(?:i|we) (?:said|told you|noted|wrote|mentioned"
        rf"|asked you to remember)(?: down)? {ABOUT} (?P<note>.+)",
        to.delete,
    ),
    (rf"{DELETE}(?: (?:a|the|my))? note(?P<note>)", to.delete),
    (rf"{DELETE}(?: {THE})* (?P<list>(?:(?!all )[\w'-]+ ){{0,6}}?list)(?: note)?", to.delete_list),
    (rf"{DELETE}(?: {THE})* (?P<note>[^,.:;]+?) notes?", to.delete),
    (r"(?:delete|remove|erase) (?P<note>.+?) from (?:my|the) notes", to.delete),
)

_THIS_NOTE = rf"(?:(?:{THE} )?(?:{ORDER} )?note(?:,? {ABOUT} (?P<note>[^,:]+?))?)"
CHANGING: Table = (
    (
        rf"(?:in|on) {_THIS_NOTE},? (?:replace|swap|exchange|substitute) (?P<old>.+?) (?:with|by|for) (?P<new>.+)",
        to.replace,
    ),
    (rf"(?:in|on) {_THIS_NOTE},? (?:change|correct|turn) (?P<old>.+?) (?:to|into) (?P<new>.+)", to.replace),
    (rf"(?:replace|swap|change|correct) (?P<old>.+?) (?:with|by|for|to|into) (?P<new>.+?) in {_THIS_NOTE}", to.replace),
    (
        r"(?:replace|swap) (?P<old>[^.:;]{1,60}?) (?:with|by) (?P<new>[^.:;]{1,60}?)(?: (?:in it|there))?",
        to.replace_there,
    ),
    (
        rf"(?:rename|retitle) (?:{OWN} )?(?:{ORDER} )?(?:note|list)?(?:,? {ABOUT} )?(?P<note>.*?),? (?:to|as|into)[: ] ?(?P<title>.+)",
        to.rename,
    ),
    (
        rf"(?:call|name|title) (?:the |my |that |this )?(?:note|list)(?: {ABOUT} (?P<note>.+?))?,? (?:(?:instead|now) )?(?P<title>[^,]+)",
        to.rename,
    ),
    (rf"{CHANGE} (?:(?:the|my) )?{NTH_NOTE}{_TO} (?P<text>.+)", to.change_nth),
    (
        rf"{CHANGE} (?:(?:the|my|that|this) )?(?:{ORDER} )?(?:note|memo)(?:{_TO}|,? with|,? it {_SHALL}|,? {_SHALL})+ (?P<text>.+)",
        to.change_last,
    ),
    (rf"{CHANGE} (?:the |my )?{ORDER} note (?P<text>.+)", to.change_last),
    (rf"{CHANGE}(?: {OWN})*+ {NOTE},? {ABOUT} (?P<note>.+?){_TO} (?P<text>.+)", to.change),
    (rf"{CHANGE}(?: (?:the|my|that))* (?P<note>[^,:]+?) note{_TO} (?P<text>.+)", to.change),
    (rf"(?:the|my) note,? {ABOUT} (?P<note>.+?) {_SHALL}[:,]? (?P<text>.+)", to.change),
    (rf"(?:the|my) (?:{ORDER} )?note {_SHALL}[:,]? (?P<text>.+)", to.change_last),
    (
        rf"(?:no,? |actually,? |sorry,? |i meant,? )*(?:change|make|correct|update|set) {IT} (?:to |into |say )?(?P<text>.+)",
        to.correct,
    ),
    (
        r"(?:(?:no|wait|sorry|actually|oops|correction|i mean)[,.!]? )+(?:i (?:meant|mean|meant to say)|it(?:'s| is| should be)|that should be)"
        r"[:,]? (?P<text>.+)"
        r"|i (?:meant|meant to say)[:,]? (?P<other>.+)",
        to.correct,
    ),
    (
        rf"(?:add|append|write|put) (?P<text>.+?) (?:to|into|in|on|onto) (?:(?:the|my|that|this) )?(?:{ORDER} )?note(?: {ABOUT} (?P<note>.+))?",
        to.append,
    ),
    (
        rf"(?:add|append) to (?:(?:the|my|that|this) )?(?:{ORDER} )?note(?: {ABOUT} (?P<note>[^:,]+))?(?: that|[:,])? (?P<text>.+)",
        to.append,
    ),
    (
        r"(?:add|append|write|put) (?P<text>.+?) (?:to|into|in|on|onto) (?:the|my|that|this) (?P<note>[^,.:;]+?) note",
        to.append,
    ),
)

DICTATING: Table = (
    (
        r"(?:(?:take|make|write|add|create|save|leave|start|record|jot|put)(?: me)?(?: down)? )?"
        r"(?:(?:a|an|the|this|another|one|my) )?(?:(?:new|quick|short) )*(?:notes?|memo)"
        r"(?: to (?:self|myself))?(?:,? (?:that|saying|of|about|down|which says|the following))?(?P<this>) ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        rf"(?:write|note|jot|put|take|add|save)(?P<this> {IT})?(?: down)?(?: (?:in|into|to) my notes?)?"
        r"(?:,? (?:for me|please|the following|that))* ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (
        r"(?:remember|memori[sz]e|keep in mind|don't forget|do not forget)(?:,? (?:that|the following|(?P<this>this|it)))? ?: ?(?P<text>.*)",
        to.dictated,
    ),
    (r"remind me(?:,? (?:to|that|about|of))? ?: ?(?P<text>.+)", to.dictated_reminder),
    (rf"{CHANGE} (?:(?:the|my|that|this) )?(?:{ORDER} )?(?:note|memo){_TO_SAY} ?: ?(?P<text>.+)", to.change_last),
    (rf"{CHANGE}(?: {OWN})*+ {NOTE},? {ABOUT} (?P<note>{_TOPIC}){_TO_SAY} ?: (?P<text>.+)", to.change),
    (rf"{CHANGE}(?: (?:the|my|that))* (?P<note>{_TOPIC}) note{_TO_SAY} ?: ?(?P<text>.+)", to.change),
)

TAKING: Table = (
    (
        rf"(?:write|note|take|save|jot|put|remember|record) (?:all )?{IT}(?: down)?(?: (?:in|to|as) (?:my|a|the) notes?)?",
        always(TakeNote("", refers_back=True)),
    ),
    (
        r"(?:take|taking|make|write|add|create|save|leave|start|record|jot|put)(?: me)?(?: down)?"
        rf"(?:(?: (?:a|an|the|another|new|quick|short|one|uh))+ {NOTE}|(?: this)? notes?)(?: to (?:self|myself))?\b{_GLUE}(?P<text>.*)",
        to.take,
    ),
    (
        r"(?:a )?(?:new |quick )?note(?: to (?:self|myself))?(?:\s*[:,–—-]+(?=\s)|\s+(?:that|to self|down|the following)\b)+"
        r"\s*(?P<text>.*)",
        to.take_that,
    ),
    (rf"(?:a (?:quick )?note|note to self) (?:(?:that|saying|to)\b{_GLUE})?(?P<text>\S+ \S+.*)", to.take),
    (
        rf"(?:write|note|jot|put|take)(?: {IT})? down\b(?: (?:for me|please|in my notes|the following))*{_GLUE}(?P<text>.*)",
        to.take_that,
    ),
    (r"(?:add|put|save|write|store)(?: down)? (?P<text>.+?) (?:to|in|into|on) my (?:notes?|notebook)", to.take),
    (r"(?:add|put|write) (?:to|in|into) my notes?\b[:,]?\s*(?:that )?(?P<text>.+)", to.take),
    (
        r"remind me\b(?! (?:what|when|where|who|which|how|why|if|whether)\b)(?: (?:to|that|about|of)\b)?[:,]?\s*(?P<text>.+)",
        to.remind,
    ),
    (
        r"(?:remember|memori[sz]e|keep in mind|bear in mind|don't forget|do not forget|don't let me forget)\b"
        r"(?!\s+(?:when|what|where|who|how|why)\b)(?:[\s,]+(?:that|to|this|the following|about)\b)?(?:\s*[:,])?\s*(?P<text>.*)",
        to.take_that,
    ),
    (r"note\s+(?!(?:on|about|for|from|in|of|que|qu')\b)(?P<text>\S+\s.+)", to.take),
)


# --- what isn't understood --------------------------------------------------------------------------------------------
_DOCUMENT = r"\b(?:page|pages|document|documents|file|files|pdf|report|chapter|section|appendix|footnote|manual|contract|slide)\b"
_DO = (
    r"(?:add|append|put|remove|delete|erase|change|rename|edit|move|merge|copy|combine|sort|archive|pin|unpin|tag|share|send|email"
    r"|mail|print|star|mark|highlight|translate|summari[sz]e|split|export|undelete|restore|find|open|close|clear|update|modify"
    r"|replace|make|create|keep|lock|hide|count|group|order|organi[sz]e|tidy|attach|link|save|store|duplicate|back up)"
)
HELPING: Table = (
    (
        rf"(?!.*{_DOCUMENT}){_DO}\b.*\b(?:my|the|that|this|a|an|all|those|these|last|every|another)\b.*\b(?:notes?|memos?)\b.*",
        always(NotesHelp()),
    ),
    (rf"(?!.*{_DOCUMENT})(?:.*\b(?:my|our)\b(?: \w+)? (?:notes?|memos?)\b.*)", always(NotesHelp())),
)
