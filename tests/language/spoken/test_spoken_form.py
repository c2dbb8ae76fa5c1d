import re
import unicodedata

import pytest

from vasi.language.spoken.form import LANGUAGES, spoken_form

ENGLISH = [
    ("It costs $1,234.50.", "It costs 1234 dollars and 50 cents."),
    ("€40, 40 €, 40 EUR and $1", "40 euros, 40 euros, 40 euros and 1 dollar"),
    ("£3.20 or $0.99, not -$5", "3 pounds and 20 pence or 99 cents, not minus 5 dollars"),
    ("$5 million, $1.5m, €10–15", "5 million dollars, 1.5 million dollars, 10 to 15 euros"),
    ("Dr. Smith of 5 Main St. near St. Mary's", "Doctor Smith of 5 Main Street near Saint Mary's"),
    ("e.g. No. 7, i.e. the last", "for example number 7, that is the last"),
    ("See Fig. 3 and pp. 12–15, etc. Then stop.", "See figure 3 and pages 12 to 15, et cetera. Then stop."),
    ("No. That is wrong.", "No. That is wrong."),
    ("It takes approx. 5 min. or max. 3 hrs.", "It takes approximately 5 minutes or maximum 3 hours."),
    ("At 14:30, 9:05 am, 17:00 or 9:00.", "At 2 30 p m, 9 oh 5 a m, 5 p m or 9 o'clock."),
    ("Open 9am-1pm, Mon–Fri.", "Open 9 a m to 1 p m, Monday to Friday."),
    ("She left at 5 p.m. Then it rained.", "She left at 5 p m. Then it rained."),
    ("on 2024-05-03", "on May third, twenty twenty four"),
    ("on May 3, 2024", "on May third, twenty twenty four"),
    ("the 3rd of May", "the third of May"),
    ("by 12 Nov. 1998", "by November twelfth, nineteen ninety eight"),
    (
        "25/12/2024, but 03/04/24 can be either",
        "December twenty fifth, twenty twenty four, but 0 3 slash 04 slash 24 can be either",
    ),
    ("In 1998 and 2005, the 1990s", "In nineteen ninety eight and 2005, the nineteen nineties"),
    (
        "2019–2021 and from 1914-18",
        "twenty nineteen to twenty twenty one and from nineteen fourteen to nineteen eighteen",
    ),
    ("2000 km and 2024 people", "2000 kilometres and 2024 people"),
    (
        "5 kg, 1 km, 20 km/h, 3 m², 2.5GB",
        "5 kilograms, 1 kilometre, 20 kilometres per hour, 3 square metres, 2.5 gigabytes",
    ),
    ("-5 °C, 10%, 10-15%", "minus 5 degrees Celsius, 10 percent, 10 to 15 percent"),
    ("5 in the box, a 5-day week, well-known", "5 in the box, a 5-day week, well-known"),
    ("3-5 days", "3 to 5 days"),
    ("2 + 2 = 4, 3 × 4, x² ≤ 5", "2 plus 2 equals 4, 3 times 4, x squared at most 5"),
    ("½ cup, 1 1/2 cups, 3/4", "a half cup, 1 and one half cups, three quarters"),
    ("Call +44 20 7946 0958 or 555-1234.", "Call plus 4 4, 2 0, 7 9 4 6, 0 9 5 8 or 5 5 5, 1 2 3 4."),
    ("order 12345678, code 007, 1,234,567", "order 1 2 3, 4 5 6, 7 8, code 0 0 7, 1234567"),
    ("v1.2.3 on 192.168.0.1, Python 3.11", "version 1 point 2 point 3 on 192 dot 168 dot 0 dot 1, Python 3.11"),
    ("john.smith@example.com", "john dot smith at example dot com"),
    ("See https://www.example.com/docs/guide?x=1.", "See example dot com slash docs slash guide."),
    (
        "handbook_2024-v2.pdf, src/main.py, /etc/hosts",
        "handbook twenty twenty four version 2 dot P D F, src slash main dot py, slash etc slash hosts",
    ),
    ("~/notes/config.toml", "tilde slash notes slash config dot toml"),
    ("snake_case and getUserName()", "snake case and get User Name"),
    ("vasi download --language de -y", "vasi download dash dash language de dash y"),
    ("Chapter IV, World War II, Vitamin C", "Chapter 4, World War 2, Vitamin C"),
    ("Henry VIII. Part III", "Henry the eighth. Part 3"),
    ("the EU, VAT and NASA; KEEP OUT", "the EU, V A T and NASA; KEEP OUT"),
    ("A & B, R&D, and/or, #5, § 12", "A and B, R and D, and or, number 5, section 12"),
    ("Boat 9: berth B21. Room 101.", "Boat 9: berth B21. Room 101."),
]
GERMAN = [
    ("1.234,50 € oder 40 EUR", "1234 Euro und 50 Cent oder 40 Euro"),
    ("3,5 Mio. Euro, 1.000.000 Einwohner", "3,5 Millionen Euro, 1000000 Einwohner"),
    ("z. B. am 3. Mai 2024", "zum Beispiel am dritten Mai 2024"),
    ("Der 3. Mai, 21.06.1998", "Der dritte Mai, einundzwanzigster Juni neunzehnhundert 98"),
    ("um 14:30 Uhr, um 9.30 Uhr, 9:00–17:00 Uhr", "um 14 Uhr 30, um 9 Uhr 30, 9 Uhr bis 17 Uhr"),
    ("Dr. Müller, d. h. ca. 5 km bzw. 10 %", "Doktor Müller, das heißt circa 5 Kilometer beziehungsweise 10 Prozent"),
    ("Abb. 3, S. 12–15, Nr. 7, § 5 Abs. 2", "Abbildung 3, Seite 12 bis 15, Nummer 7, Paragraf 5 Absatz 2"),
    ("Ludwig XIV. war, Kapitel IV", "Ludwig der Vierzehnte war, Kapitel 4"),
    ("Tel. 030 1234567", "Telefon 0 3 0, 1 2 3, 4 5 6 7"),
    ("-5 °C, 20 km/h, ½ Liter", "minus 5 Grad Celsius, 20 Kilometer pro Stunde, ein halb Liter"),
    ("info@beispiel.de, EU, PDF", "info ät beispiel Punkt de, E U, P D F"),
    ("Im 2. Stock. Das war 2005.", "Im 2. Stock. Das war 2005."),
]
FRENCH = [
    ("1 234,50 € ou 40 EUR", "1234 euros 50 centimes ou 40 euros"),
    ("le 1er mai 2024 à 14h30", "le premier mai 2024 à 14 heures 30"),
    ("le 03/05/2024 de 9 h à 17 h", "le 3 mai 2024 de 9 heures à 17 heures"),
    ("M. Dupont et Mme Martin, p. ex.", "monsieur Dupont et madame Martin, par exemple"),
    ("c.-à-d. env. 5 km, 10 %, n° 7", "c'est-à-dire environ 5 kilomètres, 10 pour cent, numéro 7"),
    ("XIXe siècle, Louis XIV, chapitre IV", "19e siècle, Louis 14, chapitre 4"),
    ("Tél. 01 23 45 67 89", "téléphone 0 1, 2 3, 4 5, 6 7, 8 9"),
    ("fig. 3, 2 + 2 = 4, l'UE", "figure 3, 2 plus 2 égale 4, l'UE"),
    ("10-15 jours, info@exemple.fr", "10 à 15 jours, info arobase exemple point fr"),
]
SPANISH = [
    ("1.234,50 € o $5", "1234 euros con 50 céntimos o 5 dólares"),
    ("el 3 de mayo de 2024 a las 14:30", "el 3 de mayo de 2024 a las 14 30"),
    ("a las 9:15, el 03/05/2024", "a las 9 y 15, el 3 de mayo de 2024"),
    ("El Sr. García y la Dra. López, p. ej.", "El señor García y la doctora López, por ejemplo"),
    ("aprox. 5 km, 10 %, n.º 7, págs. 12-15", "aproximadamente 5 kilómetros, 10 por ciento, número 7, páginas 12 a 15"),
    ("siglo XIX, Felipe II, EE. UU.", "siglo 19, Felipe segundo, Estados Unidos."),
    ("Tel. 912 345 678", "teléfono 9 1 2, 3 4 5, 6 7 8"),
    ("½ litro, -5 °C, 1.000.000", "medio litro, menos 5 grados centígrados, 1000000"),
]
PORTUGUESE = [
    ("R$ 1.234,50 ou 40 €", "1234 reais e 50 centavos ou 40 euros"),
    ("1 de maio de 2024 às 14h30", "primeiro de maio de 2024 às 14 horas e 30"),
    ("03/05/2024, às 2:00", "3 de maio de 2024, às duas horas"),
    ("O Sr. Silva e a Dra. Souza, p. ex.", "O senhor Silva e a doutora Souza, por exemplo"),
    ("aprox. 5 km, 10 %, n.º 7, págs. 12-15", "aproximadamente 5 quilômetros, 10 por cento, número 7, páginas 12 a 15"),
    ("século XIX, capítulo IV", "século 19, capítulo 4"),
    ("Tel. (11) 91234-5678", "telefone 1 1, 9 1 2 3 4, 5 6 7 8"),
    ("info@exemplo.pt, 2 + 2 = 4", "info arroba exemplo ponto pt, 2 mais 2 igual a 4"),
]
JAPANESE = [
    ("料金は¥1,500です", "料金は1500 円です"),
    ("2024-05-03の14:30に", "2024年5月3日の14時30分に"),
    ("5 kmと10%と3-5日", "5 キロメートルと10 パーセントと3 から 5日"),
    ("info@example.jp", "info アットマーク example ドット jp"),
]
ARABIC = [
    ("السعر $40 أو 10%", "السعر 40 دولار أو 10 بالمئة"),
    ("يوم 2024-05-03 الساعة 14:30", "يوم 3 مايو 2024 الساعة 14 و 30 دقيقة"),
    ("د. أحمد، 5 km، 3-5 أيام، ص. 12", "الدكتور أحمد، 5 كيلومتر، 3 إلى 5 أيام، صفحة 12"),
]
CASES = {
    "en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "pt": PORTUGUESE, "ja": JAPANESE, "ar": ARABIC,
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [(language, written, said) for language, cases in CASES.items() for written, said in cases],
)
def test_what_is_written_is_said_as_people_say_it(language, written, said):
    assert spoken_form(written, language).text == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_says_where_it_was_written(language):
    for cases in CASES.values():
        for written, _ in cases:
            spoken = spoken_form(written, language)
            assert len(spoken.origins) == len(spoken.text)
            assert list(spoken.origins) == sorted(spoken.origins)
            assert all(0 <= origin < len(written) for origin in spoken.origins)


