"""Leaf Logical Forms (Dobbins et al. 2023, doi:10.1093/jamia/ocad149): criteria of LCT documents
as logical forms, one file a criterion and annotator, parsed with ``logical_form.lark``.

Files lie as ``ANNOTATOR/TRIAL_NUMBER.js``. Lines are tokenised (blanks around punctuation).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple, cast

from lark import Lark, Token, Transformer, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.evaluate.corpora import corpus_files, posting, read_text, trial_id
from trialcriteria.schema import Part, Posting, Span

FormKind = Literal["INC", "EXC"]

MAX_DEPTH = 100
"""Most open brackets; real forms have fewer than ten, and all code on forms is recursive."""


class Words(NamedTuple):
    """Quoted words of a form, and where they stand in the line (null where they do not).

    A form has no offsets. The same words quoted n times are placed at their first n occurrences
    in the line, and at the last one where the line has them less often.
    """

    text: str
    span: Span | None


class Constant(NamedTuple):
    """A bare name in capitals, such as ``GTEQ``."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments, and the calls chained to it in order."""

    name: str
    arguments: tuple["Argument", ...] = ()
    methods: tuple["Call", ...] = ()


Argument = Call | Words | Constant


def calls(call: Call) -> tuple[Call, ...]:
    """The arguments that are calls."""
    return tuple(argument for argument in call.arguments if isinstance(argument, Call))


def quoted(call: Call) -> Iterator[Words]:
    """All words quoted in a call, its arguments and methods included, in order."""
    for argument in call.arguments:
        if isinstance(argument, Words):
            yield argument
        elif isinstance(argument, Call):
            yield from quoted(argument)
    for method in call.methods:
        yield from quoted(method)


@dataclass(frozen=True, slots=True)
class LogicalForm:
    """One criterion as one annotator wrote it.

    ``document`` is the file's name without suffix (trial and number of the criterion), ``text``
    the line and ``marked`` the line with its entities written as calls.
    """

    document: str
    trial: str
    annotator: str
    kind: FormKind
    text: str
    marked: str
    form: Call

    @property
    def name(self) -> str:
        """Annotator and document: the file, without its suffix."""
        return f"{self.annotator}/{self.document}"


class LogicalForms(NamedTuple):
    """The forms of a folder, and one sentence for each file that could not be read."""

    forms: tuple[LogicalForm, ...]
    problems: tuple[str, ...]


def read_llf(folder: Path) -> LogicalForms:
    """All forms under a folder of annotators' folders, by annotator and name.

    Raises EvaluationError where the folder has no such files.
    """
    expected = "logical forms: ANNOTATOR/TRIAL_NUMBER.js"
    forms, problems = [], []
    for path in corpus_files(folder, "*/*.js", expected):
        try:
            forms.append(read_form(read_text(path), path.stem, path.parent.name))
        except EvaluationError as error:
            problems.append(str(error))
    return LogicalForms(tuple(forms), tuple(problems))


def read_form(source: str, document: str, annotator: str) -> LogicalForm:
    """The form in ``source``; raises EvaluationError naming line and column where it breaks off."""
    name = f"{annotator}/{document}.js"
    if _depth(source) > MAX_DEPTH:
        raise EvaluationError(f"{name}: more than {MAX_DEPTH} brackets deep; leave the file out")
    try:
        kind, line, marked, chain = _parser().parse(source).children
    except UnexpectedInput as error:
        where = _place(error)
        raise EvaluationError(f"{name}, {where}: not a logical form; correct the file") from error
    text = _unquoted(str(line))
    return LogicalForm(
        document=document,
        trial=trial_id(document),
        annotator=annotator,
        kind=cast(FormKind, str(kind)[1:-1]),
        text=text,
        marked=_unquoted(str(marked)),
        form=_Builder(text).transform(cast(Tree[Token], chain)),
    )


def to_posting(form: LogicalForm) -> Posting:
    """The line as the text of a posting, all of it one part of the form's kind."""
    whole = Span(0, len(form.text))
    part = Part(kind="inclusion" if form.kind == "INC" else "exclusion", span=whole)
    return posting(Annotated(form.document, form.text), (part,))


def _depth(source: str) -> int:
    """The most brackets that are open at once."""
    return max(accumulate({"(": 1, ")": -1}.get(char, 0) for char in source), default=0)


def _place(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return "end of file"
    return f"line {error.line} column {error.column}"


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("logical_form.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def _unquoted(literal: str) -> str:
    """What a quoted line says; the corpus escapes apostrophes only."""
    return literal[1:-1].replace("\\'", "'")


class _Builder(Transformer[Token, Call]):
    """Parse tree -> calls, the quoted words placed in the line."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self._line = line
        self._used: Counter[str] = Counter()

    def WORDS(self, token: Token) -> Words:  # noqa: N802 (the terminal's name)
        text = _unquoted(str(token))
        self._used[text] += 1
        return Words(text, _occurrence(self._line, text, self._used[text]))

    def CONSTANT(self, token: Token) -> Constant:  # noqa: N802
        return Constant(str(token))

    def call(self, children: list[Token | Argument]) -> Call:
        name, *arguments = children
        return Call(str(name), tuple(cast(list[Argument], arguments)))

    method = call

    def chain(self, children: list[Call]) -> Call:
        first, *methods = children
        return Call(first.name, first.arguments, tuple(methods))


def _occurrence(line: str, words: str, number: int) -> Span | None:
    """Where the words stand in the line for the n-th time, or else the last time.

    Words and numbers count only where they are no piece of longer ones ("2" is not in "2.5").
    """
    pattern = rf"(?<![\w.]){re.escape(words)}(?!\w|\.\d)"
    found = [Span(*match.span()) for match in re.finditer(pattern, line)] if words else []
    return found[min(number, len(found)) - 1] if found else None
