"""Traffic: laws of pauses, second tries and rates, in time that passes at once."""

import asyncio
import itertools
import random
from collections.abc import Callable

import pytest
from clock import run_fast
from hypothesis import given, settings
from hypothesis import strategies as st
from tenacity.wait import wait_fixed, wait_none

from summarizer.errors import (
    AnswerError,
    DeadlineError,
    EndpointError,
    SummarizerError,
    UnavailableError,
)
from summarizer.model import traffic
from summarizer.model.faults import Transient
from summarizer.model.traffic import (
    ASKED_ATTEMPTS,
    ATTEMPTS,
    FIRST_ATTEMPTS,
    FREE_RETRIES,
    OPENS_AFTER,
    PROBES,
    RETRY_SHARE,
    Traffic,
)

DOWN = Transient("it answered 503", answered=True)
Play = Callable[[int], Transient | SummarizerError | None]


class Server:
    """Answers each request with what `play` says of its number, after `seconds`; None is well."""

    def __init__(self, play: Play, *, seconds: float = 1.0) -> None:
        self.play = play
        self.seconds = seconds
        self.came: list[float] = []
        self.at_once = 0
        self.most_at_once = 0

    async def answer(self) -> int:
        number = len(self.came)
        self.came.append(asyncio.get_running_loop().time())
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.at_once -= 1
        fault = self.play(number)
        if fault is not None:
            raise fault
        return number


def ask(lanes: Traffic, server: Server, *, calls: int, workers: int = 1) -> list[object]:
    """What became of so many calls by so many workers, errors included."""

    async def work() -> list[object]:
        gate = asyncio.Semaphore(workers)

        async def one() -> object:
            async with gate:
                try:
                    return await lanes.run(server.answer)
                except SummarizerError as error:
                    return error

        return list(await asyncio.gather(*(one() for _ in range(calls))))

    return run_fast(work)


def busy(wait: float | None = 30.0) -> Transient:
    return Transient("it answered 429", wait=wait, answered=True, is_rate=True)


def known() -> Traffic:
    """Traffic to an endpoint that has answered before, without waits of its own."""
    lanes = Traffic(backoff=wait_none())
    lanes.has_answered = True
    return lanes


# Pauses


@given(
    wait=st.floats(1, 120),
    workers=st.integers(2, 12),
    refused=st.integers(0, 20),
    seconds=st.floats(0.1, 5),
)
@settings(max_examples=40, deadline=None)
def test_a_pause_that_the_server_asks_for_is_kept_by_every_worker(
    wait: float, workers: int, refused: int, seconds: float
) -> None:
    """Between the answer that asks for it and its end, not one request goes out."""
    server = Server(lambda number: busy(wait) if number == refused else None, seconds=seconds)
    found = ask(known(), server, calls=40, workers=workers)
    begin = server.came[refused] + seconds
    assert not [moment for moment in server.came if begin < moment < begin + wait - 1e-6]
    assert len(server.came) == 41
    assert not [each for each in found if isinstance(each, Exception)]


def test_workers_do_not_all_come_back_at_the_same_moment() -> None:
    server = Server(lambda number: busy(60) if number < 8 else None, seconds=0.01)
    ask(known(), server, calls=8, workers=8)
    again = server.came[8:12]
    assert len(set(again)) > 1
    assert again[0] < 60.02 + 1.0


@given(wait=st.one_of(st.none(), st.floats(-5, 0)))
@settings(max_examples=10, deadline=None)
def test_no_wait_is_negative(wait: float | None) -> None:
    server = Server(lambda number: busy(wait) if number == 0 else None)
    lanes = Traffic(backoff=wait_fixed(-3))
    assert ask(lanes, server, calls=1) == [1]
    assert server.came == sorted(server.came)


def test_a_rate_that_is_too_high_without_a_word_on_when_pauses_every_worker_too() -> None:
    server = Server(lambda number: busy(None) if number == 0 else None)
    ask(Traffic(backoff=wait_fixed(7)), server, calls=6, workers=3)
    assert not [moment for moment in server.came if 1 < moment < 8 - 1e-6]


@given(workers=st.integers(4, 40))
@settings(max_examples=10, deadline=None)
def test_a_rate_that_is_too_high_is_halved_once_for_all_that_were_under_way(workers: int) -> None:
    """All were refused at the same time: half as many come back, not one."""
    server = Server(lambda number: busy(1) if number < workers else None)
    lanes = known()
    ask(lanes, server, calls=workers, workers=workers)
    first = [moment for moment in server.came[workers:] if moment < 3 - 1e-6]
    assert len(first) == (workers + 1) // 2


def test_many_workers_at_a_server_that_takes_few_get_all_their_answers() -> None:
    """Eight a second are let in; the other fifty-six are told to wait."""

    class Bucket(Server):
        async def answer(self) -> int:
            number = len(self.came)
            now = asyncio.get_running_loop().time()
            self.came.append(now)
            if sum(now - 1 < moment for moment in self.came[-200:]) > 8:
                raise busy(1)
            await asyncio.sleep(1)
            return number

    random.seed(3)
    server = Bucket(lambda number: None)
    found = ask(known(), server, calls=200, workers=64)
    lost = [each for each in found if isinstance(each, Exception)]
    assert len(lost) <= 4
    assert len(server.came) < 600


# Second tries


