"""The networks: an encoder, a tag head over its words, relation heads over mentions."""

import os
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from trialcriteria.tag.learned.words import SHAPES

os.environ.setdefault("HF_HUB_OFFLINE", "1")

_SIZE = 256
_HEADS = 8
_FARTHEST = 24
_MENTIONS = 128


class Encoder(nn.Module):
    """A BERT body that also knows the shape of each piece's word."""

    def __init__(self, folder: str) -> None:
        from transformers import AutoModel  # noqa: PLC0415 - a second, needed here only

        super().__init__()
        # On a CPU in bfloat16 plain attention is half as fast again as the fused one.
        self.body = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False
        )
        self.width: int = self.body.config.hidden_size
        self.shape = nn.Embedding(SHAPES, self.width)
        nn.init.zeros_(self.shape.weight)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """Rows x pieces, thrice -> rows x pieces x width; without a mask every piece counts."""
        inputs = self.body.embeddings.word_embeddings(ids) + self.shape(shapes)
        hidden: Tensor = self.body(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
        return hidden


class RelationHead(nn.Module):
    """Scores of relation kinds for pairs of mentions of one row of words.

    A mention is its first and last word and its label. Mentions attend to one another; a pair is
    its two mentions, the words between them, and how far apart they are, in words and mentions.
    """

    def __init__(self, width: int, labels: int, kinds: int, dropout: float) -> None:
        super().__init__()
        self.ends = nn.Linear(2 * width, _SIZE)
        self.label = _embedding(labels)
        self.order = _embedding(_MENTIONS)
        self.mix = nn.TransformerEncoderLayer(
            _SIZE, _HEADS, 2 * _SIZE, dropout, "gelu", batch_first=True, norm_first=True
        )
        self.head, self.tail = nn.Linear(_SIZE, _SIZE), nn.Linear(_SIZE, _SIZE)
        self.between = nn.Linear(width, _SIZE, bias=False)
        self.words_apart = _embedding(2 * _FARTHEST + 1)
        self.mentions_apart = _embedding(2 * _FARTHEST + 1)
        self.kinds = nn.Linear(_SIZE, kinds)
        self.drop = nn.Dropout(dropout)

    def forward(  # noqa: PLR0913, PLR0917 - what a pair is made of
        self,
        hidden: Tensor,
        firsts: Tensor,
        lasts: Tensor,
        labels: Tensor,
        heads: Tensor,
        tails: Tensor,
        sizes: list[int] | None = None,
    ) -> Tensor:
        """Words x width; of each mention its first and last word, and its label; of each pair the
        places of its mentions -> pairs x kinds.

        Several rows can be given one behind another, with the number of mentions of each.
        """
        order = _order(sizes or [labels.shape[0]]).clamp(max=_MENTIONS - 1)
        ends = self.ends(self.drop(torch.cat((hidden[firsts], hidden[lasts]), -1)))
        mentions = self._mixed(ends + self.label(labels) + self.order(order), sizes)
        low = torch.minimum(lasts[heads], lasts[tails]) + 1
        high = torch.maximum(torch.maximum(firsts[heads], firsts[tails]), low)
        sums = functional.pad(self.between(hidden).cumsum(0), (0, 0, 1, 0))
        middle = (sums[high] - sums[low]) / (high - low).clamp(min=1)[:, None]
        pair = self.head(mentions)[heads] + self.tail(mentions)[tails] + middle
        pair = pair + self.words_apart(_step(firsts[tails] - firsts[heads]))
        pair = pair + self.mentions_apart(_step(tails - heads))
        scores: Tensor = self.kinds(self.drop(functional.gelu(pair)))
        return scores

    def _mixed(self, mentions: Tensor, sizes: list[int] | None) -> Tensor:
        """The mentions, those of a row changed by one another."""
        if sizes is None:
            alone: Tensor = self.mix(mentions[None])[0]
            return alone
        rows = nn.utils.rnn.pad_sequence(mentions.split(sizes), batch_first=True)
        empty = torch.arange(rows.shape[1]) >= torch.tensor(sizes)[:, None]
        mixed: Tensor = self.mix(rows, src_key_padding_mask=empty)[~empty]
        return mixed


def _embedding(rows: int) -> nn.Embedding:
    made = nn.Embedding(rows, _SIZE)
    nn.init.normal_(made.weight, std=0.1)
    return made


def _order(sizes: Sequence[int]) -> Tensor:
    return torch.cat([torch.arange(size) for size in sizes])


def _step(distance: Tensor) -> Tensor:
    return distance.clamp(-_FARTHEST, _FARTHEST) + _FARTHEST


class Tagger(nn.Module):
    """The encoder with one tag head for all layers, and a relation head for each corpus."""

    def __init__(
        self, encoder: Encoder, tags: int, relations: dict[str, tuple[int, int]], dropout: float
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.tags = nn.Linear(encoder.width, tags)
        self.drop = nn.Dropout(dropout)
        self.relations = nn.ModuleDict(
            {name: RelationHead(encoder.width, *size, dropout) for name, size in relations.items()}
        )

    def forward(
        self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Rows x pieces, thrice -> scores, rows x pieces x tags, and what the encoder knows."""
        hidden = self.encoder(ids, shapes, mask)
        return self.tags(self.drop(hidden)), hidden


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Rows of different length as one tensor, filled up with 0."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
