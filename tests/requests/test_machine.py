"""The table of a request's steps, explored to the end: P5.2a, P5.2c, P5.2e."""

from __future__ import annotations

from collections import deque
from itertools import product

from plainview.privacy.requests import machine
from plainview.privacy.requests.machine import State


def reached(start: State, without: frozenset[str] = frozenset()) -> set[State]:
    """Every state that can be reached from one, without some steps."""
    seen, waiting = {start}, deque([start])
    while waiting:
        state = waiting.popleft()
        for name in machine.possible(state):
            after = machine.target(state, name)
            if name not in without and after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def test_every_state_is_reached_and_has_an_end():
    assert reached(State.RECEIVED) == set(State)
    for state in State:
        assert reached(state) & set(machine.FINAL), f"{state} is a dead end"


def test_what_is_final_stays_so():
    for state in machine.FINAL:
        assert reached(state) == {state}


def test_nothing_is_answered_without_having_been_begun():
    assert not reached(State.RECEIVED, frozenset({"begin"})) & {State.WORKING, State.ANSWERED}


def test_an_appeal_needs_a_decision_and_comes_once():
    seen = reached(State.RECEIVED, frozenset({"answer", "refuse"}))
    assert State.APPEALED not in seen
    assert State.APPEALED not in reached(State.SETTLED)


def test_the_service_alone_never_decides_against_anybody():
    for state, name in product(State, machine.STEPS):
        step = machine.STEPS[name]
        if state in step.sources and step.to in (State.REFUSED, State.SETTLED):
            assert step.by == ("officer",)


def test_whoever_asks_can_take_it_back_while_it_runs():
    for state in machine.RUNNING:
        assert "withdraw" in machine.possible(state, "person")


def test_explored_to_the_end_there_is_no_way_round_proof_and_every_wait_has_a_day():
    """Every configuration that steps can lead to, with the guards of the services as they are."""
    seen, waiting = set(), deque([(State.RECEIVED, False, False, "")])
    while waiting:
        config = waiting.popleft()
        if config in seen:
            continue
        seen.add(config)
        state, proved, appealed, decider = config
        assert proved or state not in machine.PROVED
        assert not (appealed and state in machine.OPEN)
        for name, officer in product(machine.possible(state), "ab"):
            after = machine.target(state, name)
            if name == "begin":
                waiting.append((after, True, appealed, decider))
            elif name == "ask-identity":
                waiting.append((after, False, appealed, decider))
            elif name in ("answer", "refuse"):
                waiting.append((after, proved, appealed, officer))
            elif name == "settle":
                if officer != decider:
                    waiting.append((after, proved, appealed, decider))
            else:
                waiting.append((after, proved, appealed or name == "appeal", decider))
    for state in State:  # all is reached, and somebody can end all of it
        assert any(config[0] == state for config in seen)
