"""Which language a text is in, from a question to a page."""

from __future__ import annotations

import pytest

from vasi.language.detection import detect, passage_language

SENTENCES = {
    "en": """
        What does the annual pass cost?
        Who owns the boat at berth nine?
        The workshop is closed on Mondays and on public holidays.
        Please return the key to the front desk before you leave.
        Tickets are refunded up to three days ahead.
        Invoice INV-2207, due 30 days net
        Opening hours
    """,
    "de": """
        Was kostet die Jahreskarte?
        Wem gehört das Boot am Liegeplatz neun?
        Die Werkstatt ist montags und an Feiertagen geschlossen.
        Bitte geben Sie den Schlüssel vor der Abreise am Empfang ab.
        Karten werden bis drei Tage vorher erstattet.
        Rechnung fällig in 30 Tagen
        Öffnungszeiten der Werkstatt
        Wie lautet die Telefonnummer?
    """,
    "es": """
        ¿Cuánto cuesta el abono anual?
        ¿De quién es el barco del amarre nueve?
        El taller cierra los lunes y los días festivos.
        Devuelva la llave en la recepción antes de salir.
        Las entradas se reembolsan hasta tres días antes.
        Factura pagadera en 30 días
        ¿Dónde está la habitación?
    """,
    "fr": """
        Combien coûte l'abonnement annuel ?
        À qui appartient le bateau de la place neuf ?
        L'atelier est fermé le lundi et les jours fériés.
        Veuillez rendre la clé à l'accueil avant votre départ.
        Les billets sont remboursés jusqu'à trois jours avant.
        Facture payable sous 30 jours
        Qui est la directrice ?
    """,
    "it": """
        Quanto costa l'abbonamento annuale?
        Di chi è la barca al posto nove?
        L'officina è chiusa il lunedì e nei giorni festivi.
        Restituire la chiave alla reception prima della partenza.
        I biglietti sono rimborsati fino a tre giorni prima.
        Fattura da pagare entro 30 giorni
        Dove si trova la piscina?
    """,
    "nl": """
        Hoeveel kost het jaarabonnement?
        Van wie is de boot op ligplaats negen?
        De werkplaats is op maandag en op feestdagen gesloten.
        Lever de sleutel in bij de receptie voordat u vertrekt.
        Kaartjes worden tot drie dagen vooraf vergoed.
        Factuur te betalen binnen 30 dagen
        Wie is de voorzitter?
    """,
    "pt": """
        Quanto custa o passe anual?
        De quem é o barco do lugar nove?
        A oficina fecha às segundas e nos feriados.
        Devolva a chave na receção antes de sair.
        Os bilhetes são reembolsados até três dias antes.
        Fatura a pagar em 30 dias
        Onde fica a piscina?
        Qual é o prazo de entrega?
    """,
    "ar": """
        كم سعر الاشتراك السنوي؟
        الورشة مغلقة يوم الاثنين وفي العطلات الرسمية.
    """,
    "ja": """
        年間パスはいくらですか
        工房は月曜日と祝日は休みです。
        会議の開始時刻はいつですか
    """,
    "ko": """
        연간 이용권은 얼마인가요?
        작업실은 월요일과 공휴일에 쉽니다.
    """,
    "zh": """
        年票多少钱？
        工作室星期一和公共假日关闭。
    """,
}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(language, line.strip()) for language, lines in SENTENCES.items() for line in lines.strip().splitlines()],
)
def test_each_sentence_is_in_its_language(language: str, sentence: str) -> None:
    assert detect(sentence) == language


@pytest.mark.parametrize(
    "text",
    ["", "B21", "42 %", "INV-1234", "Müller", "Dr. Smith", "Café Nero", "naïve", "Zürich 8004", "The Champs-Élysées"],
)
def test_what_tells_nothing_is_taken_for_english(text: str) -> None:
    assert detect(text) == "en"


def test_a_foreign_name_or_phrase_leaves_the_text_in_its_language() -> None:
    assert detect("The Musée de l'Orangerie is open from nine to six and is closed on Tuesdays.") == "en"
    assert detect("Der Vortrag „The state of the art“ beginnt um neun Uhr im großen Saal.") == "de"
    assert detect("Python と Rust のどちらが速いですか") == "ja"
    assert detect("The sign says 東京 and nothing else, as far as we can tell from here.") == "en"


def test_a_heading_tells_the_language_of_a_few_words() -> None:
    assert passage_language("Berlin: 7") == "en"
    assert passage_language("Berlin: 7", "Preise für die Lieferung nach Städten") == "de"
