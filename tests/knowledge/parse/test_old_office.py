"""What is read of the compound files that Office and Outlook used to write."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.knowledge import compound_files, office_files
from tests.knowledge.office_files import HEADING, SENTENCE, TABLE
from vasi.errors import DocumentError
from vasi.knowledge import Knowledge
from vasi.knowledge.parse.blocks import STRUCK_OUT, Parsed
from vasi.knowledge.parse.compound import Compound
from vasi.knowledge.parse.readers import choose
from vasi.knowledge.parse.worker import Request, read
from vasi.testing.settings import reading_limits

LIMITS = reading_limits()
PAGE = (
    f"<h2>{HEADING}</h2><p>{SENTENCE}</p><table>"
    + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    + "</table>"
)
FILES: dict[str, Callable[[], bytes]] = {
    "harbour.doc": compound_files.doc,
    "harbour.xls": compound_files.xls,
    "harbour.ppt": compound_files.ppt,
    "harbour.msg": lambda: compound_files.msg(page=PAGE),
}


def parse(name: str, data: bytes) -> Parsed:
    return choose(name, data, LIMITS).parse(data, LIMITS)


def texts(parsed: Parsed) -> list[str]:
    return [block.text for block in parsed.blocks]


@pytest.mark.parametrize("name", FILES)
async def test_what_is_put_in_is_found(name: str, knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    report = await knowledge.add("ana", [tmp_path / name])
    assert [document.name for document in report.added] == [name]
    found = await knowledge.search("ana", "When does the lighthouse open?")
    assert SENTENCE in found.passages[0].passage.text
    assert HEADING in found.passages[0].passage.heading
    found = await knowledge.search("ana", "Which berth has the Gull?")
    assert "Boat: Gull; Berth: B22; Price: 900.50 EUR" in found.passages[0].passage.text


def test_word_shows_neither_codes_nor_hidden_text() -> None:
    parsed = parse("x.doc", compound_files.doc())
    assert [(block.kind, block.text) for block in parsed.blocks] == [
        ("heading", HEADING),
        ("text", SENTENCE),
        ("text", "See the link."),
        ("row", "Boat: Heron; Berth: B21; Price: 1,250.00 EUR"),
        ("row", "Boat: Gull; Berth: B22; Price: 900.50 EUR"),
        ("text", "- Bring a torch"),
        ("text", "Größe € 5"),
    ]


@pytest.mark.parametrize("how", [compound_files.STRIKE, compound_files.DOUBLE_STRIKE])
def test_word_does_not_read_what_is_struck_out(how: int) -> None:
    parsed = parse("x.doc", compound_files.doc(how))
    assert not any("secret" in text for text in texts(parsed))
    assert parsed.warnings == [STRUCK_OUT]


def test_excel_does_not_read_what_is_struck_out() -> None:
    struck = compound_files.xls_text(12, 0, "Sold long ago", compound_files.STRUCK_STYLE)
    parsed = parse("x.xls", compound_files.xls(struck, compound_files.xls_text(13, 0, "Still here")))
    assert "Still here" in texts(parsed)
    assert "Sold long ago" not in texts(parsed)
    assert STRUCK_OUT in parsed.warnings


def test_excel_does_not_read_what_someone_hid() -> None:
    hidden = compound_files.xls_hidden_row(5) + compound_files.xls_hidden_columns(1, 1)
    parsed = parse("x.xls", compound_files.xls(hidden))
    assert "Boat: Heron; Price: 1,250.00 EUR" in texts(parsed)
    assert not any("Gull" in text or "B21" in text for text in texts(parsed))
    assert any("1 hidden row" in warning and "column" in warning for warning in parsed.warnings)


def test_excel_shows_formats_and_results() -> None:
    parsed = parse("x.xls", compound_files.xls())
    assert texts(parsed)[-4:] == ["Made by a formula", "3. June 2024", "Ünïcode", "TRUE"]
    assert parsed.warnings == ["Its hidden sheet Wages wasn't read: show what is to be read, save and add it again."]


def test_slides_are_read_as_they_were_saved_last() -> None:
    parsed = parse("x.ppt", compound_files.ppt())
    assert parsed.pages == 1
    assert {block.page for block in parsed.blocks} == {1}
    assert texts(parsed)[0] == HEADING
    assert texts(parsed)[-1] == "Smile."
    assert "Outdated." not in texts(parsed)


@pytest.mark.parametrize(
    "parts",
    [
        {"body": "Ring at the gate."},
        {"page": "<p>Ring at the gate.</p>"},
        {"rich": rb"{\rtf1\ansi Ring at the gate.}"},
        {"rich": rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}Ring at the gate.{\*\htmltag72 </p>}}"},
    ],
)
def test_a_mail_of_outlook(parts: dict[str, str]) -> None:
    attachments = {"note.txt": b"Ring twice.", "letter.odt": office_files.odt(), "x.bin": bytes(range(256))}
    parsed = parse("x.msg", compound_files.msg(attachments=attachments, **parts))  # type: ignore[arg-type]
    assert parsed.title == "Harbour"
    assert texts(parsed)[1] == "Subject: Harbour\nFrom: Jürgen <j@example.org>\nTo: Ana\nDate: 2 June 2025, 08:30 UTC"
    assert texts(parsed)[2] == "Ring at the gate."
    assert "Ring twice." in texts(parsed)
    assert SENTENCE in texts(parsed)
    assert "It is closed on Monday." in texts(parsed)
    assert [warning[:40] for warning in parsed.warnings] == ["Its attachment x.bin wasn't read: it is "]


def test_packed_rich_text() -> None:
    # What the dictionary begins with is referred to: "{\rtf1\ansi" is 11 bytes from place 0 on.
    packed = bytes([0b0000_0001, 0x00, 0x09]) + b" Hi all}"[:7] + bytes([0b0000_0010, ord("}"), 0x0D, 0x50])
    data = b"\0" * 4 + (20).to_bytes(4, "little") + b"LZFu" + b"\0" * 4 + packed
    mail = compound_files.compound(
        {"__properties_version1.0": bytes(32), "__substg1.0_10090102": data, "__substg1.0_0037001F": b"x\0"}
    )
    assert "Hi all" in texts(parse("x.msg", mail))


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, "protected by a password"),
        ({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(6) + b"\x00\x01" + bytes(600)}, "protected by a password"),
        ({"WordDocument": b"\xdc\xa5\x65\x00" + bytes(600)}, "before Word 97"),
        ({"Workbook": b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x04\x00" + bytes(600)}, "protected by a password"),
        ({"PowerPoint Document": b"x", "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3" + bytes(9)}, "protected by"),
        ({"VisioDocument": b"x"}, "a kind that isn't read: save it as PDF"),
    ],
)
def test_what_cannot_be_read_is_told(streams: dict[str, bytes], reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        parse("x", compound_files.compound(streams))


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_survived(name: str, tmp_path: Path) -> None:
    """Cut and overwritten at random places: read in part, or refused in one sentence, and soon."""
    whole = FILES[name]()
    noise = random.Random(11)
    path = tmp_path / name
    for _ in range(60):
        data = bytearray(whole[: noise.randrange(600, len(whole))] if noise.random() < 0.3 else whole)
        for _ in range(noise.randrange(1, 30)):
            data[noise.randrange(8, len(data))] = noise.randrange(256)
        path.write_bytes(data)
        message = ""
        try:
            read(Request(str(path), name, LIMITS))
        except DocumentError as error:
            message = str(error)
        assert not message or (message.startswith(f"{name} ") and "\n" not in message)


def test_chains_in_circles_end() -> None:
    data = bytearray(compound_files.compound({"A": bytes(9_000)}))
    fat = data.rindex(b"\xfd\xff\xff\xff") // 512 * 512
    data[fat : fat + 4] = bytes(4)  # the first sector is followed by itself
    assert len(Compound(bytes(data)).read("A") or b"") <= 9_000


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        (
            "export.xls",
            b"<html><body><table><tr><td>Boat<td>Berth<tr><td>Gull<td>B22</table>",
            "Boat: Gull; Berth: B22",
        ),
        ("export.xls", b"Boat\tBerth\nGull\tB22\nHeron\tB21\n", "Boat: Gull; Berth: B22"),
        ("letter.doc", rb"{\rtf1\ansi Dear Ana.}", "Dear Ana."),
        ("letter.doc", b"<html><body><p>Dear Ana.</p>", "Dear Ana."),
    ],
)
def test_exports_under_old_names(name: str, data: bytes, text: str) -> None:
    assert texts(parse(name, data))[0] == text
