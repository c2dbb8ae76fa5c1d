# ruff: noqa: E501 - a phrase reads better on one line
import pytest

from vasi.language import endings

FINISHED = [
    "what is the deductible of the standard plan",
    "how many vacation days do i get in my first year",
    "take a note call the dentist on friday",
    "stop",
    "yes",
    "Where is the office?",
    "the child almost hurt the small dog",
    "my number is five five five one two three four",
]
UNFINISHED = [
    "what is the",
    "i would like to know um",
    "take a note that",
    "i want to go to paris and",
    "how many days of",
    "tell me about the plan for my",
    "my number is five five five",
    "it is zero one",
    "where is the...",
    "So I was thinking,",
    "drop it when",
]


@pytest.mark.parametrize("text", FINISHED)
def test_what_can_stand_alone_is_finished(text):
    assert endings.completeness(text) > 0.5


@pytest.mark.parametrize("text", UNFINISHED)
def test_what_wants_more_words_is_not(text):
    assert endings.completeness(text) < 0.25


@pytest.mark.parametrize("text", ["how many stones", "does the", "the child", "sunday"])
def test_what_is_too_short_to_be_a_sentence_is_not_either(text):
    assert endings.completeness(text) < 0.5


@pytest.mark.parametrize(
    "text", ["read my notes", "delete that note", "what time is it", "thank you", "say that again"]
)
def test_a_command_that_is_understood_is_finished_however_short(text):
    assert endings.completeness(text) >= 0.7


@pytest.mark.parametrize("text", ["", "  ", "...?"])
def test_without_words_nothing_can_be_told(text):
    assert endings.completeness(text) == endings.UNKNOWN


def test_a_question_that_can_end_in_a_preposition_is_less_sure_than_one_that_cannot():
    assert endings.completeness("when do they") < endings.completeness("which form is this on")
    assert endings.completeness("which form is this on") < endings.completeness("which form is this one here")


@pytest.mark.parametrize(
    "text",
    [
        "wann öffnet das schwimmbad am samstag",
        "ich brauche einen neuen ausweis für die werkstatt",
        "das fenster im flur ist noch offen",
        "ja",
        "lies meine notizen vor",
        "combien coûte une carte pour les étudiants",
        "il me faut une clé pour le garage",
        "quelle heure est-il",
        "merci",
        "cuánto cuesta el abono mensual",
        "dónde se recogen las llaves",
        "necesito otra llave del garaje",
        "gracias",
        "quanto custa o passe mensal",
        "preciso de outra chave da garagem",
        "onde fica a secretaria",
        "図書館は何時に開きますか",
        "鍵をもう一本ください",
        "メモを読んで",
        "窓口はどこですか",
        "متى يفتح المسبح يوم السبت",
        "أحتاج مفتاحا آخر للمرآب",
        "شكرا",
    ],
)
def test_what_can_stand_alone_in_another_language_is_finished(text: str) -> None:
    assert endings.completeness(text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "wann öffnet das schwimmbad am",
        "ich komme heute nicht weil",
        "ich hätte gern eine karte für den bus und",
        "ich möchte wissen ob die",
        "meine nummer ist null eins sieben",
        "combien coûte une carte pour les",
        "je ne viens pas parce que",
        "je voudrais du pain et",
        "je voudrais savoir si l'",
        "mon numéro est le zéro six",
        "no puedo venir porque",
        "quiero pan y",
        "cuánto cuesta el abono de la",
        "dime qué pasa cuando",
        "não posso ir porque",
        "quero pão e",
        "quanto custa o passe para os",
        "quero saber o que acontece se",
        "今日は行けませんけど",
        "図書館のカードを",
        "パンと牛乳と",
        "えっと",
        "明日の会議について",
        "لا أستطيع الحضور لأن",
        "أريد الخبز و",
        "كم سعر التذكرة من",
        "أريد أن",
        "ich wollte fragen,",
        "土曜日は、",
        "أريد أن أسأل،",
    ],
)
def test_what_wants_more_words_in_another_language_is_not(text: str) -> None:
    assert endings.completeness(text) < 0.25


@pytest.mark.parametrize(("less", "more"), [("wo bekomme ich", "wo bekomme ich das neue formular"), ("onde está", "onde está a chave"), ("土曜日は", "土曜日は開いていますか"), ("où sont vos", "où sont vos bureaux à lyon")])  # fmt: skip
def test_what_can_end_an_utterance_but_seldom_does_is_less_sure(less: str, more: str) -> None:
    assert endings.completeness(less) < endings.completeness(more)


def test_of_a_language_whose_words_are_not_known_only_the_marks_tell() -> None:
    assert endings.completeness("quanto costa il biglietto per gli") == endings.UNKNOWN
    assert endings.completeness("Quanto costa il biglietto per gli studenti?") > 0.5
