"""A run over many articles, however it ends."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from summarizer.article import Article, Unreadable
from summarizer.article.intake import describe_blank, refuse
from summarizer.errors import ArticleError, BudgetError, ModelError, SummarizerError
from summarizer.journal import Journal
from summarizer.model.protocol import Model
from summarizer.outcome import Outcome
from summarizer.runner.intake import Input, Intake, Item
from summarizer.runner.stopping import Stopping
from summarizer.runner.work import Work, describe_unreadable, make_reason, share_outcome
from summarizer.task import Task

GRACE: Final = 10.0
"""Seconds that articles in work have to end once a run is asked to stop."""

AHEAD: Final = 8
"""How many outcomes may wait behind a slow article, as a multiple of the concurrency."""

_OF_ARTICLES: Final = (ModelError, ArticleError, BudgetError)
"""Errors that are one article's outcome; any other is the run's end."""


async def run_articles(
    inputs: Iterable[Item],
    task: Task,
    model: Model,
    *,
    strategy: str,
    concurrency: int = 1,
    journal: Journal | None = None,
    deadline: float | None = None,
    in_order: bool = True,
    stopping: Stopping | None = None,
    in_thread: bool = False,
) -> AsyncGenerator[Outcome, None]:
    """One outcome for each input, with at most `concurrency` articles in work.

    Outcomes come in the order of the inputs, or as they are completed. What the `journal` holds is
    not asked again, and it is told of each outcome as soon as there is one; of two articles with
    the same key the second waits for the first. `deadline` is in seconds for one article. Inputs
    that may take long to read are read `in_thread`, and hold up nothing.

    An article's own error becomes its outcome; once a budget is spent, so does BudgetError for
    each article that would have to be asked about. Any other error ends the run: what is in work
    is cut off, the outcomes that there are are delivered, then the error is raised.
    """
    run = _Run(
        task=task,
        model=model,
        strategy=strategy,
        concurrency=concurrency,
        journal=journal,
        deadline=deadline,
        in_order=in_order,
        stopping=stopping or Stopping(),
    )
    intake = Intake(inputs, in_thread=in_thread, wake=run.changed.set)
    loop = asyncio.get_running_loop()
    with run.stopping.heeding(lambda: loop.call_soon_threadsafe(run.changed.set)):
        try:
            while (outcome := await run.advance(intake)) is not None:
                yield outcome
        finally:
            await run.close()
    if run.error is not None:
        raise run.error


@dataclass(frozen=True, slots=True)
class _Asking:
    """One article in work: what asks about it, and what it comes to once that is kept."""

    task: asyncio.Task[Outcome]
    outcome: asyncio.Future[Outcome]


@dataclass(slots=True, kw_only=True)
class _Run:
    """What is begun and not delivered yet is in `window`, in the order of the inputs.

    Nothing that is done for one article takes longer the more articles there are.
    """

    task: Task
    model: Model
    strategy: str
    concurrency: int
    journal: Journal | None
    deadline: float | None
    in_order: bool
    stopping: Stopping
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever there may be something to do."""
    error: SummarizerError | None = None
    """What ended the run before its inputs did."""
    spent: BudgetError | None = None
    """What is said of every article once a limit is reached."""
    window: dict[asyncio.Future[Outcome], None] = field(default_factory=dict)
    ready: deque[asyncio.Future[Outcome]] = field(default_factory=deque)
    """Those of the window that are done, in the order in which they were."""
    working: dict[object, _Asking] = field(default_factory=dict)
    """The articles that are asked about, by their keys."""
    _grace: asyncio.TimerHandle | None = None
    """Runs once stopping is heeded."""

    async def advance(self, intake: Intake) -> Outcome | None:
        """The next outcome; None after the last."""
        while True:
            self._look_for_stop()
            if (outcome := self._take_finished()) is not None:
                return outcome
            if self._has_room() and (item := intake.take()) is not None:
                await self._begin_alone(item)
            elif not self.window and (intake.is_exhausted or not self._goes_on()):
                return None
            else:
                await self.changed.wait()
                self.changed.clear()

    async def close(self) -> None:
        """Cut off what is still in work, and wait until it has ended."""
        if self._grace is not None:
            self._grace.cancel()
        self._cut_off()
        await asyncio.gather(*self.window, return_exceptions=True)

    # --- what is done next ----------------------------------------------------------------------

    def _goes_on(self) -> bool:
        """Whether anything new may be begun."""
        return self.error is None and self._grace is None

    def _has_room(self) -> bool:
        return (
            self._goes_on()
            and len(self.working) < self.concurrency
            and len(self.window) < AHEAD * self.concurrency
        )

    def _take_finished(self) -> Outcome | None:
        """An outcome that can be delivered: that of the first in the window, or any."""
        found = next(iter(self.window if self.in_order else self.ready), None)
        if found is None or not found.done():
            return None
        del self.window[found]
        if not self.in_order:
            self.ready.popleft()
        return found.result()

    def _look_for_stop(self) -> None:
        if self.stopping.is_asked and self._grace is None:
            self._grace = asyncio.get_running_loop().call_later(GRACE, self._cut_off)
            self.stopping.tell(len(self.working))

    def _fail(self, error: SummarizerError) -> None:
        """End the run with its first error."""
        self.error = self.error or error
        self._cut_off()

    def _cut_off(self) -> None:
        for asking in self.working.values():
            asking.task.cancel()

    # --- one input ------------------------------------------------------------------------------

    async def _begin_alone(self, taken: Input) -> None:
        """Begin one, and let its request go out before the next is made.

        Else all would be made before the first is sent, all answers would come together, and so on
        for ever: the model would wait for us and we for the model by turns.
        """
        in_work = len(self.working)
        self._begin(taken)
        if len(self.working) > in_work:
            await asyncio.sleep(0)

    def _begin(self, taken: Input) -> None:
        try:
            if isinstance(taken.item, Unreadable):
                self._settle(None, describe_unreadable(taken.item, taken.position))
            else:
                self._begin_article(taken.item, taken.position)
        except SummarizerError as error:  # of the journal, or of opening the model
            self._fail(error)

    def _begin_article(self, article: Article, position: int) -> None:
        key = self.journal.identify(article) if self.journal else None
        stored = self._recall(article, position, key)
        place = position if key is None else key
        if stored is not None:
            self._settle(article, stored, key)
        elif place in self.working:
            following = self._follow(article, position, self.working[place].outcome, key)
            self._add(asyncio.create_task(following))
        elif article.is_blank:
            blank = refuse(article.origin, describe_blank(article))
            self._settle(None, describe_unreadable(blank, position))
        else:
            self._begin_work(article, position, key)

    def _begin_work(self, article: Article, position: int, key: str | None) -> None:
        work = Work(
            position=position,
            article=article,
            task=self.task,
            strategy=self.strategy,
            deadline=self.deadline,
        )
        if self.spent is not None:
            ended = work.end("budget", reason=make_reason(self.spent), error=self.spent)
            self._settle(article, ended, key)
        else:
            model = self.model.overheard(work.heard.append)
            self._add(self._ask(work, model, key))

    def _recall(self, article: Article, position: int, key: str | None) -> Outcome | None:
        return self.journal.recall(article, position=position, key=key) if self.journal else None

    def _settle(self, article: Article | None, outcome: Outcome, key: str | None = None) -> None:
        """Add an outcome that nothing has to be waited for."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        future.set_result(self._keep(article, outcome, key))
        self.window[future] = None
        self._note_done(future)

    def _add(self, future: asyncio.Future[Outcome]) -> None:
        self.window[future] = None
        future.add_done_callback(self._note_done)

    def _note_done(self, future: asyncio.Future[Outcome]) -> None:
        if not self.in_order:
            self.ready.append(future)
        self.changed.set()

    def _ask(self, work: Work, model: Model, key: str | None) -> asyncio.Future[Outcome]:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        asking = asyncio.create_task(work.ask(model))
        place = work.position if key is None else key

        def finish(ended: asyncio.Task[Outcome]) -> None:
            del self.working[place]
            try:
                cut = ended.cancelled() or ended.exception() is not None  # before its first step
                outcome = work.cut() if cut else ended.result()
                self._heed_error(outcome.error)
                future.set_result(self._keep(work.article, outcome, key))
            except BaseException as error:  # nobody must wait for ever
                future.set_exception(error)

        asking.add_done_callback(finish)
        self.working[place] = _Asking(asking, future)
        return future

    def _heed_error(self, error: SummarizerError | None) -> None:
        """What one article's error means for the others."""
        if isinstance(error, BudgetError):
            self.spent = self.spent or error
        elif error is not None and not isinstance(error, _OF_ARTICLES):
            self._fail(error)

    async def _follow(
        self, article: Article, position: int, first: asyncio.Future[Outcome], key: str | None
    ) -> Outcome:
        """The outcome of an article whose key is in work already."""
        await asyncio.wait([first])
        shared = share_outcome(first.result(), article, position=position)
        return self._keep(article, shared, key)

    def _keep(self, article: Article | None, outcome: Outcome, key: str | None) -> Outcome:
        """Tell the journal; what it has need not stay in memory."""
        if self.journal is None:
            return outcome
        try:
            self.journal.keep(article, outcome, key=key)
        except SummarizerError as error:
            self.journal = None  # full or gone: what was paid for is still delivered
            self._fail(error)
            return outcome
        return replace(outcome, exchanges=()) if outcome.exchanges else outcome
