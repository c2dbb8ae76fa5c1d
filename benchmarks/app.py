"""The app as a phone on a slow network meets it, and what playing an answer costs.

Lighthouse judges the first load (its mobile preset: a slow phone, a slow network); of some runs the median counts. It
isn't among what the app is built with, since it is larger than all of that: ``npx`` fetches it into npm's own cache the
first time. The playback worklet is run in the browser's own audio engine, faster than real time, once with a minute of
sound queued and once with nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from tests.browser.app import ARGUMENTS, browser_program
from tests.server_process import DOCUMENTS, ROOT, serving

LIGHTHOUSE = "lighthouse@12.8.2"
"""The last major version that runs with Node.js 20."""
CATEGORIES = ("performance", "accessibility", "best-practices")
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")
RUNS = 5
QUEUED_S = 60
TARGETS = {
    "performance": 0.95,
    "accessibility": 1.0,
    "best-practices": 1.0,
    "first_load_javascript_kb": 200,
    "quantum_ms": 0.1,
}

PLAY = """async ({ module, queued, seconds }) => {
    const rate = 24000;
    const context = new OfflineAudioContext(1, rate * seconds, rate);
    await context.audioWorklet.addModule(module);
    const node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
    node.connect(context.destination);
    for (let at = 0; at < queued * 50; at++)
        node.port.postMessage({ type: "push", item: "a", samples: new Float32Array(480).fill(0.5) });
    const began = performance.now();
    const played = (await context.startRendering()).getChannelData(0);
    const took = performance.now() - began;
    return { ms: took / (played.length / 128), heard: played.filter((value) => value > 0).length / played.length };
}"""


def lighthouse(address: str, program: Path) -> dict[str, Any]:
    """One report. Raises ``RuntimeError`` if there is none."""
    npx = shutil.which("npx")
    if npx is None:
        raise RuntimeError("Lighthouse needs Node.js 20.19 or newer, and there is no npx here: install Node.js.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [npx, "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={report}"]
        command += ["--chrome-flags=--headless --no-sandbox", f"--only-categories={','.join(CATEGORIES)}"]
        environment = {**os.environ, "CHROME_PATH": str(program)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise RuntimeError(f"Lighthouse failed:\n{done.stderr[-2000:]}")
        return json.loads(report.read_text())


def judged(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians over the runs; of accessibility and best practices the worst."""
    figures: dict[str, Any] = {}
    for name in CATEGORIES:
        scores = [report["categories"][name]["score"] for report in reports]
        figures[name] = statistics.median(scores) if name == "performance" else min(scores)
        figures[f"{name}_runs"] = scores
    for name in TIMES:
        figures[f"{name}_ms"] = round(statistics.median(report["audits"][name]["numericValue"] for report in reports))
    shift = "cumulative-layout-shift"
    figures[shift] = max(report["audits"][shift]["numericValue"] for report in reports)
    requests = reports[0]["audits"]["network-requests"]["details"]["items"]
    for kind, name in (("Script", "first_load_javascript_kb"), (None, "first_load_all_kb")):
        sizes = [each["transferSize"] for each in requests if kind in (None, each["resourceType"])]
        figures[name] = round(sum(sizes) / 1000, 1)
    return figures


def quantum_ms(address: str, program: Path) -> dict[str, Any]:
    """What 128 samples cost with a minute queued, and with nothing."""
    (worklet,) = (ROOT / "src" / "vasi" / "web" / "dist" / "assets").glob("playback.worklet-*.js")
    figures: dict[str, Any] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        page = browser.new_page()
        page.goto(address)
        for name, queued in (("quantum_ms", QUEUED_S), ("quantum_ms_nothing_queued", 0)):
            costs: list[float] = []
            for _ in range(RUNS):
                wanted = {"module": f"/assets/{worklet.name}", "queued": queued, "seconds": 30}
                played = page.evaluate(PLAY, wanted)
                assert played["heard"] > 0.99 or not queued, "what was queued wasn't played"
                costs.append(played["ms"])
            figures[name] = round(statistics.median(costs), 5)
        browser.close()
    return figures


def measure(runs: int) -> dict[str, Any]:
    """All of it."""
    program = browser_program()
    if program is None:
        raise RuntimeError("No Chromium here: install it with  sudo apt-get install chromium  (or set VASI_CHROMIUM).")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "data", "--docs", str(DOCUMENTS)) as server,
    ):
        costs = quantum_ms(server.http, program)
        return {**judged([lighthouse(server.http, program) for _ in range(runs)]), **costs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--runs", type=int, default=RUNS, help="of Lighthouse")
    arguments = parser.parse_args()
    try:
        figures = measure(arguments.runs)
    except RuntimeError as problem:
        sys.exit(str(problem))
    for name, value in figures.items():
        print(f"{name:36} {value!s:36} {f'target {TARGETS[name]}' if name in TARGETS else ''}".rstrip())
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
