"""The language model: what it expects, that it is a distribution, and that PocketSphinx reads it the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vasi.engines.basic.pocketsphinx import background, corpus, language_model
from vasi.engines.basic.pocketsphinx.ngrams import Trigrams, find, read_trie, write_trie

TEXT = """The Kestrel carries twelve passengers. The Kestrel does not sail when the wind is above 25 knots.
The zorvane pump of the Kestrel is serviced every spring. Ask the harbour office about the zorvane pump."""


@pytest.fixture(scope="module")
def table() -> background.Background:
    return background.load()


@pytest.fixture(scope="module")
def adapted(table: background.Background) -> Trigrams:
    return language_model.build(table, corpus.read([TEXT]), ["kestrel", "zorvane", "harbour", "knots"])


@pytest.fixture(scope="module")
def general(table: background.Background) -> Trigrams:
    return language_model.build(table, corpus.read([]), [])


def log_probability(model: Trigrams, words: str) -> float:
    """log10 P of a sentence, by the back-off rule of ARPA models."""
    size = len(model.words)
    ids = [model.words.index(word) for word in ["<s>", *words.split(), "</s>"]]
    total = 0.0
    for place in range(1, len(ids)):
        w, h = ids[place], ids[place - 1]
        history = ids[place - 2] * size + h if place > 1 else None
        total += float(log_next(model, history, h, np.array([w]))[0])
    return total


def log_next(model: Trigrams, history: int | None, h: int, words: np.ndarray) -> np.ndarray:
    size = len(model.words)
    at, there = find(model.bigrams, h * size + words)
    logs = np.where(there, model.bigram_logs[at], model.unigram_backoffs[h] + model.unigrams[words])
    if history is not None:
        place, known = find(model.bigrams, np.array([history]))
        backoff = model.bigram_backoffs[place[0]] if known[0] else 0.0
        at, there = find(model.trigrams, history * size + words)
        logs = np.where(there, model.trigram_logs[at], backoff + logs)
    return logs


def test_probabilities_after_any_history_sum_to_one(adapted: Trigrams) -> None:
    everyone = np.array([i for i, word in enumerate(adapted.words) if word != "<s>"])
    size = len(adapted.words)
    histories = [
        ("<s>", "what"),
        ("of", "the"),
        ("the", "kestrel"),
        ("zorvane", "pump"),
        ("in", "california"),
        ("a", "zorvane"),
    ]
    for first, second in histories:
        g, h = adapted.words.index(first), adapted.words.index(second)
        total = (10 ** log_next(adapted, g * size + h, h, everyone)).sum()
        assert total == pytest.approx(1.0, abs=0.02), (first, second)


def test_the_words_of_the_documents_become_likely_where_they_are_used(adapted: Trigrams) -> None:
    assert log_probability(adapted, "what is the zorvane pump") > log_probability(adapted, "what is the zone bumped")
    assert log_probability(adapted, "when does the kestrel sail") > log_probability(
        adapted, "when does the castro sail"
    )


def test_general_english_stays_possible(adapted: Trigrams, general: Trigrams) -> None:
    sentence = "i think we should move the meeting to next wednesday"
    assert log_probability(adapted, sentence) > log_probability(general, sentence) - 2.5


def test_commands_for_notes_are_expected_without_any_documents(general: Trigrams) -> None:
    assert log_probability(general, "delete the note about the car") > log_probability(
        general, "the lead the note about the car"
    )


def test_words_without_a_pronunciation_are_left_out(table: background.Background) -> None:
    model = language_model.build(table, corpus.read([TEXT]), ["kestrel"])
    assert "kestrel" in model.words
    assert "zorvane" not in model.words


def test_pocketsphinx_reads_the_same_probabilities(adapted: Trigrams, tmp_path: Path) -> None:
    sphinx = pytest.importorskip("pocketsphinx", reason="PocketSphinx is not installed")
    write_trie(adapted, tmp_path / "model.lm")
    decoder = sphinx.Decoder(lm=None, loglevel="FATAL")
    loaded = sphinx.NGramModel(decoder.config, decoder.logmath, str(tmp_path / "model.lm"))
    base = np.log10(1.0001)
    size = len(adapted.words)
    chance = np.random.default_rng(7)
    for key in chance.choice(adapted.trigrams, 300):
        history, w = divmod(int(key), size)
        g, h = divmod(history, size)
        expected = float(log_next(adapted, history, h, np.array([w]))[0])
        assert loaded.prob([adapted.words[i] for i in (w, h, g)]) * base == pytest.approx(expected, abs=0.002)
    for w, h in chance.integers(2, size, (300, 2)):
        expected = float(log_next(adapted, None, int(h), np.array([w]))[0])
        assert loaded.prob([adapted.words[int(w)], adapted.words[int(h)]]) * base == pytest.approx(expected, abs=0.002)


def test_a_file_reads_back_as_it_was_written(adapted: Trigrams, tmp_path: Path) -> None:
    write_trie(adapted, tmp_path / "model.lm")
    again = read_trie(tmp_path / "model.lm")
    assert again.words == adapted.words
    assert np.array_equal(again.bigrams, adapted.bigrams)
    assert np.array_equal(again.trigrams, adapted.trigrams)
    assert np.allclose(again.trigram_logs, adapted.trigram_logs, atol=1e-3)
    assert np.allclose(again.bigram_backoffs, adapted.bigram_backoffs, atol=1e-3)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.lm").write_bytes(b"\\data\\\nngram 1=3\n")
    with pytest.raises(ValueError, match="no trigram model"):
        read_trie(tmp_path / "model.lm")


def test_the_background_table_survives_saving(table: background.Background, tmp_path: Path) -> None:
    background.save(table, tmp_path / "table.npz")
    again = background.load(tmp_path / "table.npz")
    assert again.words == table.words
    assert np.array_equal(again.bigrams, table.bigrams)
    assert np.array_equal(again.trigrams, table.trigrams)
    assert np.allclose(again.trigram_logs, table.trigram_logs)
