"""A chat model without weights: it understands a grammar of intents, calls the server's tools, and answers with the
sentences that the documents hold. Nothing to download, no network, a few milliseconds an answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace

from vasi.engines.llm.decision import decide
from vasi.engines.llm.dialogue import Dialogue, read_dialogue
from vasi.engines.llm.forced import fill
from vasi.engines.llm.steps import Call, Say, Step
from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    LlmDone,
    LlmEvent,
    Message,
    TextDelta,
    ToolCallDelta,
    ToolMessage,
    ToolSpec,
)
from vasi.language.locales import is_spoken, load_all, locale_of
from vasi.language.sentences import clauses
from vasi.language.terms import content_words, stem, words

_TOKEN = re.compile(r"\s*(?:\w{1,8}|[^\w\s])|\s+")


class ExtractiveLlm:
    """Answers from the passages and notes that its tools find, in their own words.

    It knows ``search_knowledge``, ``list_documents``, ``take_note``, ``search_notes``, ``list_notes``, ``update_note``
    and ``delete_note``, and calls those of them that a request offers. Other tools are called only when ``tool_choice``
    forces it, once a turn, with their required parameters filled in from the utterance.
    """

    @property
    def name(self) -> str:
        return "extractive"

    def __init__(self, new_id: Callable[[], str] = lambda: secrets.token_hex(8)) -> None:
        """``new_id`` makes the ids of calls: letters and digits, never the same twice."""
        self._new_id = new_id

    async def start(self) -> None:
        """Have the phrases of all languages at hand."""
        await asyncio.to_thread(load_all)

    async def stop(self) -> None:
        """Nothing to free."""

    async def generate(self, request: ChatRequest) -> AsyncGenerator[LlmEvent, None]:
        """Decide or answer; see ``Llm``. Text comes clause by clause, token counts are estimates."""
        asked = sum(_tokens(_written(message)) for message in request.messages)
        step = await asyncio.to_thread(_step, request)
        left = request.max_output_tokens
        used = 0
        for event in self._events(step):
            text = event.text if isinstance(event, TextDelta) else event.arguments
            fitting = text if left is None else _fitting(text, left - used)
            used += _tokens(fitting)
            if fitting or isinstance(event, ToolCallDelta):
                yield _with_text(event, fitting)
                await asyncio.sleep(0)  # the listener may speak the first clause before the next one comes
            if fitting != text:
                yield LlmDone("length", input_tokens=asked, output_tokens=used)
                return
        finish = "tool_calls" if isinstance(step, Call) else "stop"
        yield LlmDone(finish, input_tokens=asked, output_tokens=used)

    def _events(self, step: Step) -> list[TextDelta | ToolCallDelta]:
        match step:
            case Call():
                arguments = json.dumps(step.arguments, ensure_ascii=False)
                return [ToolCallDelta(0, arguments, call_id=f"call_{self._new_id()}", name=step.name)]
            case Say():
                return [TextDelta(clause) for clause in clauses(_joined(step.sentences))]


def _step(request: ChatRequest) -> Step:
    if request.occasion == "silence":
        return Say([locale_of(request.language).talk.still_there])
    if request.interpreting:
        return _untranslated(request)
    cue = request.occasion == "noise"
    dialogue = read_dialogue(request.messages[:-1] if cue else request.messages, _spoken(request.language))
    tools = {tool.name: tool for tool in request.tools}
    forced = _forced(request, dialogue)
    step = decide(dialogue, _offered(request), request.now)
    if not forced or (isinstance(step, Call) and step.name in forced):
        return step
    utterance = dialogue.present.utterance if dialogue.present else ""
    name = forced[0]
    return Call(name, fill(tools[name].parameters, utterance, request.now))


def _untranslated(request: ChatRequest) -> Say:
    """That it can't be translated, for everybody who talks."""
    languages = [one for one in dict.fromkeys((request.language, *request.interpreting)) if is_spoken(one)]
    return Say([locale_of(one).talk.no_translation for one in languages or ["en"]])


def _spoken(language: str | None) -> str | None:
    """The language of a conversation, if it's one that is spoken here."""
    return language if is_spoken(language) else None


def _offered(request: ChatRequest) -> frozenset[str]:
    return frozenset() if request.tool_choice == "none" else frozenset(tool.name for tool in request.tools)


def _forced(request: ChatRequest, dialogue: Dialogue) -> Sequence[str] | None:
    """The names one of which has to be called now, the likeliest first; None if nothing forces.

    A demand for any call is met by one a turn, a demand for a function by one of it: the round that brings its output
    is for the answer.
    """
    present = dialogue.present
    called = {done.call.name for done in present.done} if present else set[str]()
    match request.tool_choice:
        case "auto" | "none":
            return None
        case "required":
            return None if called else _likeliest(request.tools, present.utterance if present else "")
        case name:
            return [name] if name not in called and name in {tool.name for tool in request.tools} else None


def _likeliest(tools: Sequence[ToolSpec], utterance: str) -> list[str]:
    """The names of ``tools``, first those whose name and description speak of what was said."""
    said = {stem(word) for word in content_words(utterance)}

    def rank(tool: ToolSpec) -> tuple[int, bool]:
        spoken = {stem(word) for word in words(f"{tool.name.replace('_', ' ')} {tool.description}")}
        return -len(said & spoken), tool.name != "search_knowledge"

    return [tool.name for tool in sorted(tools, key=rank)]


def _joined(sentences: Sequence[str]) -> str:
    """One text; what comes after a list begins a line."""
    text = ""
    for sentence in sentences:
        gap = "\n" if "\n" in text else " "
        text += f"{gap}{sentence.strip()}" if text else sentence.strip()
    return text


def _with_text(event: TextDelta | ToolCallDelta, text: str) -> TextDelta | ToolCallDelta:
    match event:
        case TextDelta():
            return TextDelta(text)
        case ToolCallDelta():
            return replace(event, arguments=text)


def _tokens(text: str) -> int:
    """An estimate: words up to eight letters and marks count one each."""
    return sum(1 for _ in _TOKEN.finditer(text))


def _fitting(text: str, tokens: int) -> str:
    """As much of ``text`` as ``tokens`` allow."""
    end = 0
    for count, token in enumerate(_TOKEN.finditer(text)):
        if count >= tokens:
            return text[:end]
        end = token.end()
    return text


def _written(message: Message) -> str:
    match message:
        case ToolMessage():
            return message.output
        case AssistantMessage():
            return message.text + "".join(call.name + call.arguments for call in message.tool_calls)
        case _:
            return message.text
