"""Word documents are read as Word shows them."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from tests.knowledge.word_files import cell, docx, paragraph, read, root, run, style, table
from vasi.errors import DocumentError
from vasi.knowledge.parse.list_numbers import format_number
from vasi.knowledge.parse.word import document
from vasi.knowledge.parse.worker import Request
from vasi.knowledge.parse.worker import read as read_request
from vasi.testing.settings import reading_limits


# --- changes --------------------------------------------------------------------------------------------------------
def test_changes_count_as_accepted() -> None:
    body = paragraph(
        run("The kiln is lit at ")
        + "<w:del><w:r><w:delText>noon</w:delText></w:r></w:del>"
        + f"<w:ins>{run('dawn')}</w:ins>"
        + f"<w:moveFrom>{run(' by Ana')}</w:moveFrom><w:moveTo>{run(' by Rui')}</w:moveTo>"
        + run(".")
    )
    body += paragraph("First half", "<w:rPr><w:del/></w:rPr>") + paragraph(", second half.")
    assert read(body) == ["The kiln is lit at dawn by Rui.", "First half, second half."]


def test_deleted_rows_are_gone() -> None:
    rows = [["Glaze", "Price"], ["Blue", "4 euros"], ["Red", "5 euros"], ["Green", "6 euros"]]
    changed = table(*rows).replace("<w:tr><w:tc><w:tcPr></w:tcPr><w:p><w:pPr></w:pPr><w:r><w:rPr></w:rPr>"
                                   '<w:t xml:space="preserve">Red', "<w:tr><w:trPr><w:del/></w:trPr>" + "<w:tc>"
                                   "<w:p><w:r><w:t>Red")  # fmt: skip
    assert read(changed) == ["Glaze: Blue; Price: 4 euros", "Glaze: Green; Price: 6 euros"]


# --- where text stands ----------------------------------------------------------------------------------------------
def test_content_controls_are_text_and_their_prompts_are_not() -> None:
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click to enter')}</w:sdtContent></w:sdt>"
    inline = f"<w:sdt><w:sdtContent>{run('Vera Lind')}</w:sdtContent></w:sdt>"
    block = f"<w:sdt><w:sdtContent>{paragraph('The rent is due in May.')}</w:sdtContent></w:sdt>"
    in_row = f"<w:sdt><w:sdtContent>{cell('40 euros')}</w:sdtContent></w:sdt>"
    body = paragraph(run("Tenant: ") + inline) + block + paragraph(run("Note:") + prompt)
    body += table(["Kind", "Fee"], ["Youth", in_row])
    assert read(body) == ["Tenant: Vera Lind", "The rent is due in May.", "Note:", "Kind: Youth; Fee: 40 euros"]


def test_text_boxes_are_read_once_behind_their_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('The safe is behind the clock.')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    old = f"<w:pict><v:shape><v:textbox>{box.replace('clock', 'mirror')}</v:textbox></v:shape></w:pict>"
    body = paragraph(run("Anchor.") + f"<w:r>{both}</w:r>") + paragraph(f"<w:r>{old}</w:r>")
    assert read(body) == ["Anchor.", "The safe is behind the clock.", "The safe is behind the mirror."]


def test_notes_stand_behind_what_refers_to_them() -> None:
    note = '<w:{0} w:id="{1}">{2}</w:{0}>'
    parts = {
        "footnotes": root(
            "w:footnotes",
            '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
            + note.format("footnote", 2, paragraph("Except on holidays.")),
        ),
        "endnotes": root("w:endnotes", note.format("endnote", 1, paragraph("Since 1987."))),
    }
    refer = '<w:r><w:{0}Reference w:id="{1}"/></w:r>'
    body = paragraph(run("We open at nine.") + refer.format("footnote", 2)) + paragraph("We close at five.")
    body += table(["Room", "Since"], ["Red", cell(paragraph(run("1987") + refer.format("endnote", 1)))])
    assert read(body, parts) == [
        "We open at nine.",
        "Except on holidays.",
        "We close at five.",
        "Room: Red; Since: 1987",
        "Since 1987.",
    ]


def test_headers_and_footers_are_read_once_without_page_numbers() -> None:
    page = '<w:r><w:t>Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>'
    parts = {
        "header:h1": root("w:hdr", paragraph("Contract KX-12")),
        "header:h2": root("w:hdr", paragraph("Contract KX-12")),
        "header:h3": root("w:hdr", paragraph("Only on the first page")),
        "footer:f1": root("w:ftr", paragraph("Emergency: 555-0199") + paragraph(page)),
    }
    section = '<w:sectPr><w:headerReference w:type="{}" r:id="{}"/><w:footerReference r:id="f1"/>{}</w:sectPr>'
    body = paragraph("One.", section.format("default", "h1", "")) + paragraph("Two.")
    unshown = section.format("first", "h3", "")
    assert read(body + section.format("default", "h2", "") + unshown, parts) == [
        "Contract KX-12",
        "Emergency: 555-0199",
        "One.",
        "Two.",
    ]
    assert "Only on the first page" in read(body + section.format("first", "h3", "<w:titlePg/>"), parts)


def test_nested_tables_have_the_label_of_their_row() -> None:
    inner = table(["Day", "Deposit"], ["One", "10 euros"], ["Week", "40 euros"])
    body = table(["Bicycle", "Deposits"], ["Tandem", cell(inner + paragraph(""))], ["Cargo", "60 euros"])
    blocks = document.parse(docx(body)).blocks
    assert [(one.caption, one.text) for one in blocks if one.caption] == [
        ("Tandem", "Bicycle: Tandem; Day: One; Deposit: 10 euros"),
        ("Tandem", "Bicycle: Tandem; Day: Week; Deposit: 40 euros"),
    ]
    assert "Bicycle: Cargo; Deposits: 60 euros" in [one.text for one in blocks]


def test_tables_that_frame_or_arrange_text_are_text() -> None:
    framed = table([cell(paragraph("Warning", style("Heading1")) + paragraph("Hot surface."))])
    styles = root("w:styles", '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>')
    assert read(framed, {"styles": styles}) == ["#2 Warning", "Hot surface."]


def test_merged_cells_header_rows_and_captions() -> None:
    down, up = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = paragraph("Table 1: Sauna", style("Caption")) + table(
        [cell("Guest", down), cell("Fee", '<w:gridSpan w:val="2"/>')],
        [cell("", up), "Morning", "Evening"],
        ["Adult", "9 euros", "14 euros"],
        ["Child", cell("free", '<w:gridSpan w:val="2"/>')],
    )
    styles = root("w:styles", '<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>')
    blocks = document.parse(docx(body, {"styles": styles})).blocks
    assert [(one.caption, one.text) for one in blocks] == [
        ("Table 1: Sauna", "Table 1: Sauna"),
        ("Table 1: Sauna", "Guest: Adult; Fee Morning: 9 euros; Fee Evening: 14 euros"),
        ("Table 1: Sauna", "Guest: Child; Fee Morning: free; Fee Evening: free"),
    ]


# --- lists ----------------------------------------------------------------------------------------------------------
def _numbering(*levels: tuple[str, str], extra: str = "") -> str:
    made = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    num = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return root("w:numbering", f'<w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>{num}{extra}')


def _item(text: str, level: int = 0, num: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def test_items_have_the_numbers_that_word_shows() -> None:
    numbering = _numbering(("decimal", "%1."), ("lowerLetter", "%2)"), ("decimal", "%1.%2.%3"))
    body = paragraph("Do this:") + _item("Fill") + _item("Check", 1) + _item("Drain", 1) + _item("Deep", 2)
    body += _item("Close") + _item("Wait", 1) + paragraph("Then go on.") + _item("Last")
    assert read(body, {"numbering": numbering}) == [
        "Do this:\n1. Fill\na) Check\nb) Drain\n1.b.1 Deep\n2. Close\na) Wait",
        "Then go on.",
        "3. Last",
    ]


def test_a_list_that_begins_anew_does() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    numbering = _numbering(("upperRoman", "%1."), extra=again)
    body = _item("One") + _item("Two") + paragraph("Between.") + _item("Again", num=2) + _item("More", num=2)
    assert read(body, {"numbering": numbering}) == ["I. One\nII. Two", "Between.", "I. Again\nII. More"]


def test_bullets_are_dashes_and_numbered_headings_keep_their_number() -> None:
    extra = (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="§ %1"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
    )
    styles = root(
        "w:styles",
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="7"/>'
        "</w:numPr></w:pPr></w:style>",
    )
    body = paragraph("Rent", style("H")) + _item("water") + _item("heating") + paragraph("Term", style("H"))
    assert read(body, {"numbering": _numbering(("bullet", "•"), extra=extra), "styles": styles}) == [
        "#2 § 1 Rent",
        "- water\n- heating",
        "#2 § 2 Term",
    ]


@pytest.mark.parametrize(
    ("count", "form", "shown"),
    [(28, "lowerLetter", "bb"), (49, "upperRoman", "XLIX"), (22, "ordinal", "22nd"), (3, "decimalZero", "03"),
     (13, "ordinal", "13th"), (5, "koreanCounting", "5"), (9, "none", "")],
)  # fmt: skip
def test_formats_of_numbers(count: int, form: str, shown: str) -> None:
    assert format_number(count, form) == shown


# --- fields and characters ------------------------------------------------------------------------------------------
def _field(code: str, result: str, begin: str = "") -> str:
    char = '<w:r><w:fldChar w:fldCharType="{}">{}</w:fldChar></w:r>'
    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return char.format("begin", begin) + instruction + char.format("separate", "") + result + char.format("end", "")


def test_fields_show_their_results() -> None:
    link = _field(' HYPERLINK "http://a.example" ', run("the form"))
    nested = _field(f" REF {_field('SEQ Table', run('9'))} ", run("Table 2"))
    checked = _field(" FORMCHECKBOX ", "", "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>")
    entries = '<w:result w:val="1"/><w:listEntry w:val="red"/><w:listEntry w:val="blue"/>'
    chosen = _field(" FORMDROPDOWN ", run("red"), f"<w:ffData><w:ddList>{entries}</w:ddList></w:ffData>")
    body = paragraph(run("See ") + link + run(" and ") + nested + run("."))
    body += paragraph(checked + run("smoker, ") + chosen)
    assert read(body) == ["See the form and Table 2.", "☒ smoker, blue"]


def test_tables_of_contents_are_left_out() -> None:
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    toc = paragraph(
        char.format("begin") + "<w:r><w:instrText> TOC </w:instrText></w:r>" + char.format("separate") + run("Rent 3")
    )
    body = toc + paragraph(run("Term 4") + char.format("end")) + paragraph("The rent is due in May.")
    assert read(body) == ["The rent is due in May."]


def test_a_field_without_an_end_hides_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    assert read(paragraph(begin) + paragraph("The rent is due.") + paragraph("In May.")) == [
        "The rent is due.",
        "In May.",
    ]


def test_hidden_text_symbols_hyphens_and_powers() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = paragraph(run("Code 4711", "<w:vanish/>") + run("Shown") + "<w:r><w:noBreakHyphen/><w:t>up</w:t></w:r>")
    body += paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t> done, </w:t></w:r>' + run("10")
                      + run("6", raised) + run(" m") + run("2", raised))  # fmt: skip
    assert read(body) == ["Shown-up", "✓ done, 10^6 m2"]


def test_equations_are_text() -> None:
    def part(name: str, text: str) -> str:
        return f"<m:{name}><m:r><m:t>{text}</m:t></m:r></m:{name}>"

    fraction = f"<m:f>{part('num', 'a+b')}{part('den', '2')}</m:f>"
    power = f"<m:sSup>{part('e', 'x')}{part('sup', '2')}</m:sSup>"
    body = paragraph(run("It is ") + f"<m:oMath>{fraction}<m:r><m:t>=</m:t></m:r>{power}</m:oMath>" + run("."))
    assert read(body) == ["It is (a+b)/2=x^2."]


# --- headings -------------------------------------------------------------------------------------------------------
def test_headings_by_style_outline_and_language() -> None:
    styles = root(
        "w:styles",
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="Überschrift 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="Corporate"/><w:basedOn w:val="C"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="D"><w:name w:val="Title"/></w:style>',
    )
    body = paragraph("Handbook", style("D")) + paragraph("Safety", style("B")) + paragraph("Fire", style("A"))
    body += paragraph("Alarm", '<w:outlineLvl w:val="2"/>') + paragraph("Ring twice.")
    assert read(body, {"styles": styles}) == ["#1 Handbook", "#2 Safety", "#3 Fire", "#4 Alarm", "Ring twice."]


def test_headings_by_their_look() -> None:
    bold, large = "<w:b/>", '<w:b/><w:sz w:val="36"/>'
    plain = "Guests may use the garden between eight in the morning and ten in the evening."
    body = paragraph(run("House rules", large)) + paragraph(plain) + paragraph(run("Garden", bold)) + paragraph(plain)
    body += paragraph(run("Deposit: 200 euros", bold)) + paragraph(plain) + paragraph(run("Signed by all", bold))
    assert read(body) == [
        "#2 House rules",
        plain,
        "#9 Garden",
        plain,
        "Deposit: 200 euros",
        plain,
        "Signed by all",
    ]


def test_lines_that_tabs_divide_are_rows() -> None:
    lines = [("Visitor", "Fee"), ("Adult", "9 euros"), ("Child", "4 euros")]
    body = "".join(paragraph(run(left) + "<w:r><w:tab/></w:r>" + run(right)) for left, right in lines)
    assert read(body) == ["Visitor: Adult; Fee: 9 euros", "Visitor: Child; Fee: 4 euros"]


def test_typed_lists_and_named_parts() -> None:
    plain = "The members meet once a year in the hall of the village, in the second week of March."
    lines = ["Article 4", plain, "The board:", "a) keeps the keys;", "b) calls the members.", "Article 5", plain]
    body = "".join(paragraph(line) for line in lines)
    body += paragraph(run("•") + "<w:r><w:tab/></w:r>" + run("rope")) + paragraph(run("• tar"))
    assert read(body) == [
        "#10 Article 4",
        plain,
        "The board:\na) keeps the keys;\nb) calls the members.",
        "#10 Article 5",
        plain,
        "- rope\n- tar",
    ]


def test_a_column_that_is_written_into_one_cell_is_rows() -> None:
    def lines(*texts: str) -> str:
        return cell("".join(paragraph(text) if text else "<w:p/>" for text in texts))

    labels, before, after = (
        ("", "Income", "Tax", "Net"),
        ("€", "17,542", "825", "16,717"),
        ("€", "18,000", "0", "18,000"),
    )
    body = table(["", "2006", "2007"], [lines(*labels), lines(*before), lines(*after, "")])
    assert read(body)[:2] == ["Income; 2006 €: 17,542; 2007 €: 18,000", "Tax; 2006 €: 825; 2007 €: 0"]


def test_a_form_may_end_with_a_wide_value() -> None:
    body = table(["Number:", "A-17", "Version:", "2"], ["Title:", cell("Keys and doors", '<w:gridSpan w:val="3"/>')])
    assert read(body) == ["Number: A-17\nVersion: 2\nTitle: Keys and doors"]


# --- charts and diagrams --------------------------------------------------------------------------------------------
def test_charts_are_tables_and_diagrams_lists() -> None:
    def points(*values: str) -> str:
        return "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))

    series = (
        f"<c:ser><c:tx><c:strRef><c:strCache>{points('Guests')}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points('May', 'June')}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:numCache>{points('120', '185.0')}</c:numCache></c:numRef></c:val></c:ser>"
    )
    title = "<c:title><c:tx><c:rich><a:p><a:r><a:t>Guests a month</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    chart = f"<c:chart>{title}<c:plotArea><c:barChart>{series}</c:barChart></c:plotArea></c:chart>"
    node = '<dgm:pt type="{}"><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt>'
    nodes = node.format("node", "Plan") + node.format("pres", "unseen") + node.format("node", "Build")
    parts = {
        "chart": root("c:chartSpace", chart),
        "diagramData:data1": root("dgm:dataModel", f"<dgm:ptLst>{nodes}</dgm:ptLst>"),
    }
    body = paragraph('<w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r>')
    body += paragraph('<w:r><w:drawing><dgm:relIds r:dm="data1"/></w:drawing></w:r>')
    assert read(body, parts) == ["Guests a month", "May; Guests: 120", "June; Guests: 185", "- Plan\n- Build"]


def test_rows_of_a_table_in_a_row_say_what_the_row_is_about() -> None:
    sizes = table(["Size", "Deposit"], ["small", "20 euros"], ["large", "30 euros"])
    sized = ["Canoe", cell(sizes + paragraph("")), "45 euros"]
    body = table(["Boat", "Sizes", "Hire"], sized, ["Kayak", "one", "35 euros"])
    assert read(body) == [
        "Boat: Canoe; Hire: 45 euros",
        "Boat: Kayak; Sizes: one; Hire: 35 euros",
        "Boat: Canoe; Size: small; Deposit: 20 euros",
        "Boat: Canoe; Size: large; Deposit: 30 euros",
    ]


# --- damaged and hostile files --------------------------------------------------------------------------------------
def test_of_damaged_parts_is_read_what_can_be_and_told() -> None:
    note = f'<w:footnote w:id="1">{paragraph("A whole note.")}</w:footnote>'
    damaged = root("w:footnotes", note).replace("</w:footnotes>", "<w:p")
    body = paragraph(run("Text.") + '<w:r><w:footnoteReference w:id="1"/></w:r>')
    parsed = document.parse(docx(body, {"footnotes": damaged}))
    assert [block.text for block in parsed.blocks] == ["Text.", "A whole note."]
    assert parsed.warnings == [
        "A part of it (word/footnotes.xml) is damaged, and what couldn't be read is missing: open and save it anew."
    ]


def test_a_file_without_a_body_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<nothing/>")
    with pytest.raises(DocumentError, match=r"empty\.docx is a damaged Word document"):
        read_request(Request(str(path), "empty.docx", reading_limits()))


def test_documents_that_it_embeds_are_told() -> None:
    parsed = document.parse(docx(paragraph("Text.") + '<w:altChunk r:id="x"/>'))
    assert parsed.warnings == ["It embeds other documents (1), which weren't read: add them as well."]


def test_entities_are_refused() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    notes = entities + "]>" + root("w:footnotes", f'<w:footnote w:id="1">{paragraph("&i;")}</w:footnote>')
    body = paragraph(run("Text.") + '<w:r><w:footnoteReference w:id="1"/></w:r>')
    with pytest.raises(DocumentError, match="declares XML entities"):
        read(body, {"footnotes": notes})


def test_deep_nesting_and_wide_spans_are_cut() -> None:
    deep = "<w:sdt><w:sdtContent>" * 100 + paragraph("deep") + "</w:sdtContent></w:sdt>" * 100
    parsed = document.parse(docx(paragraph("Before.") + deep + paragraph("After.")))
    assert [block.text for block in parsed.blocks] == ["Before.", "After."]
    assert parsed.warnings == ["It is nested so deeply that only a part of it was read."]
    inner = paragraph(run("x"))
    for _ in range(25):
        inner = table([cell(inner), "y"], ["1", "2"])
    wide = table([cell("a", '<w:gridSpan w:val="900000000"/>'), "b"], ["1", "2"])
    started = time.perf_counter()
    read(inner + wide)
    assert time.perf_counter() - started < 10
