"""What a model service says of a failure is shown without keys."""

from __future__ import annotations

from vasi.backends.upstream.refusals import scrubbed


def test_a_short_key_is_hidden_where_it_stands_alone() -> None:
    assert scrubbed("Unknown tool 'search_knowledge', key 'k' or k.", "k") == (
        "Unknown tool 'search_knowledge', key '[hidden]' or [hidden]."
    )
    assert scrubbed("refused: abcdefgh-and-more", "abcdefgh") == "refused: [hidden]-and-more"
