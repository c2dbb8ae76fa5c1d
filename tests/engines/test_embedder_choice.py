"""Which embedder is taken: what settings name, else what was downloaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.engines.test_embedder_local import VOCABULARY, tiny_model, write_model
from tests.real_models import model_folder, needs_model
from vasi import plugins
from vasi.app.engines import make_embedder
from vasi.config import Settings
from vasi.config.tables import EmbeddingSettings, EngineSettings
from vasi.engines.embedder.local import LocalEmbedder
from vasi.engines.embedder.manifest import CATALOGUE, catalogue_manifest
from vasi.engines.models import catalogue, folders
from vasi.engines.models.folders import write_receipt
from vasi.errors import ConfigError

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")


@pytest.fixture(autouse=True)
def _no_models_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "environment_root", lambda: tmp_path / "environment")


def put(name: str, root: Path, *, export: int = 0) -> None:
    """What looks like the model of that name; whether it is whole is seen by sizes and the receipt."""
    place = root / name
    place.mkdir(parents=True)
    digests: dict[str, str] = {}
    for file in catalogue().get(name).files:
        content = file.contents[min(export, len(file.contents) - 1)]
        with (place / file.path).open("wb") as empty:
            empty.truncate(content.bytes)
        digests[file.path] = content.sha256
    write_receipt(place, digests)


def test_every_encoder_of_the_catalogue_is_known() -> None:
    downloads = {model.name: model for model in catalogue() if model.part == "embedder"}
    assert set(downloads) == set(CATALOGUE) <= {one.name for one in plugins.candidates("embedder")}
    for name, model in downloads.items():
        assert {file.path for file in model.files} == {"model.onnx", CATALOGUE[name].tokenizer}


async def test_what_was_downloaded_is_taken_without_any_setting(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    assert await make_embedder(settings) is None
    put("minilm-l6", tmp_path / "models")
    embedder = await make_embedder(settings)
    assert isinstance(embedder, LocalEmbedder)
    assert embedder.model.startswith("minilm-l6/")
    put("multilingual-e5-small", tmp_path / "environment")
    better = await make_embedder(settings)
    assert isinstance(better, LocalEmbedder)
    assert better.model.startswith("multilingual-e5-small/")
    assert better.threshold > embedder.threshold
    named = await make_embedder(Settings(data=tmp_path, engines=EngineSettings(embedder="minilm-l6")))
    assert isinstance(named, LocalEmbedder)
    assert named.model == embedder.model
    assert await make_embedder(Settings(data=tmp_path, engines=EngineSettings(embedder="none"))) is None


async def test_another_export_of_a_model_is_another_model(tmp_path: Path) -> None:
    names: set[str] = set()
    for number in range(2):
        put("minilm-l6", tmp_path / f"{number}" / "models", export=number)
        embedder = await make_embedder(Settings(data=tmp_path / f"{number}"))
        assert isinstance(embedder, LocalEmbedder)
        names.add(embedder.model)
    assert len(names) == 2


async def test_a_folder_in_the_settings_comes_first(tmp_path: Path) -> None:
    files = {
        "model.onnx": tiny_model(np.eye(len(VOCABULARY), dtype=np.float32)),
        "vocab.txt": "\n".join(VOCABULARY).encode(),
    }
    folder = write_model(tmp_path / "mine", files)
    settings = Settings(data=tmp_path, embeddings=EmbeddingSettings(folder=folder))
    embedder = await make_embedder(settings)
    assert isinstance(embedder, LocalEmbedder)
    assert embedder.model == "tiny"
    (folder / "model.onnx").write_bytes(b"another")
    with pytest.raises(ConfigError, match="fetch it again"):
        await make_embedder(settings)


def test_an_engine_that_is_named_but_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, engines=EngineSettings(embedder="multilingual-e5-small"))
    with pytest.raises(ConfigError, match="vasi download multilingual-e5-small"):
        plugins.choose("embedder", settings)


@needs_model("minilm-l6")
async def test_minilm_knows_what_means_the_same() -> None:
    place = model_folder("minilm-l6")
    assert place is not None
    embedder = LocalEmbedder(place, catalogue_manifest("minilm-l6", folders.read_receipt(place)))
    try:
        (question,) = await embedder.embed(["When does the ferry depart?"], query=True)
        texts = [
            "The boat leaves the pier at nine o'clock.",
            "Bread is baked with rye flour and salt.",
            "The house in the valley was built in 1902.",
        ]
        right, *others = [float(question @ vector) for vector in await embedder.embed(texts)]
        assert right > max(others) + 0.2
        assert right > embedder.threshold > max(others)
        (again,) = await embedder.embed([texts[0]])
        # The vector of a text doesn't depend on those beside it, but for the rounding of int8.
        assert float(again @ (await embedder.embed([texts[0], "word " * 200]))[0]) > 0.99
    finally:
        await embedder.close()
