"""Every error that this package raises on purpose.

    SummarizerError                what a person is told, in one line
    ├── UsageError                 the command or the call was not possible as given
    ├── ConfigurationError         a setting, a task folder or a file of weights is wrong
    │   ├── TaskError              a prompt folder or a schema file is wrong
    │   └── WeightsError           weights cannot be had, or are not what they should be
    ├── EndpointError              the model's endpoint cannot be used at all: the run ends
    ├── BudgetError                a limit of the run is reached: nothing more is asked
    ├── ArticleError               one article cannot be read
    │   ├── EmptyArticleError      there is no text in it
    │   └── LargeArticleError      it is larger than any single article
    └── ModelError                 one article got no usable answer
        ├── AnswerError            the answer does not fit the schema, even after asking again
        ├── TruncatedError         the answer did not fit the room it was given
        ├── TooLongError           the article does not fit the model's context, even in parts
        ├── RefusedError           the model declined to answer
        │   └── FilteredError      its operator's filter withheld the answer
        ├── WaitingError           the answer is still to come, from a hosted batch queue
        └── UnavailableError       the endpoint stayed out of reach through every retry
            └── DeadlineError      the time for an answer or an article ran out

The command line turns each into one line on stderr and an exit code; nothing else is caught.
Each class that an article can fail with has a `status`: the word that its row gets.
"""

from typing import ClassVar, Literal

FailedStatus = Literal[
    "unreadable",
    "empty_input",
    "too_large",
    "refused",
    "filtered",
    "truncated",
    "invalid_output",
    "http_error",
    "timeout",
    "budget",
    "cancelled",
    "waiting",
]
"""Why one input of a run has no summary."""

Status = Literal["ok", FailedStatus]
"""What became of one input: every input of a run ends as exactly one of these."""


class SummarizerError(Exception):
    """Something a person can mend; the message is one line and says how."""

    status: ClassVar[Status] = "http_error"
    """The status of an article that was in work when this was raised."""


class UsageError(SummarizerError):
    """The command or the call was not possible as given."""


class ConfigurationError(SummarizerError):
    """A setting, a task folder or a file of weights is wrong."""


class TaskError(ConfigurationError):
    """A prompt folder or a schema file is wrong."""


class WeightsError(ConfigurationError):
    """Weights cannot be had, or are not what the catalogue says they are."""


class EndpointError(SummarizerError):
    """The model's endpoint cannot be used at all: wrong address, key, name or quota."""


class BudgetError(SummarizerError):
    """A limit of the run is reached: nothing more is asked, and what is done is kept."""

    status: ClassVar[Status] = "budget"


class ArticleError(SummarizerError):
    """One article cannot be read; the others are not touched by it."""

    status: ClassVar[Status] = "unreadable"


class EmptyArticleError(ArticleError):
    """There is no text in an article."""

    status: ClassVar[Status] = "empty_input"


class LargeArticleError(ArticleError):
    """What was given is larger than any single article."""

    status: ClassVar[Status] = "too_large"


class ModelError(SummarizerError):
    """One article got no usable answer from the model."""


class AnswerError(ModelError):
    """The model's answer does not fit the schema, even after asking again."""

    status: ClassVar[Status] = "invalid_output"


class TruncatedError(ModelError):
    """The model's answer did not fit the room it was given."""

    status: ClassVar[Status] = "truncated"


class TooLongError(ModelError):
    """The article does not fit the model's context, even in parts."""

    status: ClassVar[Status] = "too_large"


class RefusedError(ModelError):
    """The model declined to answer."""

    status: ClassVar[Status] = "refused"


class FilteredError(RefusedError):
    """The operator's content filter withheld the answer."""

    status: ClassVar[Status] = "filtered"


class WaitingError(ModelError):
    """The answer is still to come, from a hosted batch queue: nothing is wrong."""

    status: ClassVar[Status] = "waiting"


class UnavailableError(ModelError):
    """The endpoint stayed out of reach through every retry."""


class DeadlineError(UnavailableError):
    """The time for an answer or for an article ran out."""

    status: ClassVar[Status] = "timeout"
