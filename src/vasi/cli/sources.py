"""``vasi sources``: what it has read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vasi.cli.options import OWNER, Config, Data, Json, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.storage.ports import Document


def sources(json: Json = False, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """List the documents that questions are answered from.

    For example:

    [dim]vasi sources[/dim]
    [dim]vasi sources --json[/dim]
    """
    from vasi.cli.terminal import print_json, print_table, stderr, warn

    documents = run(_documents(load_settings(data, config, assignments)))
    if json:
        print_json([as_json(document) for document in documents])
        return
    if not documents:
        stderr().print("No documents yet; add some with: vasi add PATH")
        return
    print_table(
        ("Document", "Pages", "Passages", "Added", "From"),
        [
            (
                document.name,
                str(document.pages or ""),
                str(document.passages),
                f"{document.added_at.astimezone():%Y-%m-%d %H:%M}",
                document.source,
            )
            for document in documents
        ],
    )
    for document in documents:
        for warning in document.warnings:
            warn(f"{document.name}: {warning}")


def as_json(document: Document) -> dict[str, object]:
    """A document as programs see it."""
    return {
        "id": document.id,
        "name": document.name,
        "title": document.title,
        "source": document.source,
        "media_type": document.media_type,
        "size": document.size,
        "pages": document.pages,
        "passages": document.passages,
        "added_at": document.added_at.isoformat(),
        "warnings": list(document.warnings),
    }


async def _documents(settings: Settings) -> list[Document]:
    from vasi.app import Vasi

    async with Vasi.open(settings, engines=False) as vasi:
        return await vasi.knowledge.documents(OWNER)
