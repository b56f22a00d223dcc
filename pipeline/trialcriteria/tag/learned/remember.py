"""A tagger that reads each text once: criteria repeat a lot across trials."""

from collections.abc import Sequence
from itertools import islice

from trialcriteria.tag.learned.concepts import Learned, Tagger

_SIZE = 10_000


class RememberingTagger:
    """A tagger with its answers to the ``size`` texts that it was asked for last."""

    def __init__(self, tagger: Tagger, size: int = _SIZE) -> None:
        self.identity = tagger.identity
        self._tagger = tagger
        self._size = size
        self._known: dict[str, Learned] = {}

    def read(self, texts: Sequence[str]) -> list[Learned]:
        """What the tagger says of each text; it reads all that are new in one call."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._tagger.read(new), strict=True))
        found = [self._recalled(text) for text in texts]
        for text in [*islice(self._known, max(0, len(self._known) - self._size))]:
            del self._known[text]
        return found

    def _recalled(self, text: str) -> Learned:
        """The answer to a known text, which is then the one asked for last."""
        answer = self._known[text] = self._known.pop(text)
        return answer

    def forget(self) -> None:
        """Drops all answers, so that a measurement begins anew."""
        self._known.clear()
