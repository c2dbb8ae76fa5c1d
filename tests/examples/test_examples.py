"""The sample documents and questions say what they claim to say."""

import json
import math
import re
import wave
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pptx
import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SOURCES = sorted((ROOT / "scripts" / "example_texts").glob("*.md"))
DOCUMENTS = sorted(path for path in (EXAMPLES / "documents").iterdir() if path.is_file())
QUESTIONS: list[dict[str, Any]] = json.loads((EXAMPLES / "questions" / "questions.json").read_text("utf-8"))
FACTS = [question for question in QUESTIONS if question["kind"] == "fact"]
RECORDED = [question for question in QUESTIONS if question["wav"]]
WORDS_PER_PAGE = 350


class _VisibleText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def _pdf(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def _pptx(path: Path) -> list[str]:
    slides: list[str] = []
    for slide in pptx.Presentation(str(path)).slides:
        texts: list[str] = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
        slides.append("\n".join(texts))
    return slides


def _docx(path: Path) -> list[str]:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return ["\n".join([paragraph.text for paragraph in document.paragraphs] + cells)]


@cache
def pages(path: Path) -> list[str]:
    """The text of a document: one string a page or slide, a single string where the format has no pages."""
    match path.suffix:
        case ".pdf":
            found = _pdf(path)
        case ".pptx":
            found = _pptx(path)
        case ".docx":
            found = _docx(path)
        case ".html":
            parser = _VisibleText()
            parser.feed(path.read_text("utf-8"))
            found = [" ".join(parser.texts)]
        case _:
            found = [path.read_text("utf-8")]
    return [" ".join(text.split()) for text in found]


def holds(text: str, fact: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", text, re.IGNORECASE) is not None


def test_documents_come_in_all_formats_and_fill_forty_pages() -> None:
    formats = Counter(path.suffix for path in DOCUMENTS)
    assert formats[".md"] >= 3
    assert formats[".pdf"] >= 3
    assert formats[".docx"] >= 2
    assert {".pptx", ".html", ".txt", ".csv"} <= formats.keys()
    paged = {path: len(pages(path)) for path in DOCUMENTS if path.suffix in {".pdf", ".pptx"}}
    assert sum(count for path, count in paged.items() if path.suffix == ".pdf") >= 28
    assert sum(count for path, count in paged.items() if path.suffix == ".pptx") >= 8
    flowing = sum(math.ceil(len(pages(path)[0].split()) / WORDS_PER_PAGE) for path in DOCUMENTS if path not in paged)
    assert sum(paged.values()) + flowing >= 40


def test_examples_stay_small() -> None:
    assert sum(path.stat().st_size for path in DOCUMENTS) < 1_500_000
    assert sum(path.stat().st_size for path in (EXAMPLES / "questions").iterdir()) < 8_000_000


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.suffix == ".pdf"], ids=lambda path: path.name)
def test_every_pdf_page_after_the_cover_carries_its_number(path: Path) -> None:
    for number, text in enumerate(pages(path), start=1):
        assert number == 1 or holds(text, f"Page {number}")


@pytest.mark.parametrize("question", FACTS, ids=lambda question: question["id"])
def test_fact_stands_where_the_question_says(question: dict[str, Any]) -> None:
    path = EXAMPLES / "documents" / question["document"]
    assert (question["page"] is not None) == (path.suffix in {".pdf", ".pptx"})
    text = pages(path)[(question["page"] or 1) - 1]
    assert any(holds(text, fact) for fact in question["facts"])
    for name in question.get("also", []):
        other = " ".join(pages(EXAMPLES / "documents" / name))
        assert any(holds(other, fact) for fact in question["facts"])


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_document_is_up_to_date_with_its_text(source: Path) -> None:
    [document] = [path for path in DOCUMENTS if path.stem == source.stem]
    lines = [line for line in source.read_text("utf-8").splitlines() if not line.startswith("note: ")]
    unnumbered = (re.sub(r"^\d+\. ", "", line) for line in lines)
    written = Counter(re.findall(r"[^\W_]+", " ".join(unnumbered)))
    made = Counter(re.findall(r"[^\W_]+", " ".join(pages(document))))
    assert not written - made, "run scripts/make_examples.py"


def test_every_document_is_asked_about() -> None:
    assert {question["document"] for question in FACTS} == {path.name for path in DOCUMENTS}


def test_questions_are_complete_and_told_apart() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert kinds.keys() == {"fact", "absent", "note"}
    assert kinds["fact"] >= 50
    assert kinds["absent"] >= 24
    assert kinds["note"] >= 8
    for question in QUESTIONS:
        assert not re.search(r"\d", question["question"]), "flite must not have to read digits"
        assert bool(question["facts"]) == (question["kind"] != "absent")
        assert (question["document"] is None) == (question["kind"] != "fact")


def test_exactly_one_question_is_the_demonstration() -> None:
    [demo] = [question for question in QUESTIONS if question.get("demo")]
    assert demo["kind"] == "fact"
    assert demo["wav"]


def test_recordings_cover_both_voices_and_all_kinds() -> None:
    spoken = Counter((question["kind"], question["voice"]) for question in RECORDED)
    assert spoken["fact", "slt"] >= 20
    assert spoken["fact", "rms"] >= 20
    assert spoken["absent", "slt"] + spoken["absent", "rms"] >= 12
    assert spoken["note", "slt"] + spoken["note", "rms"] >= 6
    files = {path.name for path in (EXAMPLES / "questions").glob("*.wav")}
    assert files == {question["wav"] for question in RECORDED}


@pytest.mark.parametrize("question", RECORDED, ids=lambda question: question["id"])
def test_recording_is_speech_for_a_recogniser(question: dict[str, Any]) -> None:
    with wave.open(str(EXAMPLES / "questions" / question["wav"])) as recording:
        assert (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) == (16_000, 1, 2)
        samples = np.frombuffer(recording.readframes(recording.getnframes()), "<i2") / 32_768
    assert 1.0 <= len(samples) / 16_000 <= 5.0
    assert 0.03 <= float(np.sqrt(np.mean(samples**2))) <= 0.5
    assert float(np.abs(samples).max()) < 1.0
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    assert float(np.mean(levels > 0.02)) > 0.4, "mostly silence"
    assert float(np.percentile(levels, 95)) > 4 * float(np.percentile(levels, 5)), "no rise and fall: a tone or noise"
