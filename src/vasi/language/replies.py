"""The fixed sentences of the built-in answerer, in the languages of the app, and which of these a question is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vasi.language.terms import words


@dataclass(frozen=True, slots=True)
class Replies:
    """The sentences of one language.

    Attributes:
        not_found: the documents don't hold it.
        nearest: where something comes near; ``{place}`` is a document with its page, ``{topic}`` a heading.
        nearest_place: the same without a heading.
        source: where an answer is from; ``{sources}`` are documents with their pages.
        whereabouts: where something stands that only the place was asked of.
        noted: in front of what a note says.
        notes: how the user's notes are called as a source.
        document: a document as it is spoken of; ``{name}``.
        page, pages, slide, slides: with ``{numbers}``.
        conjunction: between the last two of several.
        yes, no: in front of the sentence that decides.
        cell: a cell of a table; ``{column}``, ``{key}``, ``{value}``.
        first_part: in front of the first items of a long list; ``{total}``, ``{count}``.
        next_part, last_part: in front of the following ones; ``{count}``.
        go_on: asks whether to go on with a list.
        no_more: nothing is left of it.
    """

    not_found: str
    nearest: str
    nearest_place: str
    source: str
    whereabouts: str
    noted: str
    notes: str
    document: str
    page: str
    pages: str
    slide: str
    slides: str
    conjunction: str
    yes: str
    no: str
    cell: str
    first_part: str
    next_part: str
    last_part: str
    go_on: str
    no_more: str


_ENGLISH = Replies(
    not_found="I could not find that in your documents.",
    nearest="The nearest is in {place}, about {topic}.",
    nearest_place="The nearest is in {place}.",
    source="That is from {sources}.",
    whereabouts="That is in {sources}.",
    noted="You noted:",
    notes="your notes",
    document="the {name}",
    page="page {numbers}",
    pages="pages {numbers}",
    slide="slide {numbers}",
    slides="slides {numbers}",
    conjunction=" and ",
    yes="Yes",
    no="No",
    cell="{column} of {key}: {value}",
    first_part="There are {total}. The first {count} are:",
    next_part="The next {count} are:",
    last_part="The last {count} are:",
    go_on="Shall I go on?",
    no_more="That was all of it.",
)
_GERMAN = Replies(
    not_found="Das konnte ich in deinen Dokumenten nicht finden.",
    nearest="Am nächsten kommt {place}, über {topic}.",
    nearest_place="Am nächsten kommt {place}.",
    source="Das steht in {sources}.",
    whereabouts="Das steht in {sources}.",
    noted="Du hast notiert:",
    notes="deinen Notizen",
    document="{name}",
    page="Seite {numbers}",
    pages="Seiten {numbers}",
    slide="Folie {numbers}",
    slides="Folien {numbers}",
    conjunction=" und ",
    yes="Ja",
    no="Nein",
    cell="{column} von {key}: {value}",
    first_part="Es sind {total}. Die ersten {count}:",
    next_part="Die nächsten {count}:",
    last_part="Die letzten {count}:",
    go_on="Soll ich weitermachen?",
    no_more="Das war alles.",
)
_SPANISH = Replies(
    not_found="No he podido encontrar eso en tus documentos.",
    nearest="Lo más cercano está en {place}, sobre {topic}.",
    nearest_place="Lo más cercano está en {place}.",
    source="Eso está en {sources}.",
    whereabouts="Eso está en {sources}.",
    noted="Anotaste:",
    notes="tus notas",
    document="{name}",
    page="página {numbers}",
    pages="páginas {numbers}",
    slide="diapositiva {numbers}",
    slides="diapositivas {numbers}",
    conjunction=" y ",
    yes="Sí",
    no="No",
    cell="{column} de {key}: {value}",
    first_part="Hay {total}. Los {count} primeros:",
    next_part="Los {count} siguientes:",
    last_part="Los {count} últimos:",
    go_on="¿Sigo?",
    no_more="Eso era todo.",
)
_FRENCH = Replies(
    not_found="Je n'ai pas trouvé cela dans vos documents.",
    nearest="Le plus proche se trouve dans {place}, à propos de {topic}.",
    nearest_place="Le plus proche se trouve dans {place}.",
    source="Cela se trouve dans {sources}.",
    whereabouts="Cela se trouve dans {sources}.",
    noted="Vous avez noté :",
    notes="vos notes",
    document="{name}",
    page="page {numbers}",
    pages="pages {numbers}",
    slide="diapositive {numbers}",
    slides="diapositives {numbers}",
    conjunction=" et ",
    yes="Oui",
    no="Non",
    cell="{column} de {key} : {value}",
    first_part="Il y en a {total}. Les {count} premiers :",
    next_part="Les {count} suivants :",
    last_part="Les {count} derniers :",
    go_on="Dois-je continuer ?",
    no_more="C'était tout.",
)
_PORTUGUESE = Replies(
    not_found="Não encontrei isso nos seus documentos.",
    nearest="O mais próximo está em {place}, sobre {topic}.",
    nearest_place="O mais próximo está em {place}.",
    source="Isso está em {sources}.",
    whereabouts="Isso está em {sources}.",
    noted="Você anotou:",
    notes="suas notas",
    document="{name}",
    page="página {numbers}",
    pages="páginas {numbers}",
    slide="slide {numbers}",
    slides="slides {numbers}",
    conjunction=" e ",
    yes="Sim",
    no="Não",
    cell="{column} de {key}: {value}",
    first_part="São {total}. Os primeiros {count}:",
    next_part="Os próximos {count}:",
    last_part="Os últimos {count}:",
    go_on="Devo continuar?",
    no_more="Era tudo.",
)
_JAPANESE = Replies(
    not_found="文書の中には見つかりませんでした。",
    nearest="最も近いのは{place}の「{topic}」です。",
    nearest_place="最も近いのは{place}です。",
    source="出典は{sources}です。",
    whereabouts="それは{sources}にあります。",
    noted="メモの内容：",
    notes="メモ",
    document="{name}",
    page="{numbers}ページ",
    pages="{numbers}ページ",
    slide="スライド{numbers}",
    slides="スライド{numbers}",
    conjunction="と",
    yes="はい",
    no="いいえ",
    cell="{key}の{column}: {value}",
    first_part="全部で{total}件あります。最初の{count}件：",
    next_part="次の{count}件：",
    last_part="最後の{count}件：",
    go_on="続けますか？",
    no_more="以上です。",
)
_ARABIC = Replies(
    not_found="لم أجد ذلك في مستنداتك.",
    nearest="الأقرب موجود في {place}، عن {topic}.",
    nearest_place="الأقرب موجود في {place}.",
    source="هذا من {sources}.",
    whereabouts="هذا موجود في {sources}.",
    noted="لقد دوّنت:",
    notes="ملاحظاتك",
    document="{name}",
    page="صفحة {numbers}",
    pages="صفحات {numbers}",
    slide="شريحة {numbers}",
    slides="شرائح {numbers}",
    conjunction=" و",
    yes="نعم",
    no="لا",
    cell="{column} {key}: {value}",
    first_part="هناك {total}. أول {count}:",
    next_part="التالية {count}:",
    last_part="آخر {count}:",
    go_on="هل أتابع؟",
    no_more="هذا كل شيء.",
)

REPLIES = MappingProxyType(
    {
        "en": _ENGLISH,
        "de": _GERMAN,
        "es": _SPANISH,
        "fr": _FRENCH,
        "pt": _PORTUGUESE,
        "ja": _JAPANESE,
        "ar": _ARABIC,
    }
)
"""By language; English stands in for those that aren't here."""

