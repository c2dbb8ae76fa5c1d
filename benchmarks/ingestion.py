"""How fast documents are read: PDF pages a second in the child process, and whole folders into the store.

The pages come from the PDFs among the sample documents (text in one column), or from those of a folder, such as one
with columns and tables; the same file is read again and again by one worker, as a folder of many files would be.

    python benchmarks/ingestion.py [--json FILE] [--rounds N] [--pdfs FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index, TextAnalyser
from vasi.knowledge.parse.reader import Reader
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits

DOCUMENTS = Path(__file__).resolve().parents[1] / "examples" / "documents"
OWNER = "bench"


async def pages_per_second(rounds: int, source: Path) -> dict[str, Any]:
    """Parse and cut PDFs in one warm worker; those of another folder than the samples are told one by one as well."""
    files = sorted(source.glob("*.pdf"))
    each: dict[str, float] = {}
    async with Reader(reading_limits(), workers=1) as reader:
        started = time.perf_counter()
        await reader.read(str(files[0]), files[0].name)
        cold = time.perf_counter() - started
        pages = 0
        started = time.perf_counter()
        for _ in range(rounds):
            for file in files:
                before = time.perf_counter()
                read = (await reader.read(str(file), file.name)).pages or 0
                each[file.name] = max(each.get(file.name, 0.0), read / (time.perf_counter() - before))
                pages += read
        seconds = time.perf_counter() - started
        (worker,) = psutil.Process().children()
        memory = worker.memory_info().rss
    return {
        "pdf_pages": pages,
        "pdf_pages_per_second": pages / seconds,
        "first_file_ms": cold * 1000,
        "worker_mb": memory / 1e6,
        **(each if source != DOCUMENTS else {}),
    }


async def folder(copies: int) -> dict[str, Any]:
    """Add ``copies`` of all sample documents, then the same folder again, unchanged."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "documents")
        for number in range(copies):
            shutil.copytree(DOCUMENTS, source / str(number))
        analyser = TextAnalyser()
        store = SqliteStore(Path(name, "vasi.db"), analyser)
        await store.open()
        knowledge = Knowledge(store, Index(store, analyser), limits=reading_limits())
        started = time.perf_counter()
        report = await knowledge.add(OWNER, [source])
        added = time.perf_counter() - started
        started = time.perf_counter()
        again = await knowledge.add(OWNER, [source])
        unchanged = time.perf_counter() - started
        await knowledge.close()
        await store.close()
    passages = sum(document.passages for document in report.added)
    return {
        "files": len(report.added),
        "passages": passages,
        "files_per_second": len(report.added) / added,
        "passages_per_second": passages / added,
        "unchanged_files_per_second": len(again.unchanged) / unchanged,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--rounds", type=int, default=10, help="how often each PDF is read")
    parser.add_argument("--pdfs", type=Path, default=DOCUMENTS, help="read the PDFs of this folder")
    given = parser.parse_args()

    async def measure() -> dict[str, Any]:
        return {**await pages_per_second(given.rounds, given.pdfs), **await folder(5)}

    results = asyncio.run(measure())
    table = Table(title="Ingestion")
    table.add_column("")
    table.add_column("", justify="right")
    for key, value in results.items():
        table.add_row(key, f"{value:,.1f}" if isinstance(value, float) else f"{value:,}")
    Console().print(table)
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
