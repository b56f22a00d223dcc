"""Gold notation -> parse tree, with errors that name file, line and column."""

from functools import lru_cache
from importlib.resources import files

from lark import Lark, Token, Tree, UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.indenter import DedentError, Indenter

from trialcriteria.errors import EvaluationError

ParseTree = Tree[Token]

_SHOWN = 6  # of the words that could have stood there


class _Indentation(Indenter):
    NL_type = "_NL"
    OPEN_PAREN_types: list[str] = []  # noqa: RUF012 - the base class wants lists
    CLOSE_PAREN_types: list[str] = []  # noqa: RUF012
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 2


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = files("trialcriteria.evaluate.gold").joinpath("gold.lark").read_text("utf-8")
    return Lark(
        grammar,
        parser="lalr",
        postlex=_Indentation(),
        maybe_placeholders=False,
        propagate_positions=True,
    )


def parse_gold(text: str, name: str) -> ParseTree:
    """The parse tree of one gold file; ``name`` is what errors call it.

    Raises EvaluationError at the first place that does not follow the grammar.
    """
    try:
        return _parser().parse(text.rstrip() + "\n")
    except UnexpectedInput as error:
        raise EvaluationError(f"{name}:{error.line}:{error.column}: {_reason(error)}") from None
    except DedentError:
        raise EvaluationError(f"{name}: a line is indented by no whole step of two") from None


def _reason(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedToken):
        found, wanted = _words(error.token), sorted(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        found, wanted = repr(error.char), sorted(error.allowed or ())
    else:
        return "the file ends too early"
    more = " ..." if len(wanted) > _SHOWN else ""
    return f"{found} does not fit here; expected {', '.join(wanted[:_SHOWN])}{more}"


def _words(token: Token) -> str:
    names = {"_NL": "the end of the line", "_INDENT": "the indentation", "_DEDENT": "the dedent"}
    return names.get(token.type, repr(str(token)))


def parts(tree: ParseTree, *names: str) -> list[ParseTree]:
    """The direct children that are one of these rules, in order."""
    return [c for c in tree.children if isinstance(c, Tree) and c.data in names]


def part(tree: ParseTree, *names: str) -> ParseTree | None:
    """The first direct child that is one of these rules."""
    return next(iter(parts(tree, *names)), None)


def tokens(tree: ParseTree, *types: str) -> list[str]:
    """The direct children that are tokens of these types, in order."""
    return [str(c) for c in tree.children if isinstance(c, Token) and c.type in types]


def token(tree: ParseTree, *types: str) -> str | None:
    """The first direct child that is a token of one of these types."""
    return next(iter(tokens(tree, *types)), None)
