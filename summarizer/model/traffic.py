"""Traffic: when a request may go out, and whether another try follows one that failed.

All callers of an endpoint share one. A server that asks for a pause gets it from all of them, a
rate that was too high is halved, and an endpoint that has stopped answering is asked by one caller
at a time until it is back or given up. It is the only place that tries transport again, or the
tries would multiply.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception
from tenacity.wait import wait_base, wait_random_exponential

from summarizer.errors import DeadlineError, EndpointError, ModelError, UnavailableError
from summarizer.model.faults import Transient

ATTEMPTS = 5
FIRST_ATTEMPTS = 3
"""Attempts at an address that nothing has ever answered at: it is probably wrong."""
ASKED_ATTEMPTS = 10
"""Attempts where the server says each time how long to wait: that costs it nothing."""
LONGEST_TRYING = 900.0
"""Seconds after which a call that keeps failing is not tried again."""
FREE_RETRIES = 10
RETRY_SHARE = 0.1
"""Second tries that a run may make: some, and a share of its calls. A pause that the server asked
for is not counted: it holds back every caller, so that nothing can pile up."""
OPENS_AFTER = 10
"""Passing troubles in a row, of all callers together, after which the endpoint is thought down."""
PROBES = 5
"""Single requests with a growing pause before each; where all fail, the endpoint is given up."""
PROBE_PAUSE = 5.0
LONGEST_PAUSE = 60.0
BACKOFF: Final[wait_base] = wait_random_exponential(multiplier=0.5, max=20)

Value = TypeVar("Value")


class Traffic:
    """Lets requests to one endpoint out, and tries those again that failed in passing.

    `backoff` says how long one caller waits where the server does not say; `pause` is the seconds
    before the first probe of an endpoint that is down. All times are of the loop's own clock, which
    no change of the date moves.
    """

    def __init__(self, *, backoff: wait_base = BACKOFF, pause: float = PROBE_PAUSE) -> None:
        self.has_answered = False
        """Whether anything ever answered at the address."""
        self.calls = 0
        self.retries = 0
        """Second tries that count against their share."""
        self._backoff = backoff
        self._pause = pause
        self._until = 0.0
        self._room: float | None = None
        self._in_flight = 0
        self._halved = self._opened = 0.0
        self._failures = 0
        self._probes = 0
        self._dead = ""
        self._changed = asyncio.Event()

    async def run(self, attempt: Callable[[], Awaitable[Value]]) -> Value:
        """What the attempt gives, tried again while its fault is `Transient`.

        Raises what the attempt raises; for a fault that stays UnavailableError, DeadlineError or
        AnswerError, and EndpointError where nothing ever answered or the endpoint is given up.
        """
        self.calls += 1
        began = asyncio.get_running_loop().time()
        try:
            return await self._try_once(attempt)
        except Transient as fault:
            return await self._try_again(attempt, fault, began)

    async def _try_again(
        self, attempt: Callable[[], Awaitable[Value]], first: Transient, began: float
    ) -> Value:
        """What another attempt gives; tenacity is shown the first one, which is over."""
        seen = [first]

        async def next_attempt() -> Value:
            if seen:
                raise seen.pop()
            return await self._try_once(attempt)

        retrying = AsyncRetrying(
            stop=lambda state: self._should_stop(state, began),
            wait=self._wait,
            retry=retry_if_exception(lambda error: isinstance(error, Transient)),
            reraise=True,
        )
        try:
            return await retrying(next_attempt)
        except Transient as fault:
            raise self._give_up(fault) from fault

    async def _try_once(self, attempt: Callable[[], Awaitable[Value]]) -> Value:
        await self._enter()
        began = asyncio.get_running_loop().time()
        try:
            value = await attempt()
        except Transient as fault:
            self._note_fault(fault, began)
            raise
        except ModelError as error:  # a server that says no is there
            if not isinstance(error, UnavailableError):
                self._note_answer()
            raise
        else:
            self._note_answer()
            return value
        finally:
            self._in_flight -= 1
            self._wake()

    async def _enter(self) -> None:
        """Wait for the end of the pause and for room; EndpointError where no request goes out."""
        loop = asyncio.get_running_loop()
        while True:
            if self._dead:
                raise EndpointError(self._dead)
            left = self._until - loop.time()
            if left > 0:  # not all at the same moment
                await asyncio.sleep(left + random.uniform(0, min(1.0, left / 10)))
            elif self._room is None or self._in_flight < self._room:
                self._in_flight += 1
                return
            else:
                await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _note_answer(self) -> None:
        self.has_answered = True
        self._failures = self._probes = 0
        if self._room is not None:
            self._room += 1 / self._room
            if self._room > 2 * self._in_flight + 1:  # nobody is held back any more
                self._room = None

    def _note_fault(self, fault: Transient, began: float) -> None:
        self._pause_all(fault.wait or 0.0)
        if fault.is_rate and not self._halve_rate(began):
            return
        if self.has_answered:
            self._failures += 1
            if self._failures >= OPENS_AFTER:
                self._probe_later(fault, began)

    def _pause_all(self, seconds: float) -> None:
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    def _halve_rate(self, began: float) -> bool:
        """Whether the rate is halved now: once for all requests that were under way together."""
        if began < self._halved:
            return False
        self._room = max(1.0, self._in_flight / 2)
        self._halved = asyncio.get_running_loop().time()
        return True

    def _probe_later(self, fault: Transient, began: float) -> None:
        """One request at a time, after a longer pause each; what was under way is no probe."""
        if self._probes and began < self._opened:
            return
        self._probes += 1
        if self._probes > PROBES:
            self._dead = f"{fault}; it stayed so through {PROBES} more tries, try again later"
            return
        self._pause_all(min(self._pause * 2 ** (self._probes - 1), LONGEST_PAUSE))
        self._opened = asyncio.get_running_loop().time()
        self._room = 1.0

    def _should_stop(self, state: RetryCallState, began: float) -> bool:
        fault = _fault_of(state)
        if self._dead or state.attempt_number >= self._allowed(fault):
            return True
        if asyncio.get_running_loop().time() - began >= LONGEST_TRYING:
            return True
        if fault.wait or fault.is_rate:
            return False
        if self.retries >= FREE_RETRIES + RETRY_SHARE * self.calls:
            return True
        self.retries += 1
        return False

    def _allowed(self, fault: Transient) -> int:
        """Attempts at most; few where nobody has ever answered."""
        if fault.tries is not None:
            return min(fault.tries, ATTEMPTS)
        if not (self.has_answered or fault.answered):
            return min(FIRST_ATTEMPTS, ATTEMPTS)
        return ASKED_ATTEMPTS if fault.wait else ATTEMPTS

    def _wait(self, state: RetryCallState) -> float:
        """A random share of a growing pause, for everybody where the rate was too high; none where
        the server asked for one, as everybody keeps that already."""
        fault = _fault_of(state)
        if fault.wait:  # to be asked for none at all is not to be asked
            return 0.0
        wait = max(0.0, self._backoff(state))
        if fault.is_rate:
            self._pause_all(wait)
        return wait

    def _give_up(self, fault: Transient) -> Exception:
        if self._dead:
            return EndpointError(self._dead)
        if fault.gives is DeadlineError:
            return DeadlineError(str(fault))
        return (fault.gives if self.has_answered else EndpointError)(str(fault))


def _fault_of(state: RetryCallState) -> Transient:
    """The fault that another attempt is thought of for; tenacity asks about no other."""
    fault = state.outcome.exception() if state.outcome else None
    return fault if isinstance(fault, Transient) else Transient("")
