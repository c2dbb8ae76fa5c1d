"""No question of one language is a command about notes in another, whatever language the conversation is in."""

# ruff: noqa: E501 - a row of a table reads better on one line

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vasi.language.grammar import commands, understand
from vasi.language.intents import NOTE_COMMANDS, NotesHelp
from vasi.language.locales import MODULES

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)

QUESTIONS = {
    "en": (
        "How much is the deductible for dental?", "Who wrote the handbook?", "Can I delete my account?",
        "What does the contract say about notes to the accounts?", "When do I have to change the filter?",
        "How do I add a user to the group?", "What is on the menu on Friday?", "Where is the list of members kept?",
    ),
    "de": (
        "Wie hoch ist die Selbstbeteiligung?", "Wer hat das Handbuch geschrieben?", "Kann ich mein Konto löschen?",
        "Was steht im Vertrag über Anmerkungen?", "Wann muss ich den Filter wechseln?", "Wie füge ich einen Nutzer hinzu?",
        "Was kostet der Eintritt für Kinder?", "Welche Liste gilt für Mitglieder?", "Muss ich das notieren lassen?",
    ),
    "fr": (
        "Combien coûte l'entrée pour les enfants ?", "Qui a écrit le manuel ?", "Puis-je supprimer mon compte ?",
        "Que dit le contrat sur les notes de frais ?", "Quand faut-il changer le filtre ?", "Comment ajouter un utilisateur ?",
        "Où se trouve la liste des membres ?", "Quel est le délai de préavis ?",
    ),
    "es": (
        "¿Cuánto cuesta la entrada para niños?", "¿Quién escribió el manual?", "¿Puedo borrar mi cuenta?",
        "¿Qué dice el contrato sobre las notas al pie?", "¿Cuándo hay que cambiar el filtro?", "¿Cómo añado un usuario?",
        "¿Dónde está la lista de socios?", "¿Cuál es el plazo de preaviso?",
    ),
    "pt": (
        "Quanto custa a entrada para crianças?", "Quem escreveu o manual?", "Posso apagar a minha conta?",
        "O que diz o contrato sobre as notas fiscais?", "Quando se deve mudar o filtro?", "Como adiciono um usuário?",
        "Onde está a lista de sócios?", "Qual é o prazo de aviso prévio?",
    ),
    "ja": (
        "入場料はいくらですか？", "マニュアルは誰が書きましたか？", "アカウントを削除できますか？", "フィルターはいつ交換しますか？",
        "利用者を追加するにはどうすればいいですか？", "会員のリストはどこですか？", "予告期間はどのくらいですか？",
    ),
    "ar": (
        "كم سعر الدخول للأطفال؟", "من كتب الدليل؟", "هل يمكنني حذف حسابي؟", "ماذا يقول العقد عن الحواشي؟",
        "متى يجب تغيير الفلتر؟", "كيف أضيف مستخدما؟", "أين قائمة الأعضاء؟", "ما هي مدة الإشعار؟",
    ),
}  # fmt: skip

_FORMS = (
    lambda text: text,
    lambda text: text.lower(),
    lambda text: text.lower().strip("¿?？؟ "),
    lambda text: text.upper(),
    lambda text: f"ok, {text}",
    lambda text: f"{text} {text}",
)
_ALL = [(language, question) for language, questions in QUESTIONS.items() for question in questions]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_ALL), st.sampled_from(_FORMS), st.sampled_from([None, *MODULES]))
def test_a_question_is_no_command(asked, form, spoken):
    _, question = asked
    found = commands(form(question), NOW, spoken)
    assert not [intent for intent in found if isinstance(intent, NOTE_COMMANDS)], (question, spoken)


@pytest.mark.parametrize(("language", "question"), _ALL)
def test_each_question_is_one_in_its_own_language(language, question):
    for said in (question, question.lower().strip("¿?？؟ ")):
        assert not isinstance(understand(said, NOW, language), NOTE_COMMANDS)


def test_a_command_that_only_sounds_so_in_another_language_is_not_obeyed():
    assert not isinstance(understand("Mis notas del examen, ¿dónde se publican?", NOW, "en"), NotesHelp)
