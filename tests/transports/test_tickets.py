"""Resumption tickets: one is good once, for its owner, in time, and no more sessions wait than may."""

import itertools

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from vasi.accounts.principals import Principal
from vasi.transports.tickets import ResumptionTickets

OWNERS = st.sampled_from(["anna", "ben"])


class Resumptions(RuleBasedStateMachine):
    """Against a model that remembers everything."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        numbers = itertools.count()
        self.tickets = ResumptionTickets(
            10, clock=lambda: self.now, token=lambda: f"t{next(numbers)}", max_waiting=3, max_waiting_of_owner=2
        )
        self.sessions = {}
        """Session -> (owner, its good token or None, when it left or None)."""
        self.tokens = []

    @rule(owner=OWNERS)
    def comes(self, owner):
        session = object()
        self.sessions[session] = (owner, self.tickets.issue(owner, session), None)
        self.tokens.append(self.sessions[session][1])

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def drops(self, data):
        session = data.draw(st.sampled_from(list(self.sessions)))
        owner, token, left = self.sessions[session]
        if left is not None:
            return
        waiting = [one[0] for one in self.sessions.values() if one[2] is not None]
        fits = len(waiting) < 3 and waiting.count(owner) < 2
        assert self.tickets.disconnected(session) is fits
        if fits:
            self.sessions[session] = (owner, token, self.now)
        else:
            del self.sessions[session]

    @rule(seconds=st.floats(0.5, 12))
    def time_passes(self, seconds):
        self.now += seconds

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def ends(self, data):
        session = data.draw(st.sampled_from(list(self.sessions)))
        self.tickets.forget(session)
        self.tickets.forget(session)
        del self.sessions[session]

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), owner=OWNERS)
    def comes_back(self, data, owner):
        token = data.draw(st.sampled_from(self.tokens))
        good = [
            session
            for session, (whose, valid, left) in self.sessions.items()
            if valid == token and whose == owner and (left is None or self.now < left + 10)
        ]
        session = self.tickets.redeem(token, owner)
        assert session is (good[0] if good else None)
        if session is None:
            return
        assert self.tickets.redeem(token, owner) is None, "a token is good once"
        new = self.tickets.issue(owner, session)
        self.tickets.reconnected(session)
        self.tokens.append(new)
        self.sessions[session] = (owner, new, None)

    @invariant()
    def only_those_wait_that_left(self):
        assert set(self.tickets.waiting) == {session for session, one in self.sessions.items() if one[2] is not None}


Resumptions.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestResumptions = Resumptions.TestCase


def test_no_token_is_kept_and_none_is_like_another():
    tickets = ResumptionTickets(30)
    tokens = {tickets.issue("anna", object()) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens), "256 bits in base64"
    assert not [token for token in tokens if token in repr(vars(tickets))]


def test_nobody_waits_where_that_is_turned_off():
    tickets, session = ResumptionTickets(0), object()
    token = tickets.issue("anna", session)
    assert not tickets.disconnected(session)
    assert tickets.redeem(token, "anna") is None


def test_a_session_goes_on_only_with_what_opened_it() -> None:
    tickets, session = ResumptionTickets[object](30), object()
    first = Principal("anna", session="sess_1")
    token = tickets.issue("anna", session, first.credential)
    for other in (Principal("anna"), Principal("anna", session="sess_2"), Principal("anna", key="key_1")):
        assert tickets.redeem(token, "anna", other.credential) is None
    assert tickets.redeem(token, "anna", first.credential) is session
