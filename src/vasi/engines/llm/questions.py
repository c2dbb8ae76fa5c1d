"""Questions about documents: which tool to ask, and what is said of its answer."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime

from vasi.engines.llm import library
from vasi.engines.llm.answers import answer, answer_at
from vasi.engines.llm.counting import counted
from vasi.engines.llm.dialogue import Dialogue, Done
from vasi.engines.llm.evidence import asked_words
from vasi.engines.llm.outputs import FoundPassage, FoundPlace, ToolOutput
from vasi.engines.llm.steps import Call, Step
from vasi.engines.llm.whereabouts import nearest, whereabouts
from vasi.language.asking import without_titles
from vasi.language.detection import detect
from vasi.language.intents import Question
from vasi.language.library import LibraryQuestion, asked_of_library, asks_for_them
from vasi.language.places import asked_part, named_place, sought
from vasi.language.replies import offers_more, replies_for, wants_more
from vasi.language.speakable import spoken_name
from vasi.language.terms import stem, words
from vasi.language.topics import topic_of

_LONGEST_QUERY = 500  # characters


def look_up(question: str, dialogue: Dialogue, tools: Container[str], now: datetime | None) -> Step | None:
    """The call that finds the answer to ``question``; None if no tool is offered for that."""
    turn = dialogue.present
    listed_before = turn is not None and any(done.call.name == library.TOOL for done in turn.done)
    if library.TOOL in tools and not listed_before and (asked := _asked_of_library(question, dialogue, now)):
        return Call(library.TOOL, library.arguments(asked))
    query = sought(question) or question
    if (place := named_place(question)) and not place.rest and (document := document_in_mind(dialogue)):
        query = f"{query} ({document})"
    return Call("search_knowledge", {"query": query[:_LONGEST_QUERY]}) if "search_knowledge" in tools else None


def meant(question: str, dialogue: Dialogue) -> str:
    """``question`` as it is looked up, or what was said now where that names a place: "and page 4?" has nothing to do
    with page 3.
    """
    utterance = dialogue.present.utterance if dialogue.present else ""
    if named_place(utterance):
        return utterance
    part = asked_part(question)
    return f"Tell me about {part}" if part else without_titles(question)


def found(
    question: str, output: ToolOutput, fresh: Container[str], part: int = 0, *, language: str | None = None
) -> list[str]:
    """What is said of what a search found.

    Args:
        question: as asked, with what it takes from earlier ones.
        output: of ``search_knowledge``.
        fresh: texts of notes of this conversation.
        part: of a list, as in ``answer``.
        language: of the conversation, for a question that doesn't tell its own.
    """
    if (topic := sought(question)) and (there := whereabouts(topic, output.passages)):
        return there
    replies, place = replies_for(question, language), output.place
    if place is not None and place.pages is not None:
        named = replies.document.format(name=spoken_name(place.document))
        return [replies.no_such_page.format(document=named, pages=place.pages)]
    asked = output.asked_as or question
    if (records := output.records) is not None and (said := counted(asked, records, output.passages, replies)):
        return said
    if place is not None:
        said = answer_at(question, output.passages, topic=_topic_at(question, place))
    else:
        said = answer(asked, output.passages, fresh, part, judged=True) if output.found else None
    return said or [not_there(question, language, output.passages), *nearest(question, output.passages)]


def not_there(question: str, language: str | None = None, passages: Sequence[FoundPassage] = ()) -> str:
    """That the documents don't hold it, and what; in ``language`` if the question doesn't tell its own.

    What one of the ``passages`` tells of isn't said to be missing: what is asked about it is.
    """
    replies = replies_for(question, language)
    topic = topic_of(question)
    if topic and any(asked_words(topic).share(f"{one.heading}\n{one.text}") == 1 for one in passages):
        topic = ""
    return replies.nothing_about.format(topic=topic) if topic else replies.not_found


def _topic_at(question: str, place: FoundPlace) -> bool:
    """Whether ``question`` asks for something at the place, rather than for what is there."""
    asked = named_place(question)
    named = {stem(word) for word in words(spoken_name(place.document))}
    return asked is not None and any(stem(word) not in named for word in words(asked.rest))


def listed(question: str, dialogue: Dialogue, output: ToolOutput, now: datetime | None) -> list[str] | None:
    """What is said of the documents that were listed; None if the question named none of them after all."""
    asked = _asked_of_library(question, dialogue, now) or LibraryQuestion("list")
    if asked.document and not output.documents:
        return None
    return library.told(asked, output, now, replies_for(question), english=detect(question) == "en")


def _asked_of_library(question: str, dialogue: Dialogue, now: datetime | None) -> LibraryQuestion | None:
    """What is asked about the library; "list them" takes the rest from what was counted before."""
    utterance = dialogue.present.utterance if dialogue.present else question
    if asks_for_them(utterance) and dialogue.earlier:
        before = asked_of_library(dialogue.earlier[-1].utterance, now)
        counted = before is not None and any(done.call.name == library.TOOL for done in dialogue.earlier[-1].done)
        return LibraryQuestion("list", before.document, before.period) if before is not None and counted else None
    return asked_of_library(utterance, now) or asked_of_library(question, now)


def going_on(dialogue: Dialogue, fresh: Container[str], now: datetime | None) -> Sequence[str] | None:
    """The next part of a list, if the user wants to hear it; None if nothing was offered, or something else is said."""
    turns = dialogue.turns
    part = 0
    while part + 1 < len(turns) and wants_more(turns[-1 - part].utterance) and offers_more(turns[-2 - part].answer):
        part += 1
    if not part:
        return None
    before = Dialogue(turns[: len(turns) - part], dialogue.spoken)
    done = _search_of(before)
    intent = before.intent(now)
    if done is None or not isinstance(intent, Question):
        return None
    return found(intent.text, done.output, fresh, part)


def _search_of(dialogue: Dialogue) -> Done | None:
    turn = dialogue.present
    done = [done for done in turn.done if done.call.name == "search_knowledge"] if turn else []
    return done[-1] if done else None


def document_in_mind(dialogue: Dialogue) -> str:
    """The document that the last answer was from, "" if none."""
    for turn in reversed(dialogue.earlier):
        for done in reversed(turn.done):
            for passage in done.output.passages:
                if not passage.note and spoken_name(passage.document) in turn.answer:
                    return passage.document
    return ""
