"""What is read of reStructuredText and LaTeX."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.office_files import HEADING, SENTENCE, TABLE
from vasi.knowledge import Knowledge
from vasi.knowledge.parse import latex, rst

RST = f"""
{HEADING}
{"=" * len(HEADING)}

{SENTENCE}

.. list-table::
   :header-rows: 1

""" + "".join("   * - " + "\n     - ".join(row) + "\n" for row in TABLE)
LATEX = (
    f"\\documentclass{{article}}\n\\begin{{document}}\n\\section{{{HEADING}}}\n{SENTENCE}\n"
    "\\begin{tabular}{lll}\\hline\n" + "".join(" & ".join(row) + " \\\\\n" for row in TABLE) + "\\end{tabular}\n"
    "\\end{document}\n"
)


@pytest.mark.parametrize(("name", "source"), [("harbour.rst", RST), ("harbour.tex", LATEX)])
async def test_what_is_put_in_is_found(name: str, source: str, knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / name).write_text(source, encoding="utf-8")
    report = await knowledge.add("ana", [tmp_path / name])
    assert [document.name for document in report.added] == [name]
    found = await knowledge.search("ana", "When does the lighthouse open?")
    assert SENTENCE in found.passages[0].passage.text
    assert HEADING in found.passages[0].passage.heading
    found = await knowledge.search("ana", "Which berth has the Gull?")
    assert "Boat: Gull; Berth: B22; Price: 900.50 EUR" in found.passages[0].passage.text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("*emph* ``code`` :ref:`the link <x>` :func:`~pkg.run` :own:`word`", ["emph code the link run word"]),
        (".. note:: Careful.\n\n   And slow.", ["Careful.", "And slow."]),
        (".. py:function:: run(x)\n   :noindex:\n\n   Runs it.", ["run(x)", "Runs it."]),
        (".. toctree::\n   :maxdepth: 1\n\n   a\n   b\n\nText.", ["Text."]),
        (".. code-block:: python\n\n   x = 1", ["x = 1"]),
        ("Do this:\n\n- one\n- two\n\n  #. deep\n", ["Do this:\n- one\n- two\n1. deep"]),
        ("3. third\n4. fourth", ["3. third\n4. fourth"]),
        ("Fee\n   90 crowns", ["Fee: 90 crowns"]),
        ("-v, --verbose  Says more.", ["-v, --verbose: Says more."]),
        ("Intro.\n\n:Fee: 90 crowns\n:Due: May", ["Intro.", "Fee: 90 crowns\nDue: May"]),
        ("A |b| [#f]_.\n\n.. |b| replace:: word\n.. [#f] Small print.", ["A word .", "[1] Small print."]),
        (".. image:: x.png\n   :alt: The harbour", ["The harbour"]),
        ("| one\n| two", ["one\ntwo"]),
        (".. include:: /etc/hostname\n\nText.", ["Text."]),
        (".. raw:: html\n   :file: /etc/hostname\n\nText.", ["Text."]),
        (".. comment\n\nText.", ["Text."]),
    ],
)
def test_restructured_text(source: str, shown: list[str]) -> None:
    texts = [block.text for block in rst.parse(source).blocks]
    assert [text.replace(" .", ".") for text in texts] == [text.replace(" .", ".") for text in shown]


def test_headings_of_restructured_text() -> None:
    parsed = rst.parse("Title\n=====\n\n:Author: Ana\n\nOne\n---\n\nText.\n\nSub\n~~~\n\nMore.\n\nTwo\n---\n\nEnd.")
    assert parsed.title == "Title"
    assert [(block.text, block.level) for block in parsed.blocks if block.kind == "heading"] == [
        ("Title", 1),
        ("One", 2),
        ("Sub", 3),
        ("Two", 2),
    ]


def test_a_table_with_spans() -> None:
    source = (
        "+------+-------+\n| Team | Name  |\n+======+=======+\n| Deck | Ana   |\n|      +-------+\n|      | Bo    |\n"
        "+------+-------+\n"
    )
    assert [block.text for block in rst.parse(source).blocks] == ["Team: Deck; Name: Ana", "Team: Deck; Name: Bo"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Caf\'e, na\"{\i}ve, \c{c}a, Stra\ss e, \v{S}koda, \L\'od\'z", ["Café, naïve, ça, Straße, Škoda, Łódź"]),
        (r"50\% of \$100 --- or ``more'' % not this", ["50% of $100 — or “more”"]),
        (r"\textbf{bold \emph{both}} \href{http://x.example}{the link} \unknown{shown}", ["bold both the link shown"]),
        (r"Text\footnote{Small print.} goes~on.", ["Text goes on.", "Small print."]),
        ("One\nline.\n\nNext.", ["One line.", "Next."]),
        (r"\section*{A} x \subsection{B}\label{b} y", ["A", "x", "B", "y"]),
        (
            r"Take: \begin{itemize} \item a \item b \begin{enumerate}\item c\item d\end{enumerate}\end{itemize}",
            ["Take:\n- a\n- b\n1. c\n2. d"],
        ),
        (r"\begin{description}\item[Fee] 90 crowns\end{description}", ["Fee: 90 crowns"]),
        (r"$E = mc^2$, \(\alpha \leq \frac{1}{2}\)", ["E = mc^2, α≤1/2"]),
        ("\\begin{verbatim}\nx = \\n{1} % kept\n\\end{verbatim}", ["x = \\n{1} % kept"]),
        ("\\begin{comment}\nnot this\n\\end{comment}Text", ["Text"]),
        (r"\includegraphics[width=1cm]{x.png}\caption{The harbour}", ["The harbour"]),
        (
            r"\begin{tabular}{ll} Team & Name \\ \multirow{2}{*}{Deck} & Ana \\ & Bo \\ Sail & Cy \end{tabular}",
            ["Team: Deck; Name: Ana", "Team: Deck; Name: Bo", "Team: Sail; Name: Cy"],
        ),
        ("\\newcommand{\\firm}{Harbour Ltd}\\begin{document}\\firm{} pays.\\end{document} no", ["Harbour Ltd pays."]),
        ("{" * 500 + "deep" + "}" * 500 + " after", ["deep after"]),
        (r"\emph{" * 3_000 + "deep" + "}" * 3_000 + " after", ["deep after"]),
        (r"\footnote{" * 3_000 + "deep" + "}" * 3_000 + " after", ["after"]),
        (r"\begin{itemize}\item " * 200 + "x", None),
        ("\\", []),
        (r"\frac", None),
    ],
)
def test_latex(source: str, shown: list[str] | None) -> None:
    texts = [" ".join(block.text.split(" ")) for block in latex.parse(source).blocks]
    if shown is not None:
        assert texts == shown


def test_the_head_of_a_latex_text() -> None:
    parsed = latex.parse(r"\title{The \emph{Rules}}\author{Ana \and Bo}\begin{document}\maketitle Text.\end{document}")
    assert parsed.title == "The Rules"
    assert [block.text for block in parsed.blocks][1:] == ["Title: The Rules\nAuthor: Ana, Bo", "Text."]
