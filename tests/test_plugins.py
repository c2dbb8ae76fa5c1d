"""Packages add engines, tools, readers and stores, and one that is broken stops nothing."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.plugin_packages import example_installed, installed
from vasi import plugins
from vasi.app import Vasi, describe_engines, describe_plugins
from vasi.cli.program import program
from vasi.config import Settings, load_settings
from vasi.engines.choice import make_engines
from vasi.errors import ConfigError
from vasi.knowledge.index import TextAnalyser
from vasi.storage.choice import make_store
from vasi.storage.sqlite import SqliteStore
from vasi.tools.ports import ToolContext

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)

ENGINE = """
from vasi.plugins import Candidate
from vasi.testing.llm import ScriptedLlm

def lacks(settings):
    return settings.plugins.get("calm", {}).get("lack")

CALM = Candidate("llm", "calm", lacks, lambda settings: ScriptedLlm(), "Says little.")
"""
STORE = """
from vasi.storage.choice import StoreProvider
from vasi.storage.sqlite import SqliteStore

def make(settings, analyser, changed):
    return SqliteStore(settings.data / "elsewhere.db", analyser, changed=changed)

PROVIDER = StoreProvider("elsewhere", make)
"""


async def test_the_example_reads_its_format_and_its_tool_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "site").mkdir()
    book = tmp_path / "books" / "shelf.bib"
    book.write_text(
        '@book{a,\n  author = {Ada Quill},\n  title = "The Lantern of Quibblefrost",\n}\n', encoding="utf-8"
    )
    with example_installed(tmp_path / "site", monkeypatch):
        settings = Settings(data=tmp_path / "data", plugins={"library": {"days": 21}})
        async with Vasi.open(settings, engines=False) as vasi:
            report = await vasi.knowledge.add("local", [tmp_path / "books"])
            assert [document.name for document in report.added] == ["shelf.bib"], report
            assert report.added[0].media_type == "application/x-bibtex"
            found = await vasi.knowledge.search("local", "who wrote the lantern of quibblefrost")
            assert "author: Ada Quill" in found.passages[0].passage.text
            tool = vasi.tools.get("loan_ends")
            assert tool is not None
            assert json.loads((await tool.run(ToolContext("local", NOW), "{}")).output) == {"due": "2026-03-25"}
        assert {(one.group, one.name, one.problem) for one in describe_plugins()} == {
            ("vasi.readers", "BibTeX", ""),
            ("vasi.tools", "library", ""),
        }


async def test_without_the_package_its_format_is_none(tmp_path: Path) -> None:
    (tmp_path / "shelf.bib").write_text("@book{a,\n  title = {B},\n}\n", encoding="utf-8")
    async with Vasi.open(Settings(data=tmp_path / "data"), engines=False) as vasi:
        report = await vasi.knowledge.add("local", [tmp_path])
        assert not report.added
        assert vasi.tools.get("loan_ends") is None
    assert describe_plugins() == []


def test_an_engine_of_a_package_is_preferred_if_it_lacks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installed(tmp_path, monkeypatch, "calm", {"vasi.engines": {"calm": "calm:CALM"}}, ENGINE):
        settings = Settings(data=tmp_path / "data")
        assert type(make_engines(settings).llm).__name__ == "ScriptedLlm"
        assert next(one for one in describe_engines(settings) if one.part == "llm").engine == "calm"
        lacking = Settings(data=tmp_path / "data", plugins={"calm": {"lack": "Calm needs a cushion."}})
        assert next(one for one in describe_engines(lacking) if one.part == "llm").engine == "extractive"
        named = lacking.model_copy(update={"engines": lacking.engines.model_copy(update={"llm": "calm"})})
        with pytest.raises(ConfigError, match="Calm needs a cushion"):
            make_engines(named)


def test_an_engine_that_cannot_be_made_is_passed_over_unless_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ENGINE.replace("ScriptedLlm(),", "1 / 0,")
    with installed(tmp_path, monkeypatch, "calm", {"vasi.engines": {"calm": "calm:CALM"}}, source):
        settings = Settings(data=tmp_path / "data")
        assert type(make_engines(settings).llm).__name__ == "ExtractiveLlm"
        named = settings.model_copy(update={"engines": settings.engines.model_copy(update={"llm": "calm"})})
        with pytest.raises(ConfigError, match=r"engines.llm is 'calm', but .*ZeroDivisionError"):
            make_engines(named)


async def test_a_store_of_a_package_is_taken_if_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with installed(tmp_path, monkeypatch, "else-where", {"vasi.stores": {"e": "else_where:PROVIDER"}}, STORE):
        assert isinstance(make_store(Settings(data=tmp_path), TextAnalyser(), lambda: None), SqliteStore)
        async with Vasi.open(Settings(data=tmp_path / "data", store="elsewhere"), engines=False):
            pass
        assert (tmp_path / "data" / "elsewhere.db").exists()
        assert not (tmp_path / "data" / "vasi.db").exists()
    with pytest.raises(ConfigError, match="store is 'elsewhere', but there are only: sqlite"):
        make_store(Settings(data=tmp_path, store="elsewhere"), TextAnalyser(), lambda: None)


BROKEN = {
    "raises": ("raise RuntimeError('the library is gone')", "RuntimeError: the library is gone"),
    "exits": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "imports what isn't there": ("import nothing_of_that_name", "ModuleNotFoundError: No module named"),
    "lacks what it names": ("x = 1", "AttributeError"),
    "is of another type": ("THING = 7", "it is a int, but a DocumentReader is needed"),
    "takes a built-in's name": (
        "from vasi.knowledge.parse.readers import DocumentReader\n"
        "THING = DocumentReader('pdf', 'application/pdf', ('.pdf',), lambda data, limits: None)",
        "the name 'pdf' is taken by vasi itself",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_plug_in_is_told_of_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    source, reason = BROKEN[case]
    (tmp_path / "site").mkdir()
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "note.txt").write_text("The boiler is serviced in May.", encoding="utf-8")
    with (
        installed(tmp_path / "site", monkeypatch, "broken-one", {"vasi.readers": {"b": "broken_one:THING"}}, source),
        caplog.at_level(logging.WARNING, "vasi.plugins"),
    ):
        async with Vasi.open(Settings(data=tmp_path / "data"), engines=False) as vasi:
            report = await vasi.knowledge.add("local", [tmp_path / "papers"])
            assert [document.name for document in report.added] == ["note.txt"]
        assert [message for message in caplog.messages if "broken-one 1.0" in message and reason in message]
        shown = await asyncio.to_thread(
            CliRunner().invoke, program, ["doctor", "--json", "--data", str(tmp_path / "data")]
        )
        (plugin,) = json.loads(shown.stdout)["plugins"]
        assert (plugin["package"], plugin["group"], plugin["name"]) == ("broken-one 1.0", "vasi.readers", "b")
        assert reason in plugin["problem"]
        text = (
            await asyncio.to_thread(CliRunner().invoke, program, ["doctor", "--data", str(tmp_path / "data")])
        ).stdout
        assert "broken-one 1.0" in text


def test_damaged_metadata_of_any_package_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with installed(tmp_path, monkeypatch, "odd", {"vasi.engines": {"o": ""}}, ""):
        loaded = plugins.load(plugins.ENGINES, plugins.Candidate)
        assert {one.name for one in loaded} >= {"silero", "energy", "extractive"}
        assert loaded.failures


def test_what_vasi_brings_is_loaded_by_the_same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plugins.BUILT_IN, plugins.ENGINES, {"llm": "vasi.engines.choice:LLM"})
    plugins.forget()
    assert {one.name for one in plugins.load(plugins.ENGINES, plugins.Candidate)} == {"openai", "llama", "extractive"}
    monkeypatch.undo()
    plugins.forget()


def test_a_plug_in_has_a_table_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "vasi.toml").write_text('[plugins.library]\ndays = 21\nshelves = ["a"]\n', encoding="utf-8")
    environ = {"VASI_DATA": str(tmp_path), "VASI_PLUGINS__OTHER__KEY": "text"}
    settings = load_settings(assigned={"plugins.library.place": "x"}, environ=environ)
    assert settings.plugins == {
        "library": {"days": 21, "shelves": ["a"], "place": "x"},
        "other": {"key": "text"},
    }
    with pytest.raises(ConfigError, match="There is no setting"):
        load_settings(assigned={"plugins.library": "x"}, environ=environ)
