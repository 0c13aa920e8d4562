"""Rule file: what a task's `rules.toml` may hold, checked when it is read."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from summarizer.article.caseless import compile_caseless
from summarizer.task.pattern import check_pattern, straighten

Actors = Literal["one", "many"]

_DEADLINE = re.compile(r"(by|before|until|within|from|starting|over|for)\b", re.IGNORECASE)


def _compile(pattern: str) -> str:
    check_pattern(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compile)]


def _group(*names: str) -> AfterValidator:
    """A pattern must have these groups; where none is named, any one."""

    def check(pattern: str) -> str:
        compiled = re.compile(pattern)
        missing = [name for name in names if name not in compiled.groupindex]
        if missing or not compiled.groups:
            raise ValueError(f"has no group {', '.join(missing) or 'at all'}")
        return pattern

    return AfterValidator(check)


GroupPattern = Annotated[Pattern, _group()]
ActPattern = Annotated[Pattern, _group("act")]

NOTHING = r"(?!)"
"""A pattern that matches nothing."""

SURE_REACH = 60
"""Characters before words that are sure in which something can speak against them."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Weight(_Table):
    """What one sign in a sentence is worth, in log-odds."""

    pattern: Pattern | None = None
    """Counts where the sentence matches, upper and lower case alike."""
    actors: Actors | None = None
    """Counts where one party, or more than one, acts in the sentence."""
    report: float = 0.0
    """For (or, negative, against) the sentence reporting any record."""
    kinds: Annotated[dict[str, float], Field(default_factory=dict)]
    """For or against its being of one kind."""


class Case(_Table):
    """One value of a field, and the words that decide for it."""

    value: str
    pattern: Pattern
    unless_opening: bool = False
    """Does not count where the words of the pattern's first group stand in the headline or the
    first sentence: an occasion that the article opens with is its story, not its background."""


class FieldRule(_Table):
    """How the evidence decides a choice: the first case that matches, else the default."""

    default: str
    cases: tuple[Case, ...] = ()
    opening: bool = False
    """Whether the article's opening is looked at where nothing in the evidence matches."""


class PhraseRule(_Table):
    """How the evidence yields a phrase: the first group of the first pattern that matches."""

    find: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    opening: bool = False
    """Whether the article's opening is looked at where nothing in the evidence matches."""
    of_act: bool = False
    """Whether it is told of one act: of several in a sentence, the last that begins before it."""


class TimeRule(_Table):
    """Which words can be the time of an act; the day on which it was reported cannot."""

    must: Pattern
    """What the words must hold."""
    never: Pattern
    """What they must not match."""
    ahead: Pattern = NOTHING
    """What looks ahead: a time behind it is that of an act to come."""
    present: Pattern = NOTHING
    """The same, but weaker: behind it, a weekday may still be that of the report."""
    past: Pattern = NOTHING
    """Verbs of what has happened: a time behind one is its own."""
    aside: Pattern = NOTHING
    """What opens a clause about something else, up to the time."""
    another: Pattern = NOTHING
    """What parts an act from a further one of the same sentence."""
    dateline: Pattern = NOTHING
    """What an agency puts before its first sentence; heeds upper and lower case."""

    def admits(self, words: str, sentence: str) -> bool:
        """Whether the words can be the time of an act; what opens a sentence is its own time."""
        plain = straighten(words.strip())
        if straighten(sentence).startswith(plain) and not re.match(_DEADLINE, plain):
            return False
        return bool(compile_caseless(self.must).search(plain)) and not (
            compile_caseless(self.never).search(plain)
        )