@given(faults=st.lists(st.booleans(), max_size=300), calls=st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_never_more_second_tries_than_the_run_is_allowed(faults: list[bool], calls: int) -> None:
    server = Server(
        lambda number: DOWN if number < len(faults) and faults[number] else None, seconds=0.1
    )
    lanes = known()
    ask(lanes, server, calls=calls, workers=4)
    assert lanes.retries <= FREE_RETRIES + RETRY_SHARE * calls + 1
    assert len(server.came) <= calls + FREE_RETRIES + RETRY_SHARE * calls + 1
    assert len(server.came) <= calls * ATTEMPTS


def test_a_server_that_fails_three_times_of_four_is_not_asked_four_times_as_often() -> None:
    server = Server(lambda number: None if number % 4 == 3 else DOWN)
    lanes = known()
    found = ask(lanes, server, calls=100)
    assert len(server.came) == 100 + lanes.retries == 100 + FREE_RETRIES + RETRY_SHARE * 100
    assert {type(each) for each in found} == {int, UnavailableError}


@pytest.mark.parametrize(
    ("fault", "attempts", "error"),
    [
        (DOWN, ATTEMPTS, UnavailableError),
        (busy(2), ASKED_ATTEMPTS, UnavailableError),
        (Transient("no JSON", answered=True, tries=2, gives=AnswerError), 2, AnswerError),
        (Transient("silent", tries=2, gives=DeadlineError), 2, DeadlineError),
    ],
    ids=["down", "busy", "malformed", "silent"],
)
def test_each_trouble_has_its_number_of_attempts_and_its_error(
    fault: Transient, attempts: int, error: type[SummarizerError]
) -> None:
    server = Server(lambda number: fault)
    [found] = ask(known(), server, calls=1)
    assert (type(found), str(found)) == (error, str(fault))
    assert len(server.came) == attempts


def test_where_nothing_ever_answered_the_address_is_given_up_soon() -> None:
    server = Server(lambda number: Transient("cannot reach it"))
    [found] = ask(Traffic(backoff=wait_none()), server, calls=1)
    assert type(found) is EndpointError
    assert len(server.came) == FIRST_ATTEMPTS


def test_what_no_second_try_can_mend_is_not_tried_again() -> None:
    server = Server(lambda number: AnswerError("400"))
    [found] = ask(Traffic(backoff=wait_none()), server, calls=1)
    assert type(found) is AnswerError
    assert len(server.came) == 1


def test_a_call_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "LONGEST_TRYING", 0.0)
    server = Server(lambda number: DOWN)
    ask(known(), server, calls=1)
    assert len(server.came) == 1


# An endpoint that is down


def test_an_endpoint_that_stays_down_is_probed_by_one_caller_at_a_time_and_given_up() -> None:
    """Two articles are lost before it is known; the others wait, and the run ends."""
    server = Server(lambda number: None if number < 8 else DOWN)
    found = ask(Traffic(backoff=wait_none()), server, calls=60, workers=4)
    given_up = [each for each in found if isinstance(each, EndpointError)]
    assert len(given_up) >= 40
    assert "it stayed so through 5 more tries" in str(given_up[0])
    assert len(server.came) <= 8 + OPENS_AFTER + 3 + PROBES
    probes = server.came[-PROBES:]
    pauses = [b - a for a, b in itertools.pairwise(probes)]
    assert all(pause > 5 for pause in pauses)
    assert pauses == sorted(pauses)


@pytest.mark.parametrize("workers", [1, 4, 32])
def test_an_endpoint_that_comes_back_is_used_by_everybody_again(workers: int) -> None:
    server = Server(lambda number: DOWN if 8 <= number < 20 + workers else None)
    found = ask(Traffic(backoff=wait_none()), server, calls=200, workers=workers)
    assert len([each for each in found if isinstance(each, int)]) >= 200 - workers - 4
    assert not [each for each in found if isinstance(each, EndpointError)]
    assert server.most_at_once == workers


def test_requests_that_were_under_way_when_it_went_down_are_no_probes() -> None:
    """All 64 fail at once; the endpoint is back after the pause and nothing is given up."""
    server = Server(lambda number: DOWN if 64 <= number < 128 else None)
    lanes = Traffic(backoff=wait_none())
    found = ask(lanes, server, calls=192, workers=64)
    assert not [each for each in found if isinstance(each, EndpointError)]


def test_a_server_that_refuses_an_article_is_not_down() -> None:
    """Its answers, though none is wanted, come between the troubles."""
    server = Server(lambda number: AnswerError("400") if number % 3 == 2 else DOWN)
    found = ask(known(), server, calls=100)
    assert not [each for each in found if isinstance(each, EndpointError)]


def test_a_probe_that_is_cancelled_lets_another_one_go() -> None:
    server = Server(lambda number: DOWN if number < 30 else None)
    lanes = known()

    async def work() -> object:
        lost = [asyncio.create_task(lanes.run(server.answer)) for _ in range(4)]
        await asyncio.sleep(8)
        for each in lost:
            each.cancel()
        await asyncio.gather(*lost, return_exceptions=True)
        server.play = lambda number: None
        return await lanes.run(server.answer)

    assert isinstance(run_fast(work), int)


def test_a_server_that_asks_for_a_pause_of_nothing_asks_for_none() -> None:
    """Else it would be asked twice as often as any other, at once and without a limit."""
    fault = Transient("it answered 503", wait=0.0, answered=True)
    lanes, server = known(), Server(lambda number: fault)
    ask(lanes, server, calls=1)
    assert len(server.came) == ATTEMPTS
    assert lanes.retries == ATTEMPTS - 1
