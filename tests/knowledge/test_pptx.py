"""PowerPoint files: all that a slide shows, and its notes."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from vasi.knowledge.parse import pptx
from vasi.knowledge.parse.blocks import Parsed

_BOX = (Inches(1), Inches(2), Inches(5), Inches(2))


def _parse(presentation: Any) -> Parsed:
    out = io.BytesIO()
    presentation.save(out)
    return pptx.parse(out.getvalue(), 100)


def _slide(presentation: Any, title: str) -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = title
    return slide


def _texts(parsed: Parsed) -> list[tuple[int | None, str]]:
    return [(block.page, block.text) for block in parsed.blocks]


def test_tables_keep_their_spans() -> None:
    presentation: Any = Presentation()
    table = _slide(presentation, "Fares").shapes.add_table(4, 3, *_BOX).table
    cells = ["Guest", "Fare", "", "", "Single", "Return", "Adult", "4 euros", "7 euros", "Child", "free", ""]
    for at, text in enumerate(cells):
        table.cell(at // 3, at % 3).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(3, 1).merge(table.cell(3, 2))
    assert _texts(_parse(presentation)) == [
        (1, "Fares"),
        (1, "Guest: Adult; Fare Single: 4 euros; Fare Return: 7 euros"),
        (1, "Guest: Child; Fare Single: free; Fare Return: free"),
    ]


def test_charts_are_tables_below_their_title() -> None:
    presentation: Any = Presentation()
    data: Any = CategoryChartData()
    data.categories = ["May", "June"]
    data.add_series("Guests", (120, 185))
    frame = _slide(presentation, "Season").shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *_BOX, data)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Guests a month"
    parsed = _parse(presentation)
    assert _texts(parsed)[1:] == [(1, "Guests a month"), (1, "May; Guests: 120"), (1, "June; Guests: 185")]
    assert parsed.blocks[2].caption == "Guests a month"


def test_groups_numbers_notes_and_hidden_slides() -> None:
    presentation: Any = Presentation()
    slide = _slide(presentation, "Steps")
    group = slide.shapes.add_group_shape()
    frame = group.shapes.add_textbox(*_BOX).text_frame
    frame.text = "Open the valve"
    for text in ("Wait", "Close it"):
        frame.add_paragraph().text = text
    for paragraph in frame.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(properties.makeelement(f"{{{properties.nsmap['a']}}}buAutoNum", {"type": "arabicPeriod"}))
    slide.notes_slide.notes_text_frame.text = "Say why."
    _slide(presentation, "Spare")._element.set("show", "0")
    parsed = _parse(presentation)
    assert _texts(parsed) == [
        (1, "Steps"),
        (1, "1. Open the valve\n2. Wait\n3. Close it"),
        (1, "Say why."),
        (2, "Spare"),
    ]
    assert parsed.warnings == ["Slides that are hidden were read as well: 2."]
