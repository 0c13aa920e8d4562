"""selection: who of an article's lineup acts, in a sentence that reports and in a whole record."""

from collections.abc import Iterable, Mapping, Sequence

from summarizer.draft import actors_of
from summarizer.records import Party, Record
from summarizer.strategy.lineup import Candidate
from summarizer.task.probe import Logit

Chances = Mapping[int, Mapping[str, float]]
"""How likely each whom an article names acts in a report: by the report's sentence, by identity."""


def weigh_candidates(candidates: Sequence[Candidate], logit: Logit) -> dict[str, float]:
    """How likely each candidate is to act, by identity."""
    return {one.party.identity: logit.weigh(one.signs) for one in candidates}


def choose_likely(
    parties: Iterable[Party], chances: Mapping[str, float], *, threshold: float, several: bool
) -> tuple[Party, ...]:
    """The parties that are likely enough to act, in their order; the likeliest always.

    `several` asks for two: half of the threshold is then enough for the second.
    """
    parties = tuple(parties)
    likely = [chances.get(party.identity, 0.0) for party in parties]
    ranked = sorted(likely, reverse=True)
    least = min([threshold, *ranked[:1]])
    if several and len(ranked) > 1 and ranked[1] >= threshold / 2:
        least = min(least, ranked[1])  # which is no more than the first
    return tuple(party for party, chance in zip(parties, likely, strict=True) if chance >= least)


def hold_actors(record: Record, chances: Chances, logit: Logit, *, joint: str) -> Record:
    """A record of several sentences with those of its parties that are likely in all together.

    Each sentence brings the parties that are likely in it; one that only one of them speaks for
    is as often as not a slip.
    """
    told = [chances[one.sentence] for one in record.evidence if one.sentence in chances]
    field = actors_of(type(record))
    if len(told) < 2 or field is None:
        return record
    parties: tuple[Party, ...] = getattr(record, field)
    mean = {
        party.identity: sum(each.get(party.identity, 0.0) for each in told) / len(told)
        for party in parties
    }
    several = getattr(record, "kind", None) == joint
    held = choose_likely(parties, mean, threshold=logit.threshold, several=several)
    if several and len(held) < 2:
        return record  # nobody agrees alone
    return record.model_copy(update={field: held})
