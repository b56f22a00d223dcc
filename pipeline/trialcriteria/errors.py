"""The errors a user can meet. Each message is one line: what was wrong, where, what to do."""


class TrialCriteriaError(Exception):
    """Base of every error this package raises on purpose."""


class UsageError(TrialCriteriaError):
    """The call itself is wrong (exit code 2)."""


class ReadError(TrialCriteriaError):
    """An input, or one record of it, cannot be read."""


class UnknownFormatError(ReadError):
    """No reader recognises the content."""


class FetchError(ReadError):
    """A registry record could not be fetched over the network."""


class LexiconError(TrialCriteriaError):
    """A rule file shipped with the package is malformed."""


class EvaluationError(TrialCriteriaError):
    """Gold, a corpus, a prediction or a floor cannot be used as it is."""


class CompareError(TrialCriteriaError):
    """Two versions cannot be compared as they are given."""


class QueryError(TrialCriteriaError):
    """A dataset cannot be opened, or a query on it cannot be run."""


class ModelError(TrialCriteriaError):
    """A model of the learned tagger is missing, damaged, or of another kind than expected."""


class VocabularyError(TrialCriteriaError):
    """A vocabulary of the user's cannot be indexed, or is missing, damaged or in use."""
