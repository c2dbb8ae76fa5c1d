"""How people ask and command: openings that are crossed with what the documents talk about, and whole sentences."""

from __future__ import annotations

from itertools import product

_ASKED = """
what|where|when|why|how|who|which|how long|how much|how many|how often|how far|how old|how high|how deep|how fast
how soon|how big|how heavy|what time|at what time|at what|in what|to what|for what|for how long|on which day
in which year|in which|on which|with what|from when|until when|by when|what kind|what else
"""
_VERBS = {
    "is are was were": "the a my your our there this that it he she i we you they",
    "do have": "i we you they the my our people",
    "does has": "the a my your our this that it he she someone",
    "did had can could may must should will would": "i we you they the a my your our this that it he she someone",
}
QUESTIONS: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    what is the
    what is
    what are the
    what are
    what does the
    what is a
    what about the
    what do the documents say about
    what do my documents say about
    what does the handbook say about
    what does it say about
    what happens if the
    what happens to the
    what was the
    what kind of
    what is included in the
    what is the name of the
    what is the cost of the
    what is the price of the
    what is the limit for
    what is the deadline for
    what is the maximum
    what is the minimum
    when is the
    when are the
    when does the
    when do i
    when was the
    when can i
    where is the
    where are the
    where do i
    where can i find the
    who is the
    who is responsible for the
    who is responsible for
    who do i ask about
    who do i call about the
    who should i contact about
    which
    why is the
    how do i
    how does the
    how does
    how do i use the
    how do i get
    how can i
    how is the
    how many
    how many days of
    how many hours of
    how many people
    how much is the
    how much is
    how much does the
    how much does a
    how much do i pay for
    how much
    how long is the
    how long does the
    how long do i have to
    how long
    how often
    how often do i have to
    how old is the
    how big is the
    how far is the
    how fast is the
    how high is the
    is there a
    is the
    is
    are there any
    are the
    are
    can i
    can i get
    can i use the
    can you tell me about the
    could you tell me about
    do i have to
    do i need a
    do we have a
    do you know the
    does the
    does
    does it cover
    does the plan cover
    did the
    has the
    may i
    should i
    tell me about the
    tell me about
    tell me more about the
    tell me more about
    explain the
    explain
    describe the
    find the
    find
    show me the
    read me the
    search for
    search my documents for
    look up the
    look up
    summarize the
    compare the
    i want to know about the
    i would like to know about
    i have a question about the
    and the
    and what about the
    """.strip().splitlines()
)

NOTES: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    take a note that the
    take a note that
    take a note about the
    take a note
    make a note that the
    make a note that
    make a note about
    please take a note
    note that the
    note that
    note down that
    note
    write down that the
    write down
    remember that the
    remember that
    remember to
    remember the
    remind me to
    remind me about the
    remind me that
    add a note that
    add a note about the
    add to my notes that
    save a note that
    delete the note about the
    delete the note about
    delete my note about
    remove the note about the
    remove the note about
    forget the note about
    change the note about the
    change the note about
    update the note about the
    update the note about
    find my note about the
    find my note about
    find the note about
    search my notes for
    do i have a note about
    what did i note about the
    what did i note about
    what did i say about the
    what did i write about
    what do my notes say about the
    what do my notes say about
    what are my notes about
    read my notes about
    show my notes about
    """.strip().splitlines()
)

SENTENCES: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    what did i note yesterday
    what did i note today
    what did i note this morning
    what did i note this week
    what did i note last week
    what did i note on monday
    what did i note on tuesday
    what did i note on wednesday
    what did i note on thursday
    what did i note on friday
    what did i note
    what are my notes
    what are my notes from yesterday
    what are my notes from today
    what is in my notes
    list my notes
    list all my notes
    list my notes from yesterday
    list my notes from today
    list my notes from last week
    read my notes
    read me my notes
    read my last note
    read the last note
    show my notes
    show me my notes
    show me all my notes
    how many notes do i have
    do i have any notes
    delete the last note
    delete that note
    delete that
    delete my last note
    delete all my notes
    remove the last note
    remove that note
    forget that
    forget the last note
    change the last note
    change that note to
    change it to
    take a note
    make a note
    make a note of that
    note that down
    write that down
    remember that
    remember this
    save that
    undo that
    remember to call
    remember to buy
    remember to send
    remember to ask
    remember to pay
    remind me to call
    remind me to buy
    take a note call
    take a note buy
    take a note the meeting is on monday
    take a note the meeting is at three o'clock
    take a note that the meeting is on friday at ten
    note that the meeting is moved to thursday
    remember that my appointment is tomorrow at nine
    remember to buy milk and bread
    tomorrow morning
    tomorrow afternoon
    tomorrow at noon
    next week
    next monday
    on friday before noon
    at eight in the morning
    at half past two in the afternoon
    what day is it today
    what day is it
    what is the date today
    what is the date
    what time is it
    what documents do you have
    what documents have you read
    which documents do you know
    what can you do
    how can you help me
    what can i ask you
    who are you
    what is your name
    hello
    hello there
    hi
    hi there
    hey
    good morning
    good afternoon
    good evening
    good night
    how are you
    how are you today
    thank you
    thank you very much
    thanks
    thanks a lot
    please
    yes
    yes please
    yes it is
    yes do that
    yes delete it
    no
    no thank you
    no thanks
    no that is wrong
    no don't
    okay
    okay thanks
    all right
    right
    sure
    great
    stop
    stop it
    stop talking
    be quiet
    wait
    wait a minute
    wait a moment
    hold on
    never mind
    cancel
    cancel that
    go on
    continue
    go ahead
    repeat that
    repeat that please
    say that again
    say that again please
    can you repeat that
    can you say that again
    could you repeat that please
    i did not understand
    i don't understand
    pardon
    what
    what do you mean
    what does that mean
    what was that
    tell me more
    tell me more about that
    where does it say that
    where did you find that
    which document is that from
    which page is that on
    what page is that on
    what is the source
    are you sure
    is that right
    that's right
    that's wrong
    that's all
    that's it
    goodbye
    bye
    see you later
    help
    uh huh
    """.strip().splitlines()
)


def question_stems() -> list[str]:
    """Every "how long does the", "where may i", ...: the words that a question is hung on."""
    asked = _ASKED.strip().replace("\n", "|").split("|")
    return [
        f"{opening} {verb} {subject}"
        for opening, (verbs, subjects) in product(asked, _VERBS.items())
        for verb, subject in product(verbs.split(), subjects.split())
    ]
