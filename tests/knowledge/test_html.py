"""HTML as browsers show it: tables, lists, forms, formulas."""

from __future__ import annotations

import time

import pytest

from vasi.knowledge.parse import html
from vasi.knowledge.parse.blocks import Block


def texts(page: str) -> list[str]:
    return [block.text for block in html.parse(page).blocks]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            "<table><tr><th rowspan=2>Room<th colspan=2>Price<tr><th>Day<th>Week"
            "<tr><td>Red<td>40<td>200<tr><td>Blue<td colspan=2>free</table>",
            ["Room: Red; Price Day: 40; Price Week: 200", "Room: Blue; Price Day: free; Price Week: free"],
        ),
        (
            "<table><tfoot><tr><td>Total<td>9</tfoot><tbody><tr><th>Cake<th>Sold<tr><td>Plum<td>9</tbody></table>",
            ["Cake: Plum; Sold: 9", "Cake: Total; Sold: 9"],
        ),
        ("<table><tr><th>Founded<td>1907<tr><th>Members<td>312</table>", ["Founded: 1907\nMembers: 312"]),
        ("<table role=presentation><tr><td><p>Left.<td><h2>Right</h2>text</table>", ["Left.", "Right", "text"]),
        (
            "<table><tr><td>Menu<td><table><tr><th>A<th>B<tr><td>1<td>2</table><p>Text.</table>",
            ["Menu", "A: 1; B: 2", "Text."],
        ),
        ("<table><tr><th>A<th>B<tr><td><ul><li>x<li>y</ul><td><p>1<p>2</table>", ["A: x, y; B: 1 2"]),
    ],
)
def test_tables(page: str, expected: list[str]) -> None:
    assert texts(page) == expected


def test_a_caption_belongs_to_the_rows() -> None:
    page = "<table><caption>Fees <b>2027</b></caption><tr><th>Kind<th>Fee<tr><td>Full<td>90</table><p>After."
    assert html.parse(page).blocks == [
        Block("Fees 2027", caption="Fees 2027"),
        Block("Kind: Full; Fee: 90", "row", caption="Fees 2027"),
        Block("After."),
    ]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>You need:</p><ul><li>salt<li>flour</ul><p>Mix.", ["You need:\n- salt\n- flour", "Mix."]),
        (
            "<ol><li>Open<li>Wait<ul><li>long<li>longer</ul><li>Close</ol>",
            ["1. Open\n2. Wait\n- long\n- longer\n3. Close"],
        ),
        ("<ol start=3 type=a><li>x<li value=7>y<li>z</ol>", ["c. x\ng. y\nh. z"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x\n1. y"]),
        ("<ul><li><p>First.</p><p>More of it.</p><li><p>Second.</p></ul>", ["- First.\nMore of it.\n- Second."]),
        ("<dl><dt>Owner:<dd>Ines<dt>Berth<dd><p>B21</p></dl>x", ["Owner: Ines\nBerth: B21", "x"]),
        ("<dl><dt>Bus<dd>14<dd>15</dl>", ["Bus: 14\n15"]),
    ],
)
def test_lists(page: str, expected: list[str]) -> None:
    assert texts(page) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<label>Name <input value=Ines></label><input type=hidden value=x>", ["Name Ines"]),
        ("<input type=checkbox checked> tea <input type=checkbox> coffee", ["☒ tea ☐ coffee"]),
        ("Size <select><option>S<option selected>M</select>", ["Size M"]),
        ("<p>10<sup>6</sup> birds<sup class=reference><a href='#n'>[1]</a></sup> m<sup>2</sup>", ["10^6 birds m2"]),
        (
            "<p>It is <math><mfrac><mi>a</mi><mn>2</mn></mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup>"
            "<annotation>\\frac</annotation></math>.",
            ["It is a/2=x^2."],
        ),
        ("<p>Is <span style='display:none'><math><mi>x</mi></math></span>", ["Is x"]),
        ("<ruby>山<rt>yama</rt></ruby>", ["山"]),
    ],
)
def test_forms_formulas_and_marks(page: str, expected: list[str]) -> None:
    assert texts(page) == expected


def test_code_keeps_its_lines_and_indentation() -> None:
    assert html.parse("<pre><code>def f():\n    return 1\n</code></pre>").blocks == [
        Block("def f():\n    return 1", "code")
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>a<td>" * 2_000,
        "<table><tr><th>a<td>" * 2_000,
        "<dl>" + "<dt>a<dd>b" * 50_000,
        "<table><tr>" + "<td><ul><li>x" * 20_000,
        "<table><tr><td colspan=99999999 rowspan=99999999>a<td>b<tr><td>c</table>",
        "<ol>" * 3_000 + "<li>x",
    ],
)
def test_hostile_pages_take_a_moment(page: str) -> None:
    started = time.perf_counter()
    html.parse(page)
    assert time.perf_counter() - started < 10
