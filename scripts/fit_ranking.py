"""Fits the weights by which a sentence is chosen out of the passages that were found, and writes them into the package.

The questions are those of ``fit_judgement.py`` whose answer is there: of the five best passages every sentence that
holds an accepted answer is right. A conditional logit: of each question's sentences the right ones should be likeliest.

The figures it prints are of each set, chosen by weights that were fitted on all others: how often the first sentence,
and one of the first two, is right.

The weights in the package were fitted with folders of documents that don't come with the project: with other folders
they come out a little differently. ``benchmarks/documents.py`` tells whether they are better.

    .venv/bin/python scripts/fit_ranking.py [FOLDER ...]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import documents as real  # noqa: E402
from scripts.fit_judgement import (  # noqa: E402
    OWNER,
    PASSAGES,
    REAL,
    RETRIEVAL,
    SET_WEIGHTS,
    asking,
    open_public,
    sample_folder,
)
from vasi.app import Vasi  # noqa: E402
from vasi.config import Settings  # noqa: E402
from vasi.knowledge.retrieve import Retriever, title  # noqa: E402
from vasi.language.ranking import sentence_features  # noqa: E402
from vasi.language.sentence_evidence import FEATURES  # noqa: E402

TARGET = ROOT / "src" / "vasi" / "language" / "ranking_weights.py"
PENALTY = 5.0
EVERY = 3
"""Of the public questions one in so many is asked."""
PUBLIC_WEIGHT = 4.0
SPREAD, MIDDLE = 0.15, 0.65
"""Of the scores of the first sentences: what is said to a question compares scores with one another."""

Matrix: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences of one question: their features, and which are right."""

    set: str
    values: Matrix
    right: npt.NDArray[np.bool_]
    weight: float


async def choose(retriever: Retriever, set_: str, weight: float, text: str, right: Any) -> Choice | None:
    """The sentences for a question; None if none or all of them are right."""
    examined = await retriever.examine(OWNER, text, limit=PASSAGES)
    if examined is None:
        return None
    by_id = {one.id: one for one in examined.passages}
    best = [by_id[key] for key in list(examined.evidence)[:PASSAGES]]
    rows = sentence_features(text, [one.text for one in best], [title(one) for one in best])
    found = np.array([right(best[sentence.passage_index], sentence.text) for sentence, _ in rows], bool)
    if not found.any() or found.all():
        return None
    return Choice(set_, np.array([values for _, values in rows]), found, weight)


async def gather(folders: Sequence[Path]) -> list[Choice]:
    choices: list[Choice | None] = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for number, folder in enumerate([sample_folder(work / "samples"), *folders]):
            data = work / f"data-{number}"
            await real.read_library([folder], data)
            async with Vasi.open(Settings(data=data), engines=False) as vasi:
                retriever, _ = asking(vasi.store)
                for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
                    asked = real.Asked.read(json.loads(line))
                    if asked.documents and asked.answers:
                        choices.append(
                            await choose(
                                retriever,
                                folder.name,
                                SET_WEIGHTS.get(folder.name, REAL),
                                asked.text,
                                lambda p, t, a=asked: p.document.rpartition("/")[2] in a.documents and a.answered_by(t),
                            )
                        )
        if RETRIEVAL.exists():
            texts = {one["id"]: one["text"] for one in _lines("passages.jsonl")}
            store = await open_public(work / "public.db", texts.values())
            retriever, _ = asking(store)
            for one in _lines("questions.jsonl")[::EVERY]:
                expected, answers = texts[one["passage"]], [answer.lower() for answer in one["answers"]]
                choices.append(
                    await choose(
                        retriever,
                        one["set"],
                        PUBLIC_WEIGHT,
                        one["question"],
                        lambda p, t, e=expected, a=answers: p.text == e and any(each in t.lower() for each in a),
                    )
                )
            await store.close()
    return [one for one in choices if one is not None]


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (RETRIEVAL / name).read_text("utf-8").splitlines()]


def fit(choices: Sequence[Choice]) -> Matrix:
    """Weights by which the right sentences are likeliest, by Newton's method with halved steps."""
    values = np.concatenate([one.values for one in choices])
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    scaled = [((one.values - mean) / scale, one.right, one.weight) for one in choices]
    beta = np.zeros(values.shape[1])

    def likelihood(at: Matrix) -> float:
        total = -PENALTY * float(at @ at) / 2
        for rows, right, weight in scaled:
            utility = rows @ at
            odds = np.exp(utility - utility.max())
            total += weight * float(np.log(odds[right].sum()) - np.log(odds.sum()))
        return total

    for _ in range(25):
        gradient, curvature = -PENALTY * beta, PENALTY * np.eye(len(beta))
        for rows, right, weight in scaled:
            utility = rows @ beta
            odds = np.exp(utility - utility.max())
            p, q = odds / odds.sum(), odds * right / odds[right].sum()
            middle = rows.T @ p
            gradient += weight * (rows.T @ (q - p))
            curvature += weight * ((rows * p[:, None]).T @ rows - np.outer(middle, middle))
        step, whole, before = np.linalg.solve(curvature, gradient), 1.0, likelihood(beta)
        while whole > 1e-3 and likelihood(beta + whole * step) < before:
            whole /= 2
        beta = beta + whole * step
        if np.abs(whole * step).max() < 1e-2:
            break
    return beta / scale


def report(choices: Sequence[Choice]) -> None:
    """How often the first sentence is right, and one of the first two, chosen by weights of the other sets."""
    for set_ in sorted({one.set for one in choices}):
        weights = fit([one for one in choices if one.set != set_])
        mine = [one for one in choices if one.set == set_]
        orders = [(one, np.argsort(-(one.values @ weights), kind="stable")) for one in mine]
        first = np.mean([one.right[order[0]] for one, order in orders])
        both = np.mean([one.right[order[:2]].any() for one, order in orders])
        print(f"{set_:12} {len(mine):4} questions  {first:.3f} first  {both:.3f} first two")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="*", help="real documents with questions, beside the shared ones")
    given = parser.parse_args()
    choices = asyncio.run(gather([*filter(Path.exists, [real.SHARED]), *given.folders]))
    report(choices)
    weights = fit(choices)
    best = np.array([(one.values @ weights).max() for one in choices])
    weights *= SPREAD / best.std()
    bias = MIDDLE - float(best.mean()) * SPREAD / float(best.std())
    lines = "".join(f"    {value:.4f},  # {name}\n" for name, value in zip(FEATURES, weights, strict=True))
    TARGET.write_text(
        f'"""The weights of ``ranking``, made by ``scripts/fit_ranking.py``."""\n\n'
        f"BIAS = {bias:.4f}\nWEIGHTS = (\n{lines})\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
