"""Storing: finished shards put into one store, where a run on one machine goes on from them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from summarizer.scale.cluster.journal_file import Begun, Kept, is_better, read_journal
from summarizer.scale.cluster.merging import Choice, Finished, Ids
from summarizer.scale.cluster.shard import Shard
from summarizer.store import RunStart, Store


def merge_into_store(folders: Sequence[Finished], store: Store) -> int:
    """Keep every row that counts, its result and what was asked for it; how many rows.

    Each folder is one run of the store, whose rows are in the order of the plan.
    """
    choice, total = Choice.make(folders), 0
    for place, finished in enumerate(folders):
        run, ids, position = store.begin(_describe_run(finished)), Ids(), 0
        for shard in finished.shards:
            for kept in _read_shard(finished, shard):
                if not choice.counts(kept.row.key, place):
                    continue
                id = kept.row.article_id
                named = ids.take(id, kept.row.origin) if id is not None else None
                row = replace(kept.row, position=position, article_id=named)
                store.keep(run, row, kept.result, kept.exchanges, text=kept.text)
                position += 1
        store.end(run, "finished" if not finished.missing else "interrupted")
        total += position
    return total


def _read_shard(finished: Finished, shard: Shard) -> Iterator[Kept]:
    """The last row of each input, with the best that is kept under its key."""
    rows: dict[int, Kept] = {}
    best: dict[str, Kept] = {}
    for line in read_journal(finished.folder.journal(shard)):
        if isinstance(line, Begun):
            rows = {}
        elif isinstance(line, Kept):
            rows[line.row.position] = line
            if line.result is not None:
                known = best.get(line.result.key)
                if is_better(line.result, known.result if known else None):
                    best[line.result.key] = line
    for position in sorted(rows):
        row = rows[position].row
        found = best.pop(row.key, None) if row.key else None
        yield replace(found or rows[position], row=row)


def _describe_run(finished: Finished) -> RunStart:
    terms = finished.manifest.terms
    return RunStart(
        command=f"summarizer merge {finished.folder.path}",
        task=terms.task,
        strategy=terms.strategy,
        model=terms.model,
        endpoint=terms.endpoint,
        summarizer=terms.summarizer,
        inputs=tuple(one.origin for one in finished.manifest.plan.inputs),
    )