_TELLING = {
    "en": "what which who whom whose when where why how the is are was were does do did can of and to my i for in much "
    "many there this that it you your not long often",
    "de": "was welche welcher welches wer wen wem wann wo warum wie der die das den dem des ist sind war waren wird "
    "kann und zu mein ich für im in viel viele es gibt nicht ein eine einen auf von mit hat haben lange hoch heißt",
    "es": "qué que cuál cuáles quién quiénes cuándo dónde por cómo cuánto cuántos cuánta cuántas el la los las es son "
    "está están fue puede de y a mi para en hay este no se un una del con tiene",
    "fr": "que quel quelle quels quelles qui quand où pourquoi comment combien le la les est sont était peut de et à "
    "mon je pour dans il y ce ne pas un une des du au en sur avec t elle a lieu",
    "pt": "o que qual quais quem quando onde por como quanto quantos quanta quantas os as é são foi está pode de e a "
    "meu eu para em há este não se um uma do da no na com tem",
}
_WORDS = {language: frozenset(telling.split()) for language, telling in _TELLING.items()}
_KANA = re.compile(r"[\u3041-\u30ff]")
_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")


def language_of(question: str) -> str:
    """The language of ``question`` among those that have replies; "en" where it can't be told."""
    if _KANA.search(question):
        return "ja"
    if _ARABIC_LETTER.search(question):
        return "ar"
    asked = words(question)
    return max(_WORDS, key=lambda language: sum(word in _WORDS[language] for word in asked))


def replies_for(question: str) -> Replies:
    """The sentences in the language of ``question``."""
    return REPLIES[language_of(question)]


def _ends(template: str) -> tuple[str, str]:
    """What stands before and behind the first and last variable of ``template``."""
    return template.partition("{")[0], template.rpartition("}")[2]


_PLACES = tuple(
    _ends(sentence)
    for one in REPLIES.values()
    for sentence in (one.source, one.whereabouts, one.nearest, one.nearest_place)
)
_ABOUT_DOCUMENTS = frozenset(
    sentence for one in REPLIES.values() for sentence in (one.not_found, one.go_on, one.no_more)
)
_SOURCES = tuple(_ends(sentence) for one in REPLIES.values() for sentence in (one.source, one.whereabouts))


def names_place(sentence: str) -> bool:
    """Whether ``sentence`` only says where something stands: it rests on no passage itself."""
    return any(sentence.startswith(begin) and sentence.endswith(end) for begin, end in _PLACES)


def names_source(sentence: str) -> bool:
    """Whether ``sentence`` says where the answer before it is from."""
    return any(sentence.startswith(begin) and sentence.endswith(end) for begin, end in _SOURCES)


def says_not_found(answer: str) -> bool:
    """Whether ``answer`` says that the documents don't hold it."""
    return any(one.not_found in answer for one in REPLIES.values())


def offers_more(answer: str) -> bool:
    """Whether ``answer`` ends with the question whether to go on."""
    return any(answer.rstrip().endswith(one.go_on) for one in REPLIES.values())


def joined(parts: Sequence[str], conjunction: str) -> str:
    """All with commas, the last with ``conjunction``."""
    return conjunction.join(filter(None, (", ".join(parts[:-1]), parts[-1])))
