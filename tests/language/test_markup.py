"""What is read aloud of a text with markup, however the text arrives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.language.markup import MarkupFilter
from vasi.language.sentences import clauses
from vasi.language.speech_splitter import SpeechSplitter, SpokenClause

ANSWER = """## Opening the valve

First **close** the `main_valve`, *then* see [the plan](https://example.org/plans/a_(b).pdf "Plan")[1][2].

| Part | Size |
|:-----|-----:|
| Lid  | 3 cm |

- [x] call <user@example.org> & wait 2 * 3 minutes【3†source】
- [[Vet list|the vet]] &amp; ==more==[^1]

```python
print(a_b * 2)
```
More on https://example.org/x_y?z=1. It costs 5 < 6 <b>euros</b> 👍!

[^1]: As noted.
"""
SPOKEN = [
    "Opening the valve.",
    "First close the main_valve, then see the plan.",
    "Part, Size.",
    "Lid, 3 cm.",
    "call user@example.org & wait 2 * 3 minutes.",
    "the vet & more.",
    "print(a_b * 2)",
    "More on example.org. ",
    "It costs 5 < 6 euros!",
    "As noted.",
]
MARKS = [
    *("word", "h", "http", "https://x.example/y", "[", "]", "(", ")", "*", "**", "_", "`", "```", "\n", "~~", "=="),
    *("|", "-", "- ", " ", "<", "b", ">", "/", "!", "&", "amp;", "\\", "【", "】", "3†s", "1.", "#", "👍", ". ", ","),
    *("\r\n", "é", "<!--", "-->", "\ue200", "\ue201", "[[", "]]", "|---|", "> ", "@", "\u2028", "\t", "[1]", ":", "7"),
]


def spoken(*deltas: str) -> list[SpokenClause]:
    splitter = SpeechSplitter()
    return [clause for delta in deltas for clause in splitter.feed(delta)] + splitter.flush()


def test_an_answer_in_markdown_is_spoken_without_it() -> None:
    assert [clause.spoken.rstrip("\n") for clause in spoken(ANSWER) if clause.spoken.strip()] == SPOKEN


@given(st.data())
def test_any_division_of_any_text_into_deltas_is_spoken_the_same(data: st.DataObject) -> None:
    text = data.draw(st.one_of(st.just(ANSWER), st.lists(st.sampled_from(MARKS), max_size=40).map("".join)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=30)))
    deltas = [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = spoken(text)
    assert spoken(*deltas) == spoken(*text) == whole
    assert "".join(clause.written for clause in whole) == text
    for clause in whole:
        assert len(clause.starts) == len(clause.spoken)
        assert list(clause.starts) == sorted(clause.starts)
        assert all(0 <= start <= len(clause.written) for start in clause.starts)


@given(st.text(alphabet="abc ,.?é\n", max_size=200).map(str.lstrip))
def test_a_text_without_markup_is_spoken_as_it_is_written(text: str) -> None:
    text = "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())
    assert [clause.written for clause in spoken(text)] == clauses(text)
    # A space in front of a mark has no sound.
    assert "".join(clause.spoken for clause in spoken(text)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("See [the form](https://example.org/forms/intake_(2025).pdf) before.", "See the form before."),
        ("[![logo](a.png)](https://example.org) and ![a hill](b.png)!", "logo and a hill!"),
        ("[text][ref] of array[i][j]", "text of array[i][j]."),
        ("- [ ] call\n- [x] pay", "call. pay."),
        ("As shown [1, 2] and [3-5].", "As shown and."),
        ("\ue200cite\ue202turn0search1\ue201Sure.", "Sure."),
        ("<user@example.org> wrote to <mailto:a@example.org>", "user@example.org wrote to a@example.org."),
        ("Write <your name> here", "Write your name here."),
        ("one<br>two <i>three</i><!-- four -->", "one two three."),
        ("5 &lt; 6 &amp; &#233;", "5 < 6 & é."),
        ("It is 2**10, x == y, ~5 and 3 * 4", "It is 2**10, x == y, ~5 and 3 * 4."),
        ("> 30 degrees", "> 30 degrees."),
        ("> quoted\n> twice", "quoted twice."),
        ("(see https://example.org/a.b), then", "(see example.org), then."),
        ("\\*kept\\* and it`s", "*kept* and it's."),
        ("Title\n=====\n***\ntext", "Title text."),
        ("[open and (never closed", "[open and (never closed."),
        ("a | b\n---|---\nc | d", "a, b c, d."),
    ],
)
def test_marks_have_no_sound(text: str, said: str) -> None:
    markup = MarkupFilter(numbers=False)
    heard = " ".join(f"{markup.feed(text).text}{markup.flush().text}".split())
    for mark in ".,!?":
        heard = heard.replace(f" {mark}", mark)
    assert heard.rstrip(".") == said.rstrip(".")


def test_a_word_is_found_where_it_was_written() -> None:
    (clause,) = spoken("The **big** [red lid](https://example.org/a) at https://example.org/b closed")
    assert clause.spoken == "The big red lid at example.org closed"
    found = {}
    for word in ("The", "big", "red", "lid", "example.org", "closed"):
        start = clause.spoken.index(word)
        begin, end = clause.written_span(start, start + len(word))
        found[word] = clause.written[begin:end]
    assert found == {
        "The": "The",
        "big": "big**",
        "red": "red",
        "lid": "lid](https://example.org/a)",
        "example.org": "example.org/b",
        "closed": "closed",
    }


@pytest.mark.parametrize(
    "text", ["[", "[a](", "<a ", "<!--", "![", "[[a", "http://a,", "`", "*", "&", "|", "- ", "(", "\ue200"]
)
def test_marks_that_never_end_hold_nothing_up(text: str) -> None:
    long = text * (20_000 // len(text))
    begun = time.process_time()
    splitter = SpeechSplitter()
    said = 0
    for start in range(0, len(long), 20):
        said = start
        splitter.feed(long[start : start + 20])
    splitter.flush()
    assert said
    assert time.process_time() - begun < 2


def test_what_may_be_a_link_is_held_back_no_longer_than_its_bound() -> None:
    splitter = SpeechSplitter()
    text = "See [the plan](" + "and so on. " * 400
    assert any(splitter.feed(text[start : start + 50]) for start in range(0, len(text), 50))
