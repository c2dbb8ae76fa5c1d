"""Web pages by the command line, from a site on this machine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.knowledge.pages.site import HANDBOOK, site


def vasi(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).parent / "vasi")
    command = [program, *arguments, "--data", str(data), "-s", "web_pages.private=true"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


async def test_a_page_is_added_asked_and_read_again(tmp_path: Path) -> None:
    async with site() as there:
        address = there.shows("/rules", HANDBOOK)
        added = await asyncio.to_thread(vasi, tmp_path, "add", address, f"{there.address}/nothing")
        assert added.returncode == 1
        assert "Read Boat rules" in added.stdout
        assert "/nothing doesn't exist" in added.stderr
        answer = await asyncio.to_thread(vasi, tmp_path, "ask", "How much is a guest berth?")
        assert "27 euros" in answer.stdout
        assert "Cookies" not in (await asyncio.to_thread(vasi, tmp_path, "search", "cookies better")).stdout
        again = await asyncio.to_thread(vasi, tmp_path, "add", address)
        assert (again.returncode, "1 unchanged" in again.stdout) == (0, True)
        there.shows("/rules", HANDBOOK.replace("27", "31"))
        await asyncio.to_thread(vasi, tmp_path, "add", address)
        answer = await asyncio.to_thread(vasi, tmp_path, "ask", "How much is a guest berth?")
        assert "31 euros" in answer.stdout
        listed = await asyncio.to_thread(vasi, tmp_path, "sources")
        assert listed.stdout.count("Boat rules") == 1
