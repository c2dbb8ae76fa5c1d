"""The same small document in many formats: a heading, a sentence, a table and a list."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

import xlsxwriter

HEADING = "Opening hours"
SENTENCE = "The lighthouse opens at nine and closes at four."
TABLE = [["Boat", "Berth", "Price"], ["Heron", "B21", "1,250.00 EUR"], ["Gull", "B22", "900.50 EUR"]]
ITEMS = ["Bring a torch", "Wear firm shoes"]

OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def archive(parts: Mapping[str, str | bytes], *, stored: str = "") -> bytes:
    """A ZIP archive of ``parts``; the one called ``stored`` isn't packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content, zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- OpenDocument -----------------------------------------------------------------------------------------------------
def odf(
    kind: str, body: str, *, styles: str = "", automatic: str = "", extra: Mapping[str, str] | None = None
) -> bytes:
    """An OpenDocument file with this body."""
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {OFFICE}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
        "styles.xml": f"<office:document-styles {OFFICE}>{styles}</office:document-styles>",
        "meta.xml": f"<office:document-meta {OFFICE}><office:meta><dc:title>Harbour</dc:title></office:meta>"
        "</office:document-meta>",
        "META-INF/manifest.xml": "<manifest/>",
        **(extra or {}),
    }
    return archive(parts, stored="mimetype")


def odf_table(name: str = "") -> str:
    """The table as OpenDocument."""
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in TABLE
    )
    return f'<table:table table:name="{name}">{rows}</table:table>'


def odf_text() -> str:
    """Heading, sentence, list and table as OpenDocument."""
    items = "".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in ITEMS)
    return (
        f'<text:h text:outline-level="1">{HEADING}</text:h><text:p>{SENTENCE}</text:p>'
        f"<text:list>{items}</text:list>{odf_table()}"
    )


def odt() -> bytes:
    """A text."""
    return odf("text", odf_text())


def ods() -> bytes:
    """A sheet; what stands above the table is its title."""
    return odf("spreadsheet", odf_table(HEADING).replace("<table:table-row>", _ODS_NOTE + "<table:table-row>", 1))


_ODS_NOTE = (
    f"<table:table-row><table:table-cell><text:p>{SENTENCE}</text:p></table:table-cell></table:table-row>"
    '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
)


def odp() -> bytes:
    """One slide."""
    return odf(
        "presentation",
        f'<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>{HEADING}</text:p></draw:text-box>'
        f"</draw:frame><draw:frame><draw:text-box><text:p>{SENTENCE}</text:p></draw:text-box></draw:frame>"
        f"<draw:frame>{odf_table()}</draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>Smile.</text:p>"
        "</draw:text-box></draw:frame></presentation:notes></draw:page>",
    )


