"""Every error that this package raises on purpose.

    SummarizerError                what a person is told, in one line
    ├── UsageError                 the command or the call was not possible as given
    ├── ConfigurationError         a setting, a task folder or a file of weights is wrong
    │   ├── TaskError              a prompt folder or a schema file is wrong
    │   └── WeightsError           weights cannot be had, or are not what they should be
    ├── EndpointError              the model's endpoint cannot be used at all: the run ends
    ├── ArticleError               one article cannot be read
    └── ModelError                 one article got no usable answer
        ├── AnswerError            the answer does not fit the schema, even after asking again
        ├── TruncatedError         the answer did not fit the room it was given
        ├── RefusedError           the model or its operator declined to answer
        └── UnavailableError       the endpoint stayed out of reach through every retry

The command line turns each into one line on stderr and an exit code; nothing else is caught.
"""


class SummarizerError(Exception):
    """Something a person can mend; the message is one line and says how."""


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


class ArticleError(SummarizerError):
    """One article cannot be read; the others are not touched by it."""


class ModelError(SummarizerError):
    """One article got no usable answer from the model."""


class AnswerError(ModelError):
    """The model's answer does not fit the schema, even after asking again."""


class TruncatedError(ModelError):
    """The model's answer did not fit the room it was given."""


class RefusedError(ModelError):
    """The model or its operator declined to answer."""


class UnavailableError(ModelError):
    """The endpoint stayed out of reach through every retry."""
