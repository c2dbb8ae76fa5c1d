"""Nobody else may write what says where questions and keys are sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vasi.app import Vasi
from vasi.config import Settings, load_settings
from vasi.errors import ConfigError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists of rights instead of modes.")


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
async def test_the_data_folder_is_made_private(tmp_path: Path, umask: int) -> None:
    data = tmp_path / "data"
    before = os.umask(umask)
    try:
        async with Vasi.open(Settings(data=data), engines=False):
            pass
    finally:
        os.umask(before)
    assert data.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("place", [".", "vasi.toml"])
def test_a_folder_or_file_that_others_may_write_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "vasi.toml").write_text('voice = "verse"\n')
    (tmp_path / "vasi.toml").chmod(0o644)
    tmp_path.chmod(0o755)
    assert load_settings({"data": tmp_path}, environ={}).voice == "verse"
    path = tmp_path / place
    path.chmod(path.stat().st_mode | 0o002)
    with pytest.raises(ConfigError, match="chmod go-w"):
        load_settings({"data": tmp_path}, environ={})
    path.chmod(path.stat().st_mode & ~0o022)
    assert load_settings({"data": tmp_path}, environ={}).voice == "verse"


def test_a_file_that_is_named_is_looked_at_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("")
    file.chmod(0o666)
    with pytest.raises(ConfigError, match="Other users may write the file"):
        load_settings(config=file, environ={})


def test_the_command_says_what_to_do(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    command = [sys.executable, "-c", "from vasi.cli import main; main()", "sources", "--data", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode != 0
    assert "chmod go-w" in ran.stderr.replace("\n", " ")