def test_words_that_stay_are_found_where_they_were_written():
    written = "Dr. Smith paid $1,234.50 on 3 May 2024 at noon."
    spoken = spoken_form(written, "en")
    for word in ("Smith", "paid", "on", "noon"):
        at = re.search(rf"\b{word}\b", spoken.text).start()
        assert spoken.origins[at] == re.search(rf"\b{word}\b", written).start()
    assert written[spoken.origins[spoken.text.index("twenty")] :].startswith("ay 2024")


def test_plain_sentences_stay_as_they_are():
    for text in ("You have ten days of leave.", "Grüße aus Köln!", "¿Qué hora es?", "", "   ", "a"):
        for language in LANGUAGES:
            assert spoken_form(text, language).text == text


def test_a_language_without_a_table_is_left_alone():
    assert spoken_form("5 km, $3", "fi").text == "5 km, $3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_text_can_be_said(language):
    for text in (
        "\u0660\u0661:\u0662\u0663 $\u0665",
        "9" * 300,
        "." * 300,
        "1.1.1.1.1.1.1.1",
        "$€£¥",
        "I.I.I.I.",
        "²³½",
        "a\x00b",
        "--",
        "#1#2#3",
        "99/99/9999 99:99 2024-99-99",
        "".join(map(chr, range(0x20, 0x600))),
    ):
        spoken = spoken_form(text, language)
        assert len(spoken.origins) == len(spoken.text)
        assert unicodedata.normalize("NFC", spoken.text) is not None
