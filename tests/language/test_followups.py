"""A question that leans on the one before is understood together with it, in each language of the app."""

import pytest

from vasi.language.followups import in_context, resolve
from vasi.language.terms import words


@pytest.mark.parametrize(
    ("before", "question", "there", "gone"),
    [
        ("When does the ferry leave on Friday?", "And Monday?", "ferry monday", "friday"),
        ("Wann fährt die Fähre am Freitag?", "Und am Montag?", "fähre montag", "freitag"),
        ("Wann fährt die Fähre am Freitag?", "und montags?", "fähre montags", "freitag"),
        ("Was kostet die Überfahrt mit Fahrrad?", "Und was ist mit Hund?", "überfahrt hund", ""),
        ("Was kostet die Überfahrt für Senioren?", "und für Gruppen?", "überfahrt gruppen", "senioren"),
        ("Wie hoch war der Umsatz im Mai?", "Und im Juni?", "umsatz juni", "mai"),
        ("Quand part le ferry le vendredi ?", "Et le lundi ?", "ferry lundi", "vendredi"),
        ("Combien coûte la traversée pour les seniors ?", "et pour les groupes ?", "traversée groupes", "seniors"),
        ("Combien coûte la traversée à vélo ?", "Qu'en est-il des chiens ?", "traversée chiens", ""),
        ("¿A qué hora sale el barco el viernes?", "¿Y el lunes?", "barco lunes", "viernes"),
        ("¿Cuánto cuesta el trayecto para jubilados?", "¿y para grupos?", "trayecto grupos", "jubilados"),
        ("¿Cuánto se vendió en 2021?", "¿y en 2022?", "vendió 2022", "2021"),
        ("A que horas parte o barco na sexta?", "E na segunda?", "barco segunda", "sexta"),
        ("Quanto custa a travessia para idosos?", "e para grupos?", "travessia grupos", "idosos"),
        ("متى تغادر العبارة يوم الجمعة؟", "ويوم الاثنين؟", "العبارة الاثنين", "الجمعة"),
        ("كم سعر الرحلة لكبار السن؟", "وماذا عن المجموعات؟", "الرحلة المجموعات", ""),
        ("كم سعر الرحلة للموظفين؟", "وللطلاب؟", "الرحلة للطلاب", "للموظفين"),
    ],
)
def test_what_is_named_anew_takes_the_place_of_what_was(before: str, question: str, there: str, gone: str) -> None:
    said = words(in_context(question, before))
    assert not set(there.split()) - set(said)
    assert not set(gone.split()) & set(said)


@pytest.mark.parametrize(
    ("before", "question", "there"),
    [
        ("Wo bekomme ich den Bibliotheksausweis?", "Wie lange gilt er?", "gilt bibliotheksausweis"),
        ("Wo bekomme ich den Bibliotheksausweis?", "Was kostet das?", "kostet bibliotheksausweis"),
        ("Wo bekomme ich den Bibliotheksausweis?", "Und ab wann?", "wann bibliotheksausweis"),
        ("Où demander la carte de bibliothèque ?", "Combien ça coûte ?", "coûte bibliothèque"),
        ("Où demander la carte de bibliothèque ?", "Et à partir de quel âge ?", "âge bibliothèque"),
        ("¿Dónde se pide el carné de la biblioteca?", "¿Cuánto cuesta?", "cuesta carné biblioteca"),
        ("¿Dónde se pide el carné de la biblioteca?", "¿Y hasta cuándo vale?", "vale carné biblioteca"),
        ("Onde se pede o cartão da biblioteca?", "Quanto custa?", "custa cartão biblioteca"),
        ("Onde se pede o cartão da biblioteca?", "E até quando vale?", "vale cartão biblioteca"),
        ("من أين أحصل على بطاقة المكتبة؟", "متى تنتهي؟", "تنتهي بطاقة المكتبة"),
        ("من أين أحصل على بطاقة المكتبة؟", "كم سعرها؟", "سعرها بطاقة المكتبة"),
    ],
)
def test_what_does_not_say_what_it_is_about_is_about_the_same(before: str, question: str, there: str) -> None:
    resolved = in_context(question, before)
    assert not set(there.split()) - set(words(resolved))


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Was kostet die Überfahrt?", "Gibt es einen Kiosk?"),
        ("Was kostet die Überfahrt?", "Was kostet das Frühstück?"),
        ("Was kostet die Überfahrt?", "Wer hat die Brücke gebaut?"),
        ("Combien coûte la traversée ?", "Y a-t-il un kiosque ?"),
        ("Combien coûte la traversée ?", "Où faut-il stationner ?"),
        ("Combien coûte la traversée ?", "Qui a construit le pont ?"),
        ("¿Cuánto cuesta el trayecto?", "¿Hay un quiosco?"),
        ("¿Cuánto cuesta el trayecto?", "¿Quién construyó el puente?"),
        ("Quanto custa a travessia?", "Há um quiosque?"),
        ("Quanto custa a travessia?", "Quem construiu a ponte?"),
        ("كم سعر الرحلة؟", "هل يوجد كشك؟"),
        ("كم سعر الرحلة؟", "من بنى الجسر القديم؟"),
        ("渡し船の料金はいくらですか", "売店はありますか"),
        ("渡し船の料金はいくらですか", "誰が橋を建てましたか"),
    ],
)
def test_what_says_what_it_is_about_stands_on_its_own(before: str, question: str) -> None:
    assert in_context(question, before) == question


@pytest.mark.parametrize(
    ("before", "question", "there", "gone"),
    [
        ("船は金曜日に何時に出ますか", "では月曜日は？", ("船は", "月曜日"), "金曜日"),
        ("船は金曜日に何時に出ますか", "月曜日は？", ("船は", "月曜日"), "金曜日"),
        ("5月の売り上げはいくらですか", "6月は？", ("売り上げ", "6月"), "5月"),
        ("お年寄りの料金はいくらですか", "じゃあ学生は？", ("料金", "学生"), "では"),
        ("会員証はどこで作れますか", "それはいくらですか？", ("会員証", "いくら"), "どこ"),
        ("会員証はどこで作れますか", "いつまで使えますか", ("会員証", "いつまで"), "どこ"),
    ],
)
def test_in_japanese_too(before: str, question: str, there: tuple[str, str], gone: str) -> None:
    resolved = in_context(question, before)
    assert all(part in resolved for part in there)
    assert gone not in resolved


def test_several_in_a_row_build_on_each_other() -> None:
    resolved = resolve(["Wann fährt die Fähre am Freitag?", "Und am Montag?", "Und was kostet sie?"])
    assert {"kostet", "fähre", "montag"} <= set(words(resolved))


def test_a_question_in_another_language_than_the_one_before_leans_on_it_too() -> None:
    assert {"ferry", "montag"} <= set(words(in_context("Und am Montag?", "When does the ferry leave?")))


def test_where_neither_tells_its_language_that_of_the_conversation_does() -> None:
    assert in_context("Und XJ-900?", "XJ-700?", "de") == "xj 700 XJ-900"
