"""Whose files are believed: settings say where questions and keys are sent, so nobody else may write them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from vasi.errors import ConfigError


def require_trusted(path: Path, *, param: str | None = None) -> None:
    """See that nobody but the user (or root) may write a file or folder, if it exists.

    Windows keeps its own lists of who may; the default folder there is the user's own.

    Raises:
        ConfigError: somebody else may; it says how that is mended.
    """
    if sys.platform == "win32":
        return
    try:
        found = path.stat()
    except OSError:
        return  # it isn't there, or whoever reads it will say why it can't be read
    user = os.geteuid()
    kind = "folder" if stat.S_ISDIR(found.st_mode) else "file"
    if user != 0 and found.st_uid not in (user, 0):
        raise ConfigError(
            f"The {kind} {path} belongs to another user, who could change where questions and keys are sent; use one "
            "of your own.",
            param=param,
        )
    if found.st_mode & stat.S_IWOTH or (found.st_mode & stat.S_IWGRP and _shared(found.st_gid)):
        raise ConfigError(
            f"Other users may write the {kind} {path}, and so change where questions and keys are sent; forbid it "
            f"with: chmod go-w '{path}'",
            param=param,
        )


def _shared(group: int) -> bool:
    """Whether a group has members besides the user: many systems give everybody a group of their own."""
    import grp
    import pwd

    user = os.geteuid()
    if group == 0:
        return False
    try:
        named = set(grp.getgrgid(group).gr_mem)
    except KeyError:
        named = set[str]()  # it has no name, nor members beside those whose own group it is
    return any(
        entry.pw_uid not in (user, 0) and (entry.pw_gid == group or entry.pw_name in named) for entry in pwd.getpwall()
    )
