"""How the commands of `summarizer batch` show batches and what a submit would come to."""

from collections import Counter
from typing import TYPE_CHECKING

from summarizer.cli.lines import print_json, print_line, print_table

if TYPE_CHECKING:
    from summarizer.scale.queue.answers import Answers
    from summarizer.scale.queue.outbox import Total
    from summarizer.scale.queue.state import Batch, State

_PUZZLES = {
    "torn": "cannot be read",
    "unknown": "belong to no request of ours",
    "double": "answer a request again",
}


def print_state(state: "State", *, as_json: bool) -> None:
    """One line a batch, and below them why some failed."""
    if as_json:
        print_json([_describe(batch) for batch in state.batches])
        return
    heading = ("batch", "id", "status", "requests", "answered", "failed", "bytes")
    print_table([heading, *map(_cells, state.batches)])
    for batch in state.batches:
        if batch.reason:
            print_line(f"batch {batch.number}: {batch.reason}")


def _describe(batch: "Batch") -> dict[str, object]:
    answered, failed, _ = batch.counts
    return {
        "batch": batch.number,
        "id": batch.batch_id or None,
        "status": batch.word,
        "requests": batch.requests,
        "answered": answered,
        "failed": failed,
        "bytes": batch.bytes,
        "tokens": batch.tokens,
        "collected": batch.is_collected,
        "reason": batch.reason or None,
    }


def _cells(batch: "Batch") -> tuple[str, ...]:
    answered, failed, _ = batch.counts
    numbers = (batch.requests, answered, failed, batch.bytes)
    return (str(batch.number), batch.batch_id or "-", batch.word, *(f"{n:,}" for n in numbers))


def print_total(total: "Total", *, as_json: bool) -> None:
    """What a submit would put into the queue."""
    if as_json:
        told = {"requests": total.requests, "bytes": total.bytes, "files": total.files}
        tokens = {
            "prompt_tokens": total.prompt_tokens,
            "completion_tokens": total.usage.completion_tokens,
        }
        print_json({**told, **tokens, "withheld": total.withheld, "cost": total.cost})
        return
    cost = total.cost
    print_table(
        [
            ("a submit would", ""),
            ("put requests", f"{total.requests:,}"),
            ("in files", f"{total.files:,}"),
            ("of bytes", f"{total.bytes:,}"),
            ("send tokens", f"about {total.prompt_tokens:,}"),
            ("get tokens", f"about {total.usage.completion_tokens:,}"),
            ("cost", "unknown" if cost is None else f"about {cost:.4f} US dollars, half the price"),
            *([("leave for later", f"{total.withheld:,}")] if total.withheld else []),
        ]
    )


def say_total(total: "Total") -> None:
    """What a round found to be asked."""
    if total.requests:
        cost = "" if total.cost is None else f", about {total.cost:.4f} US dollars"
        _say(
            f"{_count(total.requests, 'new request')} in {_count(total.files, 'file')}: "
            f"{total.bytes:,} bytes, about {total.prompt_tokens:,} tokens{cost}"
        )
    if total.withheld:
        _say(f"{_count(total.withheld, 'request')} left for the next submit: a limit is reached")


def say_troubles(answers: "Answers") -> None:
    """What in the answers was no answer: how many requests failed and why, and stray lines."""
    for reason, count in Counter(answers.failed.values()).most_common():
        _say(f"{_count(count, 'request')} to be asked again: {reason}")
    for kind, count in answers.puzzles.items():
        _say(f"{_count(count, 'line')} of the answers {_PUZZLES[kind]}: left aside")
    if answers and not answers.found and answers.missed:
        _say(
            "none of the answers fits a request: were articles, task or program changed since the "
            "submit?"
        )


def _say(line: str) -> None:
    print_line(f"summarizer: {line}", err=True)


def _count(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
