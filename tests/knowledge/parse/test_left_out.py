"""What is struck out or hidden isn't read as if it held, and is told; comments are read as such. In every format."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from tests.knowledge.office_files import odf
from tests.knowledge.parse.pdfs import Page, pdf
from tests.knowledge.word_files import docx, paragraph, root, run, style
from vasi.knowledge.parse.blocks import HIDDEN, STRUCK_OUT, Parsed
from vasi.knowledge.parse.readers import choose
from vasi.testing.settings import reading_limits


def _parse(name: str, data: bytes) -> Parsed:
    return choose(name, data, reading_limits()).parse(data, reading_limits())


def _slides() -> bytes:
    presentation: Any = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    frame = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame
    for text in ("The fee is ", "90", " 70 euros."):
        frame.paragraphs[0].add_run().text = text
    frame.paragraphs[0].runs[1]._r.get_or_add_rPr().set("strike", "sngStrike")
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


_LINE = "<style:style style:name='T1'><style:text-properties style:text-line-through-style='solid'/></style:style>"
_SPAN = "<text:p>The fee is <text:span text:style-name='T1'>90</text:span> 70 euros.</text:p>"
STRUCK = {
    "x.docx": docx(paragraph(run("The fee is ") + run("90", "<w:strike/>") + run(" 70 euros."))),
    "x.pptx": _slides(),
    "x.odt": odf("text", _SPAN, automatic=_LINE),
    "x.odp": odf(
        "presentation",
        f"<draw:page><draw:frame><draw:text-box>{_SPAN}</draw:text-box></draw:frame></draw:page>",
        automatic=_LINE,
    ),
    "x.rtf": rb"{\rtf1 The fee is {\strike 90} 70 euros.\par}",
    "x.html": b"<p>The fee is <del>90</del> 70 euros.</p>",
    "y.html": b'<p>The fee is <span style="color: red; text-decoration: line-through">90</span> 70 euros.</p>',
    "x.md": b"The fee is ~~90~~ 70 euros.",
    "y.md": b"The fee is <s>90</s> 70 euros.",
}


def test_what_is_struck_out_in_a_pdf_no_longer_holds() -> None:
    lines = Page().text(60, 700, "The fee is").text(112, 700, "90").text(130, 700, "70 euros a year.")
    lines.rule(111, 703.5, 126, 703.5)
    lines.text(60, 680, "Boats are let until ten").rule(60, 678.5, 200, 678.5)  # underlined
    marked = Page().text(60, 700, "The gate opens at").text(152, 700, "nine").text(180, 700, "eight on Sundays.")
    quads = "152 710 176 710 152 698 176 698"
    marked.annotations.append(
        f"/Type /Annot /Subtype /StrikeOut /F 4 /Rect [152 698 176 710] /QuadPoints [{quads}] /C [1 0 0]"
    )
    parsed = _parse("x.pdf", pdf([lines, marked]))
    said = " ".join(" ".join(block.text.split()) for block in parsed.blocks)
    assert "The fee is 70 euros a year." in said
    assert "Boats are let until ten" in said
    assert "The gate opens at eight on Sundays." in said
    assert parsed.warnings == [STRUCK_OUT]


def test_rules_and_forms_of_a_pdf_strike_nothing_out() -> None:
    page = Page()
    for at in range(6):
        page.text(60, 700 - 14 * at, f"Row {at} of the list of berths")
        page.rule(50, 703.5 - 14 * at, 560, 703.5 - 14 * at)  # far longer than what stands there
    parsed = _parse("x.pdf", pdf([page]))
    assert sum("Row" in line for block in parsed.blocks for line in block.text.split("of the list")) >= 6
    assert parsed.warnings == []


@pytest.mark.parametrize("name", STRUCK)
def test_what_is_struck_out_no_longer_holds(name: str) -> None:
    parsed = _parse(name, STRUCK[name])
    assert [" ".join(block.text.split()) for block in parsed.blocks] == ["The fee is 70 euros."]
    assert parsed.warnings == [STRUCK_OUT]


def test_an_item_that_is_struck_out_keeps_its_number() -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = root(
        "w:numbering",
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    items = [run("Open"), run("Wait", "<w:strike/>"), run("Close")]
    parsed = _parse("x.docx", docx("".join(paragraph(item, listed) for item in items), {"numbering": numbering}))
    assert [block.text for block in parsed.blocks] == ["1. Open\n3. Close"]


def test_a_task_that_is_ticked_off_stays() -> None:
    parsed = _parse("x.md", b"- [x] ~~Order the sails~~\n- [ ] Paint\n- ~~Sell the boat~~\n")
    assert [block.text for block in parsed.blocks] == ["- Order the sails (done)\n- Paint"]


def test_hidden_text_is_told() -> None:
    styles = root("w:styles", '<w:style w:styleId="Secret" w:type="paragraph"><w:rPr><w:vanish/></w:rPr></w:style>')
    body = paragraph(run("Seen.") + run("Unseen.", "<w:vanish/>")) + paragraph(run("Nor this."), style("Secret"))
    parsed = _parse("x.docx", docx(body, {"styles": styles}))
    assert [block.text for block in parsed.blocks] == ["Seen."]
    assert parsed.warnings == [HIDDEN]


def test_comments_stand_behind_what_they_are_about() -> None:
    comments = root("w:comments", f'<w:comment w:id="4" w:author="Ana Lind">{paragraph("Is that so?")}</w:comment>')
    mark = '<w:r><w:commentReference w:id="4"/></w:r>'
    body = paragraph(run("The bar opens at six.") + mark) + paragraph("It closes at ten.")
    parsed = _parse("x.docx", docx(body, {"comments": comments}))
    texts = ["The bar opens at six.", "Comment by Ana Lind: Is that so?", "It closes at ten."]
    assert [block.text for block in parsed.blocks] == texts


def test_hidden_slides_of_opendocument_are_told() -> None:
    automatic = (
        "<style:style style:name='h'><style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
    )
    box = "<draw:frame><draw:text-box><text:p>Spare</text:p></draw:text-box></draw:frame>"
    body = f"<draw:page>{box}</draw:page><draw:page draw:style-name='h'>{box}</draw:page>"
    parsed = _parse("x.odp", odf("presentation", body, automatic=automatic))
    assert [block.page for block in parsed.blocks] == [1, 2]
    assert parsed.warnings == ["Slides that are hidden were read as well: 2."]
