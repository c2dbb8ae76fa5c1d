"""English words for notes."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.locales.english_dates import ENGLISH_DATES
from vasi.language.phrase import NoteWords, somewhere, whole

# Longest first, and never given back: there is one way alone to read a row of them.
OWN = r"(?:all of my|all the|all my|all|of my|the|my|that|this|an|a|any|some|our)\b"
NOTE = r"(?:notes?|no|knot|not|know|node|memo)"  # as heard, where only a note can follow
NOTES = rf"(?:{OWN} )?(?:own |saved |recent )?notes?"
ABOUT = r"(?:about|on|regarding|concerning|for|with|of|mentioning|containing|saying|called|that (?:says?|mentions?)|where|which)"
ORDER = r"(?:last|latest|most recent|newest|previous)"
PUT_DOWN = r"(?:noted?|write|wrote|written|put|jot(?:ted)?|saved?|record(?:ed)?)\b"
ASKER = r"(?:what|when|where|who|which|how much|how many|how long|how often|what time|what day|at what time)"
DELETE = r"(?:delete|remove|erase|forget|cancel|drop|trash|discard|throw away|get rid of|clear|scratch|bin)"
CHANGE = r"(?:change|update|edit|correct|fix|modify|replace|rewrite|amend|adjust|alter)"
IT = r"(?:that|this|it)"
THE = r"(?:the|my|our|that|this)"
NTH_NOTE = (
    r"(?:(?:very )?(?P<nth>(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th)|oldest"
    r"|earliest|newest|latest|most recent))(?: (?:of (?:them|those|my notes|the notes)|notes?|one|entry)){1,2}"
    r"|(?:note|number|note number) (?P<number>one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}))"
)
SOME = r"(?P<count>two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|couple of|few)"

ENGLISH_NOTES = NoteWords(
    dates=ENGLISH_DATES,
    that=whole(rf"(?:the |my )?(?:{IT}|those|them)?(?: (?:one|note))?"),
    last=whole(rf"(?:the |my )?{ORDER}(?: (?:one|note))?"),
    newest=whole(r"(?:the |my )?(?:latest|newest|most recent)(?: (?:one|note))?"),
    oldest=frozenset(("first", "oldest", "earliest")),
    lead=whole(rf"(?:(?:{ABOUT}|that|if|whether|is|are|was|were|the|my|our|an?)\s+)+"),
    nothing=whole(
        r"(?:(?:do|did|have|i|you|me|from|for|on|in|of|the|my|down|all|any|that|there|to|out|loud|aloud|taken|please|and"
        r"|about|made|took|so far|until now|again|back|recently|lately|right|now|it|them|everything|anything|say|got)\b[\s,]*)*"
    ),
    preposition=whole(r"(?:on|in|during|for) "),
    topical=whole(r"(?:on|from|in) |\w+day"),
    past=whole(r"yester|today"),
    please=somewhere(r"(?<![\s,])[\s,]+please[\s.!]*\Z"),
    dictating=somewhere(r"(?:says?|reads?|say that|says that|saying)\Z"),
    the_list=whole(r"list"),
    own=somewhere(r"(?:my|our) \Z"),
    kept=frozenset(
        (
            "shopping list",
            "grocery list",
            "to do list",
            "to-do list",
            "todo list",
            "packing list",
            "wish list",
            "task list",
        )
    ),
    list_name="list",
    between=somewhere(r" ?[,;] ?(?:(?:and|plus) )?| (?:and|plus|&) "),
)
