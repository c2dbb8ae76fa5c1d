"""A backup: a folder with the database and the originals of its documents, which is a data folder itself."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from vasi.errors import NotFoundError, StoreError
from vasi.storage.blobs import BlobStore
from vasi.storage.ports import Original


@contextmanager
def atomic_folder(folder: Path) -> Generator[Path]:
    """A new folder to fill, which only its owner may read; it becomes ``folder`` when the block ends well.

    Raises:
        StoreError: ``folder`` exists already or can't be made.
    """
    if folder.exists():
        raise StoreError(f"{folder} exists already; choose another name or remove it first.")
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise StoreError(f"There is no folder {parent}; make it first.")
    try:
        part = Path(tempfile.mkdtemp(".part", f"{folder.name}.", parent))
    except OSError as error:
        raise StoreError(f"{folder} can't be written: {error.strerror}.") from error
    try:
        yield part
        part.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder} can't be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


async def copy_originals(blobs: BlobStore, to: BlobStore, originals: Iterable[Original]) -> list[str]:
    """Copy the files of documents; returns the names of those documents whose files are gone.

    Raises:
        StoreError: one can't be read or written.
    """
    gone: list[str] = []
    for original in originals:
        try:
            await to.write(original.owner, blobs.read(original.owner, original.digest))
        except NotFoundError:  # removed in this very moment
            gone.append(original.name)
    return gone
