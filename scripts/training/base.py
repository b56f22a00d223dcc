"""The encoder to start from, its vocabulary pruned to the words of the field.

Pieces that neither eligibility text nor our lexicons use are dropped: their rows are half the
weights of a small encoder. What is left cuts the text it was chosen by as before; other words are
cut into shorter pieces.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel

from training.config import Base
from training.texts import unlabelled_lines
from trialcriteria.tag.learned.network import VOCABULARY
from trialcriteria.tag.learned.pieces import Vocabulary
from trialcriteria.tag.learned.words import words

_UNKNOWN = "[UNK]"
_SPECIAL = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
"""Pieces that are no words, and the names that encoders of the RoBERTa kind give them."""
_LAST_LETTER = 0x2300
"""Single letters and signs below this code point stay, whether or not a text has them."""


def make_base(base: Base, data: Path, folder: Path) -> None:
    """Write the pruned encoder and its vocabulary to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with _source(base) as source:
        tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
        known = Vocabulary(source / "tokenizer.json")
        used = _used(known, [*unlabelled_lines(data), *_names()])
        kept = sorted(used | _always(tokenizer["model"]["vocab"]))
        _save(source, _rows(tokenizer["model"]["vocab"], kept), folder)
    pruned = json.dumps(_pruned(tokenizer, kept), ensure_ascii=False)
    (folder / VOCABULARY).write_text(pruned, encoding="utf-8")


@contextmanager
def _source(base: Base) -> Iterator[Path]:
    if base.package:
        yield Path(str(files(base.package))) / base.folder
        return
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.zip"
        with whole.open("wb") as archive:
            for part in base.parts:
                package, _, name = part.partition("/")
                archive.write(files(package).joinpath(name).read_bytes())
        with zipfile.ZipFile(whole) as parts:
            parts.extractall(scratch)
        yield Path(scratch) / base.folder


def _names() -> Iterable[str]:
    """Every name and alias of the concept lexicon."""
    table = files("trialcriteria.lexicons").joinpath("concepts.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            _, name, aliases, *_ = line.split("\t")
            yield from (name, *filter(None, aliases.split("|")))


def _used(known: Vocabulary, texts: Sequence[str]) -> set[int]:
    return {piece for row in known.pieces([words(text) for text in texts]) for piece in row.ids}


def _always(vocabulary: dict[str, int]) -> set[int]:
    def is_letter(piece: str) -> bool:
        rest = piece.removeprefix("##")
        return len(rest) == 1 and ord(rest) < _LAST_LETTER

    return {
        at
        for piece, at in vocabulary.items()
        if piece in _SPECIAL or piece == _UNKNOWN or is_letter(piece)
    }


def _rows(vocabulary: dict[str, int], kept: Sequence[int]) -> list[int]:
    """Which rows of the embeddings the kept pieces take: special ones those of their other name."""
    pieces = {at: piece for piece, at in vocabulary.items()}
    return [vocabulary.get(_SPECIAL.get(pieces[at], ""), at) for at in kept]


def _pruned(tokenizer: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    pieces = {at: piece for piece, at in tokenizer["model"]["vocab"].items()}
    vocabulary = {pieces[at]: place for place, at in enumerate(kept)}
    added = [
        each | {"id": vocabulary[each["content"]]}
        for each in tokenizer["added_tokens"]
        if each["content"] in vocabulary
    ]
    changed = {"added_tokens": added, "post_processor": None, "padding": None, "truncation": None}
    return tokenizer | changed | {"model": tokenizer["model"] | {"vocab": vocabulary}}


def _save(source: Path, rows: Sequence[int], folder: Path) -> None:
    body = AutoModel.from_pretrained(str(source), add_pooling_layer=False)
    kept = body.embeddings.word_embeddings.weight.data[torch.tensor(rows)].clone()
    body.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(kept, freeze=False)
    body.config.vocab_size, body.config.pad_token_id = len(rows), 0
    body.save_pretrained(folder)
