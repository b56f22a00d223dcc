"""The encoder to start from, its vocabulary pruned to the words of the field.

Pieces that neither eligibility text nor our lexicons use are dropped: their rows are half the
weights of a small encoder. What is left cuts the text it was chosen by as before; other words are
cut into shorter pieces.
"""

import json
from collections.abc import Iterable, Sequence
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

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_LAST_LETTER = 0x2300
"""Single letters and signs below this code point stay, whether or not a text has them."""


def make_base(base: Base, data: Path, folder: Path) -> None:
    """Write the pruned encoder and its vocabulary to ``folder``."""
    source = Path(str(files(base.package))) / base.folder
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    known = Vocabulary(source / "tokenizer.json")
    used = _used(known, [*unlabelled_lines(data), *_names()])
    kept = sorted(used | _always(tokenizer["model"]["vocab"]))
    folder.mkdir(parents=True, exist_ok=True)
    pruned = json.dumps(_pruned(tokenizer, kept), ensure_ascii=False)
    (folder / VOCABULARY).write_text(pruned, encoding="utf-8")
    _save(source, kept, folder)


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

    return {at for piece, at in vocabulary.items() if piece in _SPECIAL or is_letter(piece)}


def _pruned(tokenizer: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    pieces = {at: piece for piece, at in tokenizer["model"]["vocab"].items()}
    vocabulary = {pieces[at]: place for place, at in enumerate(kept)}
    added = [each | {"id": vocabulary[each["content"]]} for each in tokenizer["added_tokens"]]
    changed = {"added_tokens": added, "post_processor": None, "padding": None, "truncation": None}
    return tokenizer | changed | {"model": tokenizer["model"] | {"vocab": vocabulary}}


def _save(source: Path, kept: Sequence[int], folder: Path) -> None:
    body = AutoModel.from_pretrained(str(source), add_pooling_layer=False)
    rows = body.embeddings.word_embeddings.weight.data[torch.tensor(kept)].clone()
    body.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(rows, freeze=False)
    body.config.vocab_size, body.config.pad_token_id = len(kept), 0
    body.save_pretrained(folder)
