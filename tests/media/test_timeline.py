import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.media.timeline import TimedWord, Timeline, spread


def spoken():
    """ "Not more than ten days. Ask first." in two clauses: 1,200 ms and 600 ms of audio."""
    return (
        Timeline(24_000)
        .clause("Not more than ten days. ")
        .audio(9_600, [TimedWord(0, 3, 0), TimedWord(4, 8, 200)])
        .audio(19_200, [TimedWord(9, 13, 420), TimedWord(14, 17, 600), TimedWord(18, 22, 820)])
        .clause("Ask first.")
        .audio(14_400, [TimedWord(0, 3, 0), TimedWord(4, 9, 300)])
        .finish()
    )


@pytest.mark.parametrize(
    ("ms", "heard"),
    [
        (0, ""),
        (149, ""),
        (150, "Not"),
        (349, "Not"),
        (350, "Not more"),
        (600, "Not more than"),
        (1_000, "Not more than ten days. "),
        (1_200, "Not more than ten days. "),
        (1_349, "Not more than ten days. "),
        (1_350, "Not more than ten days. Ask"),
        (1_800, "Not more than ten days. Ask first."),
        (99_999, "Not more than ten days. Ask first."),
    ],
)
def test_the_model_remembers_what_was_heard(ms, heard):
    assert spoken().heard(ms) == heard


def test_length_counts_over_all_clauses_and_chunks():
    assert spoken().samples == 43_200
    assert spoken().ms == 1_800
    assert spoken().text == "Not more than ten days. Ask first."
    assert Timeline(24_000).ms == 0
    assert Timeline(24_000).heard(1_000) == ""


def test_a_short_word_counts_when_it_is_over():
    timeline = (
        Timeline(24_000).clause("a b c").audio(4_800, [TimedWord(0, 1, 0), TimedWord(2, 3, 60), TimedWord(4, 5, 120)])
    )
    assert timeline.heard(60) == "a"
    assert timeline.heard(130) == "a b"


def test_of_a_clause_still_being_spoken_only_the_known_words_were_heard():
    timeline = Timeline(24_000).clause("One two three four.").audio(12_000, [TimedWord(0, 3, 0), TimedWord(4, 7, 300)])
    assert timeline.heard(500) == "One two"
    assert timeline.heard(10_000) == "One two"
    assert Timeline(24_000).clause("One two").audio(480).heard(20) == ""


def test_a_clause_without_word_times_is_taken_as_even():
    timeline = Timeline(24_000).clause("aaaa bbbb cccc dddd").audio(24_000 * 2).finish()
    assert timeline.heard(2_000) == "aaaa bbbb cccc dddd"
    assert timeline.heard(1_000) == "aaaa bbbb"


def test_the_end_in_whole_milliseconds_is_the_end():
    timeline = Timeline(24_000).clause("Yes.").audio(2_415, [TimedWord(0, 3, 0)]).finish()
    assert timeline.ms == 100
    assert timeline.heard(99) == ""
    assert timeline.heard(100) == "Yes."


def test_audio_needs_a_clause():
    with pytest.raises(ValueError, match="without a clause"):
        Timeline(24_000).audio(100)


def test_changes_leave_the_old_timeline_as_it_was():
    before = spoken()
    before.clause("More.").audio(100)
    assert before.text == "Not more than ten days. Ask first."


words = st.lists(st.text("abcdeé🙂.,", min_size=1, max_size=6), max_size=8).map(" ".join)


@given(clauses=st.lists(st.tuples(words, st.integers(0, 60_000), st.booleans()), max_size=5), ms=st.integers(0, 9_000))
def test_hearing_longer_never_hears_less(clauses, ms):
    timeline = Timeline(24_000)
    for text, samples, timed in clauses:
        timeline = timeline.clause(text).audio(samples, spread(text, samples / 24) if timed else ())
    timeline = timeline.finish()
    assert timeline.text.startswith(timeline.heard(ms))
    assert timeline.heard(ms + 40).startswith(timeline.heard(ms))
    assert timeline.heard(timeline.ms) == timeline.text


def test_spread_words_follow_their_length():
    assert spread("aaaa bb", 700.0) == (TimedWord(0, 4, 0), TimedWord(5, 7, 500))
    assert spread(" ", 100.0) == ()
