"""The fixed sentences of the built-in answerer, in the languages of the app."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vasi.language.detection import detect, tells_language


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are: none, one, or ``{count}``."""

    none: str
    single: str
    several: str


@dataclass(frozen=True, slots=True)
class Replies:
    """The sentences of one language.

    Attributes:
        not_found: the documents don't hold it.
        nothing_about: the same, with the ``{topic}`` that was asked about; it begins like ``not_found``.
        nearest: where something comes near; ``{place}`` is a document with its page, ``{topic}`` a heading.
        nearest_place: the same without a heading.
        source: where an answer is from; ``{sources}`` are documents with their pages.
        whereabouts: where something stands that only the place was asked of.
        noted: in front of what a note says.
        notes: how the user's notes are called as a source.
        document: a document as it is spoken of; ``{name}``.
        page, pages, slide, slides: with ``{numbers}``.
        shared: a ``{document}``, with its pages, of the collection ``{name}``.
        conjunction: between the last two of several.
        yes, no: in front of the sentence that decides.
        cell: a cell of a table; ``{column}``, ``{key}``, ``{value}``.
        first_part: in front of the first items of a long list; ``{total}``, ``{count}``.
        next_part, last_part: in front of the following ones; ``{count}``.
        go_on: asks whether to go on with a list.
        no_more: nothing is left of it.
        more: how many aren't named; ``{count}``.
        no_such_page: of ``{document}``, which has ``{pages}``.
        counted: how many records fit, and which; ``{count}``, ``{names}``.
        summed: a sum or average of ``{column}``: ``{value}`` of ``{count}`` records.
        none_fits: no record of ``{total}`` does.
        not_summed: in front of the records whose values can't be summed or compared.
        documents: in the library.
        added: in the time that was asked for.
        added_on: when ``{name}`` was added; ``{date}``.
        has_pages: of ``{name}``; ``{pages}``.
        has_sections: of ``{name}``; ``{sections}``.
    """

    not_found: str
    nothing_about: str
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
    shared: str
    conjunction: str
    yes: str
    no: str
    cell: str
    first_part: str
    next_part: str
    last_part: str
    go_on: str
    no_more: str
    more: str
    no_such_page: str
    counted: str
    summed: str
    none_fits: str
    not_summed: str
    documents: Counted
    added: Counted
    added_on: str
    has_pages: str
    has_sections: str


