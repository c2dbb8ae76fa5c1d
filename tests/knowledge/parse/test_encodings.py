"""Texts of many languages in the encodings that people still have them in; and what is said where none fits."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.shared_data import SHARED
from vasi.errors import DocumentError
from vasi.knowledge.parse.encodings import decode, is_text, suspicion
from vasi.knowledge.parse.worker import Request, read
from vasi.testing.settings import reading_limits

LIMITS = reading_limits()

SENTENCES = {
    "de": "Die Mühle öffnet samstags um zehn. Für Schüler ist die Führung umsonst; bezahlt wird im Erdgeschoß.",
    "fr": "La bibliothèque prête les livres pendant trois semaines. Où rapporter un livre abîmé ? À côté de l'entrée.",
    "es": "La piscina cerrará en otoño. ¿Quién enseñará natación a los pequeños? La señora Núñez, según el tablón.",
    "pt": "O estacionamento fica atrás da estação. Não é permitido deixar bicicletas no chão da recepção.",
    "sv": "Tvättstugan är öppen från klockan sju på morgonen. Nyckeln hämtas hos vaktmästaren på nedre våningen.",
    "it": "La biblioteca è aperta perché c'è una mostra: più di così non si può. Il venerdì sarà chiusa.",
    "pl": "Piekarnia piecze żytni chleb w każdą środę. Zamówienia przyjmujemy do południa, później już się nie da.",
    "cs": "Pekárna peče žitný chléb každou středu. Objednávky přijímáme do poledne, později už to nejde zařídit.",
    "hu": "A pékség minden szerdán süt rozskenyeret. A rendeléseket délig vesszük föl, később már nem győzzük.",
    "ru": "Пекарня печёт ржаной хлеб каждую среду. Заказы принимаются до полудня, позже уже не успеем.",
    "uk": "Пекарня пече житній хліб щосереди. Замовлення приймаються до полудня, пізніше вже не встигнемо.",
    "bg": "Пекарната пече ръжен хляб всяка сряда. Поръчки се приемат до обяд, по-късно вече не успяваме.",
    "el": "Ο φούρνος ψήνει ψωμί σίκαλης κάθε Τετάρτη. Οι παραγγελίες γίνονται δεκτές μέχρι το μεσημέρι.",
    "tr": "Fırın her çarşamba çavdar ekmeği pişirir. Siparişler öğlene kadar alınır, sonrası için söz veremiyoruz.",
    "he": "המאפייה אופה לחם שיפון בכל יום רביעי. הזמנות מתקבלות עד הצהריים בלבד.",
    "ar": "يخبز المخبز خبز الجاودار كل يوم أربعاء. تقبل الطلبات حتى الظهر فقط.",
    "th": "ร้านขนมปังอบขนมปังไรย์ทุกวันพุธ รับคำสั่งซื้อถึงเที่ยงวันเท่านั้น",
    "lt": "Kepykla kepa ruginę duoną kiekvieną trečiadienį. Užsakymai priimami iki vidurdienio, vėliau jau nespėsime.",
    "zh": "面包店每个星期三烤黑麦面包。中午以前可以预订，之后就来不及了。",
    "zh-tw": "麵包店每個星期三烤黑麥麵包。中午以前可以預訂，之後就來不及了。",
    "ja": "パン屋は毎週水曜日にライ麦パンを焼きます。注文は正午まで受け付けています。",
    "ko": "빵집은 매주 수요일에 호밀빵을 굽습니다. 주문은 정오까지만 받습니다.",
}
LEGACY = {
    "de": ["cp1252", "iso8859-15", "mac-roman", "cp850"],
    "fr": ["cp1252", "iso8859-15", "mac-roman"],
    "es": ["cp1252", "iso8859-1"],
    "pt": ["cp1252", "iso8859-1"],
    "sv": ["cp1252", "iso8859-1"],
    "it": ["cp1252"],
    "pl": ["cp1250", "iso8859-2"],
    "cs": ["cp1250", "iso8859-2"],
    "hu": ["cp1250", "iso8859-2"],
    "ru": ["cp1251", "koi8-r", "iso8859-5", "cp866"],
    "uk": ["cp1251", "koi8-u"],
    "bg": ["cp1251"],
    "el": ["cp1253", "iso8859-7"],
    "tr": ["cp1254", "iso8859-9"],
    "he": ["cp1255"],
    "ar": ["cp1256"],
    "th": ["cp874"],
    "lt": ["cp1257"],
    "zh": ["gbk", "gb18030"],
    "zh-tw": ["big5"],
    "ja": ["shift_jis", "euc_jp", "iso2022_jp"],
    "ko": ["euc_kr", "cp949"],
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, encoding) for language, names in LEGACY.items() for encoding in names]
)
def test_legacy_encodings_are_recognised(language: str, encoding: str) -> None:
    sentence = SENTENCES[language]
    data = sentence.encode(encoding)
    assert is_text(data)
    assert decode(data).text == sentence


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("language", SENTENCES)
def test_unicode_is_recognised_with_and_without_a_mark(language: str, encoding: str) -> None:
    data = SENTENCES[language].encode(encoding)
    assert is_text(data)
    decoded = decode(data)
    assert decoded.text == SENTENCES[language]
    assert not decoded.warnings


@pytest.mark.parametrize(
    "text",
    [
        "Café", "naïve", "über", "Año 2025", "São Paulo", "Ålesund", "© 2024 Müller", "24 °C", "Total: 5 €",
        "a “quote” – and a dash", "½ cup", "3 m²", "Größe;Preis\nä;5 €", "•\tone\n•\ttwo", "ÜBERSICHT", "L’été",
    ],
)  # fmt: skip
def test_a_few_accents_are_western(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    ("table", "encoding"),
    [
        ("Имя;Комната\nОльга;214\nИван;115\n", "cp1251"),
        ("姓名,房间,电话\n王芳,二楼,214\n李伟,三楼,115\n", "gbk"),
        ("名前,部屋,電話\n田中さん,二階,214\n鈴木さん,三階,115\n", "cp932"),
    ],
)
def test_tables_of_few_words_are_recognised(table: str, encoding: str) -> None:
    assert decode(table.encode(encoding)).text == table


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        ('<html><head><meta charset="{}"><title>{}</title></head>', "windows-1251"),
        ("<meta http-equiv='Content-Type' content='text/html; charset={}'><p>{}", "koi8-r"),
        ('<?xml version="1.0" encoding="{}"?><p>{}</p>', "ISO-8859-5"),
        ("# -*- coding: {} -*-\n{}\n", "cp866"),
    ],
)
def test_the_declared_encoding_is_kept_to(page: str, encoding: str) -> None:
    # Too short to be recognised by what it says.
    written = page.format(encoding, "Да")
    decoded = decode(written.encode(encoding))
    assert decoded.text == written
    assert not decoded.warnings


def test_latex_declares_its_encoding() -> None:
    written = "\\documentclass{article}\\usepackage[latin2]{inputenc}\\begin{document}Łódź\\end{document}"
    assert decode(written.encode("iso8859-2")).text == written


def test_what_a_mail_declares_is_kept_to() -> None:
    assert decode("Да".encode("koi8-r"), "KOI8-R").text == "Да"


@pytest.mark.parametrize("name", ["utf-8", "nonsense", "base64", "idna", "x" * 40, "us-ascii"])
def test_a_wrong_declaration_is_passed_over(name: str) -> None:
    written = f'<meta charset="{name}"><p>{SENTENCES["ru"]}'
    assert decode(written.encode("cp1251")).text == written


def test_utf_8_is_kept_to_though_something_else_is_declared() -> None:
    written = f'<meta charset="windows-1252"><p>{SENTENCES["de"]}'
    assert decode(written.encode()).text == written


def test_one_broken_byte_does_not_spoil_a_text() -> None:
    decoded = decode((SENTENCES["ru"] * 3).encode() + b"\xff ok")
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith("\ufffd ok")
    assert decoded.warnings == ("One character of it is broken.",)
    cut = decode(SENTENCES["zh"].encode()[:-1])
    assert cut.text == SENTENCES["zh"][:-1]


def test_the_telling_lines_may_come_late() -> None:
    data = b"Only plain words stand in this line.\n" * 20_000 + SENTENCES["ru"].encode("cp1251")
    assert decode(data).text.endswith(SENTENCES["ru"])


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le", "utf-16"])
def test_a_text_that_ends_in_nuls_is_a_text(encoding: str) -> None:
    data = "The gate is closed.\n".encode(encoding) + bytes(64)
    assert is_text(data)
    assert decode(data).text == "The gate is closed.\n"


def test_what_is_no_text() -> None:
    noise = random.Random(7)
    for size in (50, 500, 5_000, 100_000):
        assert not is_text(noise.randbytes(size))
    assert not is_text(bytes(100))
    assert not is_text(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


def test_what_cannot_be_told_is_refused_with_the_remedy(tmp_path: Path) -> None:
    noise = random.Random(7)
    for number in range(10):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(bytes(noise.choice([*range(128, 256), *[32] * 20]) for _ in range(400)))
        with pytest.raises(
            DocumentError, match=r"^\d\.txt is a text in an encoding .* save it as UTF-8 and add that\.$"
        ):
            read(Request(str(path), path.name, LIMITS))


@pytest.mark.parametrize("sound", [*SENTENCES.values(), "m² of São Paulo", "pH-Wert 7, 5µl", "Nr. 5 – 1ª"])
def test_sound_text_is_not_suspicious(sound: str) -> None:
    assert suspicion(sound) <= 0.08


@pytest.mark.parametrize(("encoding", "wrong"), [("utf-8", "cp1250"), ("cp1251", "cp437")])
def test_text_that_was_read_wrongly_is_suspicious(encoding: str, wrong: str) -> None:
    assert suspicion(SENTENCES["ru"].encode(encoding).decode(wrong, "replace")) > 0.1


@pytest.mark.skipif(not (SHARED / "cases").is_dir(), reason="../shared/cases isn't there")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("charset-1251.html", "Касса открыта с 9 до 18 часов."),
        ("charset-sjis.html", "営業時間は9時から18時までです。"),
        ("utf16-nobom.txt", "The gate code is kept in the blue safe."),
    ],
)
def test_collected_files(name: str, words: str) -> None:
    reading = read(Request(str(SHARED / "cases" / "files" / name), name, LIMITS))
    assert words in reading.passages[0].text
    assert not reading.warnings


@pytest.mark.parametrize(("language", "encoding"), [("de", "cp1252"), ("fr", "cp1252"), ("ru", "cp1251")])
def test_lines_of_two_encodings_are_each_read_in_their_own(language: str, encoding: str) -> None:
    sentence = f"{SENTENCES[language]}\n"
    decoded = decode((sentence * 3).encode(encoding) + (sentence * 2).encode())
    assert decoded.text == sentence * 5
    assert "each was read in its own" in decoded.warnings[0]


def test_a_line_of_another_encoding_that_looks_like_utf_8_is_none() -> None:
    text = f"{SENTENCES['zh']}\n联通\n{SENTENCES['zh']}\n"
    assert decode(text.encode("gb18030")).text == text
