"""The examples of docs/how-to/sdk-clients.md, as they stand there, against a server; only the address is changed."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from tests.node_packages import install
from tests.server_process import ROOT
from tests.wire.certificates import make_authority
from tests.wire.foreign import Name, environment_of
from tests.wire.node_client import FOLDER
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import Certificate, serving

PAGE = (ROOT / "docs" / "how-to" / "sdk-clients.md").read_text(encoding="utf-8")
PROGRAMS = {
    heading: (language, code)
    for heading, language, code in re.findall(
        r"^## ([^\n]+)\n(?:(?!^## ).)*?```(python|js)\n(.*?)```", PAGE, re.M | re.S
    )
    if "import" in code
}
FOREIGN: dict[str, Name] = {"LiveKit Agents": "livekit", "Pipecat": "pipecat", "Semantic Kernel": "semantic_kernel"}
"""Which of them need an environment of their own."""
ANSWER = "By the gate."


async def run(name: str, code: str, port: int, folder: Path, **environment: str) -> str:
    language, _ = PROGRAMS[name]
    python = environment_of(FOREIGN[name]) / "bin" / "python" if name in FOREIGN else sys.executable
    code = code.replace("8787", str(port))
    # Node looks for packages beside the program.
    file = (FOLDER / f"documented-{port}.mjs") if language == "js" else folder / "example.py"
    file.write_text(code)
    process = await asyncio.create_subprocess_exec(
        *([str(python)] if language == "python" else ["node"]),
        str(file),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment, "OPENAI_AGENTS_DISABLE_TRACING": "1", "NODE_NO_WARNINGS": "1"},
    )
    try:
        async with asyncio.timeout(90):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        file.unlink()
    assert process.returncode == 0, said.decode()
    return said.decode()


def test_every_sdk_has_an_example() -> None:
    names = ["Python", "Azure's client", "Agents SDK for Python", "Agents SDK for JavaScript", "Node", *FOREIGN]
    assert [name for name in names if name not in PROGRAMS] == []


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "A browser or an app"])
async def test_an_example_runs_and_prints_the_answer(name: str, tmp_path: Path) -> None:
    language, code = PROGRAMS[name]
    trust: dict[str, str] = {}
    certificate: Certificate | None = None
    if language == "js":
        install(FOLDER)
    if "https://" in code:
        authority = make_authority(tmp_path)
        certificate, trust = authority.server, {"NODE_EXTRA_CA_CERTS": str(authority.certificate)}
    async with serving(scripted_engines(ScriptedLlm(ANSWER)), certificate=certificate) as server:
        assert ANSWER in await run(name, code, server.port, tmp_path, **trust)
