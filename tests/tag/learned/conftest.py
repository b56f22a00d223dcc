"""What tests of taggers share."""

from collections.abc import Callable

import pytest

from trialcriteria.schema import Part, Posting, Source, Span, Trial


@pytest.fixture
def excluding() -> Callable[[str], Posting]:
    """A posting whose whole text is exclusion criteria."""

    def made(text: str) -> Posting:
        part = Part(kind="exclusion", span=Span(0, len(text)))
        source = Source(format="plain", name="x", sha256="0" * 64)
        return Posting(trial=Trial(source=source), text=text, parts=(part,))

    return made
