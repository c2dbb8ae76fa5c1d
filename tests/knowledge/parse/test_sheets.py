"""What a sheet of any format doesn't show, or can't."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from tests.knowledge import office_files
from tests.knowledge.office_files import odf
from vasi.knowledge.parse import odf as odf_parser
from vasi.knowledge.parse import xlsx
from vasi.knowledge.parse.blocks import Parsed
from vasi.testing.settings import reading_limits

ROWS = [["Boat", "Key", "Fee"], ["Heron", "k1", 40], ["Gull", "k2", 50], ["Tern", "k3", 60]]


def _workbook(change: Callable[[Any, Any], object]) -> Parsed:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Fees")
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    change(book, sheet)
    book.close()
    return xlsx.parse(out.getvalue(), 100_000)


def _rows(parsed: Parsed) -> list[str]:
    return [block.text for block in parsed.blocks if block.kind == "row"]


def test_hidden_rows_and_columns_are_told_and_not_read() -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(9, 12, None, None, {"hidden": True})

    parsed = _workbook(hide)
    assert _rows(parsed) == ["Boat: Heron; Fee: 40", "Boat: Tern; Fee: 60"]
    assert parsed.warnings == [
        "Of its sheet Fees, 1 hidden row and hidden column B weren't read: show what is to be read, save and add it "
        "again."
    ]


@pytest.mark.parametrize("kind", ["filter", "group"])
def test_what_a_filter_or_a_closed_group_hides_is_read_and_told(kind: str) -> None:
    def fold(_: Any, sheet: Any) -> None:
        if kind == "filter":
            sheet.autofilter("A1:C4")
            sheet.filter_column("A", "x != Gull")
            sheet.set_row(2, None, None, {"hidden": True})
        else:
            sheet.set_row(2, None, None, {"hidden": True, "level": 1})

    parsed = _workbook(fold)
    assert len(_rows(parsed)) == 3
    assert parsed.warnings == ["What a filter or a closed group hides in its sheet Fees was read as well."]


def test_errors_and_formulas_without_results_are_told() -> None:
    def compute(_: Any, sheet: Any) -> None:
        sheet.write_formula("C2", "=1/0", value="#DIV/0!")
        sheet.write_string("D1", "Tax")
        sheet.write_formula("D3", "=C3*0.2", value=10)
        sheet.write_formula("D4", "=C4*0.2", value="")

    parsed = _workbook(compute)
    assert _rows(parsed) == [
        "Boat: Heron; Key: k1",
        "Boat: Gull; Key: k2; Fee: 50; Tax: 10",
        "Boat: Tern; Key: k3; Fee: 60",
    ]
    assert parsed.warnings == ["Cells of its sheet Fees show errors and weren't read: C2 (#DIV/0!)."]


def test_formulas_that_were_never_calculated_are_told() -> None:
    sheet = "<row r='1'><c r='A1'><f>1+1</f></c><c r='B1' t='inlineStr'><is><t>Sum of all</t></is></c></row>"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    data = office_files.archive(
        {
            "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{kind}'><sheets><sheet name='A' r:id='x'/></sheets>"
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships><Relationship Id='x' Type='{kind}/worksheet' "
            "Target='sheet.xml'/></Relationships>",
            "xl/sheet.xml": f"<worksheet xmlns='{main}'><sheetData>{sheet}</sheetData></worksheet>",
        }
    )
    (warning,) = xlsx.parse(data, 1_000).warnings
    assert warning.startswith("Formulas of its sheet A have no results and weren't read (A1): open it in a spreadsheet")


def test_comments_that_answer_each_other_are_read_once() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    threads = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    legacy = "[Threaded comment]\n\nYour version of Excel shows this: Is the fee right?"
    data = office_files.archive(
        {
            "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{kind}'><sheets><sheet name='A' r:id='x'/></sheets>"
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships><Relationship Id='x' Type='{kind}/worksheet' "
            "Target='sheet.xml'/></Relationships>",
            "xl/sheet.xml": f"<worksheet xmlns='{main}'><sheetData><row r='1'><c r='A1' t='inlineStr'>"
            "<is><t>Fee: 70</t></is></c></row></sheetData></worksheet>",
            "xl/_rels/sheet.xml.rels": f"<Relationships><Relationship Id='c' Type='{kind}/comments' Target='c.xml'/>"
            "<Relationship Id='t' Type='http://schemas.microsoft.com/office/2017/10/relationships/threadedComment' "
            "Target='t.xml'/></Relationships>",
            "xl/c.xml": f"<comments xmlns='{main}'><commentList><comment ref='A1'><text><t>{legacy}</t></text>"
            "</comment></commentList></comments>",
            "xl/t.xml": f"<ThreadedComments xmlns='{threads}'><threadedComment ref='A1' id='1'><text>Is the fee right?"
            "</text></threadedComment><threadedComment ref='A1' id='2' parentId='1'><text>Yes, since May.</text>"
            "</threadedComment></ThreadedComments>",
        }
    )
    said = " ".join(block.text for block in xlsx.parse(data, 1_000).blocks)
    assert said.count("Is the fee right?") == 1
    assert "Yes, since May." in said
    assert "Your version" not in said


def test_what_is_struck_out_no_longer_holds() -> None:
    def strike(book: Any, sheet: Any) -> None:
        struck = book.add_format({"font_strikeout": True})
        sheet.write(1, 2, 40, struck)
        sheet.write_rich_string("A5", "Pelican ", struck, "sold", " new")

    parsed = _workbook(strike)
    assert _rows(parsed)[0] == "Boat: Heron; Key: k1"
    assert any("Pelican new" in " ".join(block.text.split()) for block in parsed.blocks)
    assert parsed.warnings == ["Text that is struck out wasn't read."]


def test_hidden_parts_of_opendocument_sheets() -> None:
    rows = [
        f"<table:table-row{mark}>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row, mark in zip(
            [*ROWS, ["Wren", "k4", "#REF!"]],
            ["", "", " table:visibility='collapse'", " table:visibility='filter'", ""],
            strict=True,
        )
    ]
    columns = "<table:table-column/><table:table-column table:visibility='collapse'/><table:table-column/>"
    body = f"<table:table table:name='Fees'>{columns}{''.join(rows)}</table:table>"
    parsed = odf_parser.parse(odf("spreadsheet", body), "spreadsheet", reading_limits())
    assert _rows(parsed) == ["Boat: Heron; Fee: 40", "Boat: Tern; Fee: 60", "Boat: Wren"]
    assert [warning[:40] for warning in parsed.warnings] == [
        "Of its sheet Fees, 1 hidden row and hidd",
        "What a filter or a closed group hides in",
        "Cells of its sheet Fees show errors and ",
    ]