_ENGLISH = Replies(
    not_found="I could not find that in your documents.",
    nothing_about="I could not find that in your documents: they say nothing about {topic}.",
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
    shared="{document}, in the collection {name}",
    conjunction=" and ",
    yes="Yes",
    no="No",
    cell="{column} of {key}: {value}",
    first_part="There are {total}. The first {count} are:",
    next_part="The next {count} are:",
    last_part="The last {count} are:",
    go_on="Shall I go on?",
    no_more="That was all of it.",
    more="{count} more",
    counted="There are {count}: {names}.",
    summed="{column}: {value} for {count} entries.",
    none_fits="None of the {total} does.",
    not_summed="I can't work that out: the values don't allow it. They are:",
    no_such_page="There is no such page: {document} has {pages}.",
    documents=Counted("You have no documents.", "You have one document.", "You have {count} documents."),
    added=Counted("You added no documents in that time.", "You added one document.", "You added {count} documents."),
    added_on="You added {name} on {date}.",
    has_pages="{name} has {pages} pages.",
    has_sections="{name} is about: {sections}.",
)
_GERMAN = Replies(
    not_found="Das konnte ich in deinen Dokumenten nicht finden.",
    nothing_about="Das konnte ich in deinen Dokumenten nicht finden: Zu „{topic}“ steht dort nichts.",
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
    shared="{document} in der Sammlung {name}",
    conjunction=" und ",
    yes="Ja",
    no="Nein",
    cell="{column} von {key}: {value}",
    first_part="Es sind {total}. Die ersten {count}:",
    next_part="Die nächsten {count}:",
    last_part="Die letzten {count}:",
    go_on="Soll ich weitermachen?",
    no_more="Das war alles.",
    more="{count} weitere",
    counted="{count}: {names}.",
    summed="{column}: {value} bei {count} Einträgen.",
    none_fits="Keiner der {total} Einträge.",
    not_summed="Das lässt sich nicht ausrechnen: Die Werte passen nicht zusammen. Es sind:",
    no_such_page="Diese Seite gibt es nicht: {document} hat {pages}.",
    documents=Counted("Du hast keine Dokumente.", "Du hast ein Dokument.", "Du hast {count} Dokumente."),
    added=Counted(
        "In dieser Zeit hast du keine Dokumente hinzugefügt.",
        "Du hast ein Dokument hinzugefügt.",
        "Du hast {count} Dokumente hinzugefügt.",
    ),
    added_on="Du hast {name} am {date} hinzugefügt.",
    has_pages="{name} hat {pages} Seiten.",
    has_sections="{name} handelt von: {sections}.",
)
_SPANISH = Replies(
    not_found="No he podido encontrar eso en tus documentos.",
    nothing_about="No he podido encontrar eso en tus documentos: no dicen nada sobre «{topic}».",
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
    shared="{document}, en la colección {name}",
    conjunction=" y ",
    yes="Sí",
    no="No",
    cell="{column} de {key}: {value}",
    first_part="Hay {total}. Los {count} primeros:",
    next_part="Los {count} siguientes:",
    last_part="Los {count} últimos:",
    go_on="¿Sigo?",
    no_more="Eso era todo.",
    more="{count} más",
    counted="{count}: {names}.",
    summed="{column}: {value} en {count} entradas.",
    none_fits="Ninguna de las {total} entradas.",
    not_summed="No se puede calcular: los valores no lo permiten. Son:",
    no_such_page="No existe esa página: {document} tiene {pages}.",
    documents=Counted("No tienes documentos.", "Tienes un documento.", "Tienes {count} documentos."),
    added=Counted("No añadiste documentos en ese tiempo.", "Añadiste un documento.", "Añadiste {count} documentos."),
    added_on="Añadiste {name} el {date}.",
    has_pages="{name} tiene {pages} páginas.",
    has_sections="{name} trata de: {sections}.",
)
_FRENCH = Replies(
    not_found="Je n'ai pas trouvé cela dans vos documents.",
    nothing_about="Je n'ai pas trouvé cela dans vos documents : ils ne disent rien sur « {topic} ».",
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
    shared="{document}, dans la collection {name}",
    conjunction=" et ",
    yes="Oui",
    no="Non",
    cell="{column} de {key} : {value}",
    first_part="Il y en a {total}. Les {count} premiers :",
    next_part="Les {count} suivants :",
    last_part="Les {count} derniers :",
    go_on="Dois-je continuer ?",
    no_more="C'était tout.",
    more="{count} autres",
    counted="{count} : {names}.",
    summed="{column} : {value} pour {count} entrées.",
    none_fits="Aucune des {total} entrées.",
    not_summed="Je ne peux pas le calculer : les valeurs ne le permettent pas. Ce sont :",
    no_such_page="Cette page n'existe pas : {document} en a {pages}.",
    documents=Counted("Vous n'avez aucun document.", "Vous avez un document.", "Vous avez {count} documents."),
    added=Counted(
        "Vous n'avez ajouté aucun document pendant cette période.",
        "Vous avez ajouté un document.",
        "Vous avez ajouté {count} documents.",
    ),
    added_on="Vous avez ajouté {name} le {date}.",
    has_pages="{name} a {pages} pages.",
    has_sections="{name} parle de : {sections}.",
)
_PORTUGUESE = Replies(
    not_found="Não encontrei isso nos seus documentos.",
    nothing_about="Não encontrei isso nos seus documentos: nada dizem sobre «{topic}».",
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
    shared="{document}, na coleção {name}",
    conjunction=" e ",
    yes="Sim",
    no="Não",
    cell="{column} de {key}: {value}",
    first_part="São {total}. Os primeiros {count}:",
    next_part="Os próximos {count}:",
    last_part="Os últimos {count}:",
    go_on="Devo continuar?",
    no_more="Era tudo.",
    more="mais {count}",
    counted="{count}: {names}.",
    summed="{column}: {value} em {count} entradas.",
    none_fits="Nenhuma das {total} entradas.",
    not_summed="Não dá para calcular: os valores não o permitem. São:",
    no_such_page="Essa página não existe: {document} tem {pages}.",
    documents=Counted("Você não tem documentos.", "Você tem um documento.", "Você tem {count} documentos."),
    added=Counted(
        "Você não adicionou documentos nesse período.",
        "Você adicionou um documento.",
        "Você adicionou {count} documentos.",
    ),
    added_on="Você adicionou {name} em {date}.",
    has_pages="{name} tem {pages} páginas.",
    has_sections="{name} trata de: {sections}.",
)
_JAPANESE = Replies(
    not_found="文書の中には見つかりませんでした。",
    nothing_about="文書の中には見つかりませんでした。「{topic}」についての記載はありません。",
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
    shared="コレクション「{name}」の{document}",
    conjunction="と",
    yes="はい",
    no="いいえ",
    cell="{key}の{column}: {value}",
    first_part="全部で{total}件あります。最初の{count}件：",
    next_part="次の{count}件：",
    last_part="最後の{count}件：",
    go_on="続けますか？",
    no_more="以上です。",
    more="ほか{count}件",
    counted="{count}件：{names}。",
    summed="{column}：{count}件で{value}。",
    none_fits="{total}件のうち、当てはまるものはありません。",
    not_summed="値がそろっていないため計算できません。内訳:",
    no_such_page="そのページはありません。{document}は{pages}ページまでです。",
    documents=Counted("文書はありません。", "文書は1件あります。", "文書は{count}件あります。"),
    added=Counted(
        "その期間に追加された文書はありません。", "1件の文書を追加しました。", "{count}件の文書を追加しました。"
    ),
    added_on="{name}は{date}に追加されました。",
    has_pages="{name}は{pages}ページあります。",
    has_sections="{name}の内容：{sections}。",
)
_ARABIC = Replies(
    not_found="لم أجد ذلك في مستنداتك.",
    nothing_about="لم أجد ذلك في مستنداتك: لا شيء فيها عن «{topic}».",
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
    shared="{document} في المجموعة {name}",
    conjunction=" و",
    yes="نعم",
    no="لا",
    cell="{column} {key}: {value}",
    first_part="هناك {total}. أول {count}:",
    next_part="التالية {count}:",
    last_part="آخر {count}:",
    go_on="هل أتابع؟",
    no_more="هذا كل شيء.",
    more="{count} أخرى",
    counted="{count}: {names}.",
    summed="{column}: {value} في {count} إدخالات.",
    none_fits="لا ينطبق ذلك على أي من {total}.",
    not_summed="لا يمكن حساب ذلك لأن القيم لا تسمح به. وهي:",
    no_such_page="لا توجد هذه الصفحة: في {document} {pages}.",
    documents=Counted("ليس لديك مستندات.", "لديك مستند واحد.", "لديك {count} مستندات."),
    added=Counted("لم تضف مستندات في تلك الفترة.", "أضفت مستندًا واحدًا.", "أضفت {count} مستندات."),
    added_on="أضفت {name} في {date}.",
    has_pages="في {name} {pages} صفحات.",
    has_sections="يتناول {name}: {sections}.",
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

_WANTS_MORE = frozenset(
    (
        "yes", "yes please", "yeah", "yep", "sure", "ok", "okay", "go on", "yes go on", "please go on", "go ahead", "continue",
        "please continue", "more", "next", "the rest", "and the rest", "keep going", "please do", "read on", "go on please",
        "ja", "ja bitte", "weiter", "ja weiter", "mach weiter", "bitte weiter", "gerne", "sí", "si", "sí por favor", "sigue",
        "continúa", "adelante", "más", "oui", "oui s il vous plaît", "continue s il te plaît", "continuez", "la suite", "vas y",
        "sim", "sim por favor", "continua", "continue por favor", "mais", "pode continuar", "はい", "続けて", "続けて ください",
        "お願いします", "نعم", "تابع", "أكمل", "استمر",
    )
)  # fmt: skip
"""What people say who want to hear the rest, in words."""
_STOPS = ".。"
_EDGES = " \t\r\n.,;:!?。！？、؟¡¿"


def replies_for(question: str, language: str | None = None) -> Replies:
    """The sentences in the language of ``question``; where that doesn't tell it, in ``language`` if it's given."""
    if language is not None and language in REPLIES and not tells_language(question):
        return REPLIES[language]
    return REPLIES.get(detect(question), _ENGLISH)


def wants_more(utterance: str) -> bool:
    """Whether ``utterance`` accepts an offer to go on."""
    plain = " ".join(utterance.lower().strip(_EDGES).replace("'", " ").replace("’", " ").replace(",", " ").split())
    return plain in _WANTS_MORE


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
    return any(one.not_found.rstrip(_STOPS) in answer for one in REPLIES.values())


def offers_more(answer: str) -> bool:
    """Whether ``answer`` ends with the question whether to go on."""
    return any(answer.rstrip().endswith(one.go_on) for one in REPLIES.values())


def joined(parts: Sequence[str], conjunction: str) -> str:
    """All with commas, the last with ``conjunction``."""
    return conjunction.join(filter(None, (", ".join(parts[:-1]), parts[-1])))