class ActRule(_Table):
    """What is done in a sentence that reports something, and how the acts that a model lists for it
    are held to the sentence's own grammar."""

    field: str
    """The phrase that says what is done."""
    strip: Pattern
    """What is cut off an act's beginning: the verb of agreeing or promising itself."""
    headless: Pattern
    """Matches an act that does not begin with a verb."""
    introduced: Pattern
    """What the sentence up to a further act's first word must end with."""
    refer: Pattern | None = None
    """Matches a sentence that only points back to what an earlier one reported."""
    find: tuple[tuple[ActPattern, ...], ...] = ()
    """Where an act begins: at the group `act`. The strongest first; of the patterns of one rank,
    what comes first in the sentence. What the group `verb` matches must be one of the verbs."""
    aside: GroupPattern = r"(?!)()"
    """Matches the words before an act told in passing; the first group, before an afterthought."""
    more: tuple[ActPattern, ...] = ()
    """Where a further act begins right behind the clause of one; its `verb` is a plain form."""
    again: Pattern = r"(?!)"
    """Matches what may stand between one act's clause and that of a further one."""
    beside: tuple[ActPattern, ...] = ()
    """Where an act of its own begins, wherever in the sentence it stands; a match begins where the
    clause before it ends."""
    unheld: Pattern = r"(?!)"
    """Matches the words of a clause before such an act that nobody undertakes."""
    gapped: Annotated[Pattern, _group("act")] = r"(?!)(?P<act>)"
    """What stands between an act and one of somebody else that leaves its verb out, up to the group
    `act`: "Chad gives 5 tents and Mali 3"."""
    end: Pattern = r"$"
    """Where the clause of an act ends."""
    split: Annotated[Pattern, _group("act", "verb")] = r"(?!)(?P<act>)(?P<verb>)"
    """What stands between two acts of one clause, up to the group `act` with its `verb`."""
    purpose: GroupPattern = r"(?!)()"
    """What an act is for; the first group is a verb."""
    lead: GroupPattern = r"(?!)()"
    """What is cut off the beginning of an act that was found, but for the first group: "to"."""
    trail: Pattern = r"(?!)"
    """What is cut off its end, as often as it matches: the time."""
    subject: GroupPattern = r"(?!)()"
    """Matches the words before an act; the first group is the subject of its clause."""
    denied: Pattern = r"(?!)"
    """Matches the words before an act whose subject says that nobody does it."""
    passive: Annotated[Pattern, _group("not", "verb", "particle")] = (
        r"(?!)(?P<not>)(?P<verb>)(?P<particle>)"
    )
    """Matches a passive at the beginning of an act, up to its `verb` and the verb's `particle`."""
    by: Pattern = r"(?!)"
    """Who does it, behind a passive."""
    moved: Annotated[Pattern, _group("not", "verb")] = r"(?!)(?P<not>)(?P<verb>)"
    """Matches an act without an object, which its subject may be: "(flights will) resume"."""
    causes: Annotated[dict[str, str], Field(default_factory=dict)]
    """What somebody does who makes such verbs true: to make something `stay` is to `keep` it."""
    actors: Pattern = r"(?!)"
    """Matches a subject that acts itself."""
    vague: Pattern = r"(?!)"
    """Matches an act that only points at what another sentence tells."""
    verbs: str = ""
    """The verbs that can say what is done, each `plain` or `plain|irregular|irregular`."""
    words: Annotated[dict[str, str], Field(default_factory=dict)]
    """Parts of patterns that have a name: in all patterns, `{name}` stands for the part."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, table: Any) -> Any:
        if not isinstance(table, dict) or not isinstance(table.get("words", {}), dict):
            return table  # refused by the types
        words: dict[str, str] = {}

        def name_part(match: re.Match[str]) -> str:
            if match[1] not in words:
                raise ValueError(f"{match[0]} is no name in the table of words above it")
            return words[match[1]]

        def fill(value: Any) -> Any:
            if isinstance(value, list):
                return [fill(one) for one in value]
            return re.sub(r"\{([a-z_]+)\}", name_part, value) if isinstance(value, str) else value

        for name, part in table.get("words", {}).items():
            words[name] = str(fill(part))
        return {key: fill(value) for key, value in table.items()}


class SureRule(_Table):
    """Words that report something so surely that a probe cannot say otherwise."""

    pattern: Pattern
    """Matches them."""
    unless: Pattern = NOTHING
    """Not where this matches in them, or in the `SURE_REACH` characters before them."""
    turn: Pattern = NOTHING
    """What stands before this speaks against nothing behind it."""
    probability: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """That such a sentence reports something."""

    def holds(self, sentence: str) -> bool:
        """Whether a sentence has such words, and nothing that speaks against them."""
        plain = straighten(sentence)
        found = compile_caseless(self.pattern).search(plain)
        if found is None:
            return False
        before = plain[max(0, found.start() - SURE_REACH) : found.start()]
        turns = [match.end() for match in compile_caseless(self.turn).finditer(before)]
        around = before[max(turns, default=0) :] + found[0]
        return compile_caseless(self.unless).search(around) is None


class SideRule(_Table):
    """What the number of parties says of the kind of a record."""

    joint: str
    """The kind that needs two parties, or one named group."""
    alone: str
    """The kind that one party is enough for."""
    sure: Annotated[float, Field(ge=0, le=1)] = 0.9
    """Certainty of the joint kind from which a second party is looked for in the same sentence."""
    bent: Annotated[float, Field(ge=0)] = 2.0
    """Log-odds of words for the kind of one over the joint kind from which one party, if it is the
    only one that acts, is taken to speak for itself."""
    reach: Annotated[int, Field(ge=0)] = 2
    """How many sentences before, at most, somebody acted who still does."""


class RulesFile(_Table):
    """The whole of `rules.toml`."""

    languages: tuple[str, ...] = ("en",)
    """The languages whose words the patterns know, as ISO 639-1 codes."""
    trust: Annotated[float, Field(ge=0)] = 1.0
    """What the model's own log-odds are multiplied by."""
    bias: float = 0.0
    """Log-odds of a report before any sign is seen."""
    weights: tuple[Weight, ...] = ()
    fields: Annotated[dict[str, FieldRule], Field(default_factory=dict)]
    phrases: Annotated[dict[str, PhraseRule], Field(default_factory=dict)]
    times: TimeRule | None = None
    acts: ActRule | None = None
    sides: SideRule | None = None
    sure: SureRule | None = None
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Words that mean much the same in an act, for telling whether two acts are one."""
    links: Annotated[dict[str, Pattern], Field(default_factory=dict)]
    """By a name: words of a sentence that tell whether it goes on about what one before it reports,
    or turns to something else."""