# --- Excel ------------------------------------------------------------------------------------------------------------
def xlsx() -> bytes:
    """A workbook with formats, merged cells, a hidden sheet, a note and a text box."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    money = book.add_format({"num_format": '#,##0.00 "EUR"'})
    share = book.add_format({"num_format": "0.0%"})
    day = book.add_format({"num_format": "d.m.yyyy"})
    hours = book.add_worksheet(HEADING)
    hours.write(0, 0, SENTENCE)
    hours.write_row(2, 0, ["Boat", "Berth", "Price", "Share", "Since"])
    for at, (name, berth, price, part, since) in enumerate(
        [("Heron", "B21", 1250, 0.125, date(1962, 5, 4)), ("Gull", "B22", 900.5, 0.5, date(2001, 12, 24))], 3
    ):
        hours.write_row(at, 0, [name, berth])
        hours.write(at, 2, price, money)
        hours.write(at, 3, part, share)
        hours.write_datetime(at, 4, datetime(since.year, since.month, since.day), day)
    hours.write(5, 0, "Total")
    hours.write_formula(5, 2, "=SUM(C4:C5)", money, 2150.5)
    hours.write_row(2, 7, ["Pump", "Litres"])
    hours.write_row(3, 7, ["North", 80])
    hours.write_row(4, 7, ["South", 95])
    hours.write_row(8, 0, ["Captain", "Phone"])
    hours.write_row(9, 0, ["Mia", "030 123"])
    hours.write_row(10, 0, ["Tom", "030 456"])
    hours.write_comment("A4", "Painted in May.")
    hours.insert_textbox("K12", "The office closes at noon.")
    hidden = book.add_worksheet("Wages")
    hidden.write(0, 0, "secret")
    hidden.hide()
    crew = book.add_worksheet("Crew")
    crew.write_row(0, 0, ["Team", "Name", "Starts"])
    crew.merge_range("A2:A3", "Deck")
    crew.write_row(1, 1, ["Ana", 0.75])
    crew.write(1, 2, 0.75, book.add_format({"num_format": "h:mm"}))
    crew.write_row(2, 1, ["Bo"])
    crew.write(2, 2, 0.3125, book.add_format({"num_format": "h:mm AM/PM"}))
    book.close()
    return out.getvalue()


# --- others -----------------------------------------------------------------------------------------------------------
def rtf() -> bytes:
    """A document as Word writes RTF, with a table and a list."""
    rows = "".join(
        r"\trowd\cellx2000\cellx4000\cellx6000 "
        + "".join(rf"\pard\intbl {cell}\cell " for cell in row)
        + r"\row"
        + "\n"
        for row in TABLE
    )
    items = "".join(rf"{{\listtext\'B7\tab}}\pard\ls1 {item}\par" + "\n" for item in ITEMS)
    return (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}}{\stylesheet{\s0 Normal;}{\s1 heading 1;}}"
        rf"{{\info{{\title Harbour}}}}\pard\s1 {HEADING}\par \pard {SENTENCE}\par {items}{rows}\pard End.\par}}"
    ).encode("ascii")


def epub() -> bytes:
    """A book of one chapter."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    chapter = (
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>"
        f"<h1>{HEADING}</h1><p>{SENTENCE}</p><table>{rows}</table></body></html>"
    )
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<dc:title>The Harbour Book</dc:title><dc:creator>Ines Moor</dc:creator></metadata><manifest>"
        "<item id='nav' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>"
        "<item id='c1' href='text/one%20.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='nav'/><itemref idref='c1'/></spine></package>"
    )
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles>"
        "<rootfile full-path='OEBPS/book.opf'/></rootfiles></container>"
    )
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/book.opf": package,
        "OEBPS/nav.xhtml": "<html><body>Contents</body></html>",
        "OEBPS/text/one .xhtml": chapter,
    }
    return archive(parts, stored="mimetype")


def mail(*, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """A mail in base64 whose page has the table, with what is attached."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    page = f"<html><body><h2>{HEADING}</h2><p>{SENTENCE}</p><table>{rows}</table></body></html>"
    parts = [
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(page.encode()).decode()
    ]
    for name, data in (attachments or {}).items():
        parts.append(
            f'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\n'
            f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}"
        )
    body = "".join(f"--edge\n{part}\n" for part in parts)
    return (
        "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\nTo: Ana <ana@example.org>\nSubject: =?utf-8?b?SGFyYm91cg==?=\n"
        "Date: Mon, 02 Jun 2025 10:30:00 +0200\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/mixed; boundary=edge\n\n{body}--edge--\n"
    ).encode()


def json_file() -> bytes:
    """An object with a list of objects."""
    boats = [dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]]
    return json.dumps({HEADING: {"text": SENTENCE, "boats": boats}}).encode()


def notebook() -> bytes:
    """A notebook."""
    table = "\n".join("| " + " | ".join(row) + " |" for row in [TABLE[0], ["---"] * 3, *TABLE[1:]])
    cells = [
        {"cell_type": "markdown", "source": [f"# {HEADING}\n", "\n", f"{SENTENCE}\n", "\n", table]},
        {
            "cell_type": "code",
            "source": "print(6 * 7)",
            "outputs": [
                {"output_type": "stream", "text": ["42\n"]},
                {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo", "text/plain": "<Figure>"}},
            ],
        },
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
