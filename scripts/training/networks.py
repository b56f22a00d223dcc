"""The networks: an encoder, a tag head over its words, relation heads over mentions."""

import math
import os
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from trialcriteria.tag.learned.words import SHAPES

os.environ.setdefault("HF_HUB_OFFLINE", "1")

_SIZE = 256
_HEADS = 8
_LAYERS = 2
_FARTHEST = 24
_MENTIONS = 128
_STEEPEST = 8.0
"""Logarithm of how much more one word between two mentions can count than an even one."""


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

    A mention is its first and last word, the words beside these, and its label. Mentions attend to
    one another; a pair is its two mentions, the words between them, and how far apart they are, in
    words and mentions. Which of the words between count ("and", "if") is learned, by a gate.
    """

    def __init__(self, width: int, labels: int, kinds: int, dropout: float) -> None:
        super().__init__()
        self.ends = nn.Linear(4 * width, _SIZE)
        self.label = _embedding(labels)
        self.order = _embedding(_MENTIONS)
        self.mix = nn.ModuleList(_attention(dropout) for _ in range(_LAYERS))
        self.head, self.tail = nn.Linear(_SIZE, _SIZE), nn.Linear(_SIZE, _SIZE)
        self.between, self.gate = nn.Linear(width, _SIZE), nn.Linear(width, _SIZE)
        self.words_apart = _embedding(2 * _FARTHEST + 1)
        self.mentions_apart = _embedding(2 * _FARTHEST + 1)
        self.pair = nn.Linear(_SIZE, _SIZE)
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

        A row of words begins and ends with one of zeros, so that each mention has a word before
        and behind it. Several rows can be given one behind another, with the number of mentions
        of each.
        """
        hidden = self.drop(hidden)
        order = _order(sizes or [labels.shape[0]]).clamp(max=_MENTIONS - 1)
        places = (firsts - 1, firsts, lasts, lasts + 1)
        ends = self.ends(torch.cat([hidden[place] for place in places], -1))
        mentions = self._mixed(ends + self.label(labels) + self.order(order), sizes)
        low = torch.minimum(lasts[heads], lasts[tails]) + 1
        high = torch.maximum(torch.maximum(firsts[heads], firsts[tails]), low)
        pair = self.head(mentions)[heads] + self.tail(mentions)[tails]
        pair = pair + self._middle(hidden, low, high)
        pair = pair + self.words_apart(_step(firsts[tails] - firsts[heads]))
        pair = pair + self.mentions_apart(_step(tails - heads))
        pair = self.drop(functional.gelu(pair))
        pair = pair + self.drop(functional.gelu(self.pair(pair)))
        scores: Tensor = self.kinds(pair)
        return scores

    def _middle(self, hidden: Tensor, low: Tensor, high: Tensor) -> Tensor:
        """The mean of the words from ``low`` to before ``high``, each as its gate weighs it.

        A difference of running sums, so that the work does not grow with the distance; in double
        precision, as the weights of a row span several orders of magnitude.
        """
        weights = self.gate(hidden).clamp(-_STEEPEST, _STEEPEST).exp()
        both = torch.cat((self.between(hidden) * weights, weights), -1)
        sums = functional.pad(both.double().cumsum(0), (0, 0, 1, 0))
        words, total = (sums[high] - sums[low]).float().chunk(2, -1)
        return words / (total + math.exp(-_STEEPEST))

    def _mixed(self, mentions: Tensor, sizes: list[int] | None) -> Tensor:
        """The mentions, those of a row changed by one another."""
        if sizes is None:
            return self._attended(mentions[None], None)[0]
        rows = nn.utils.rnn.pad_sequence(mentions.split(sizes), batch_first=True)
        empty = torch.arange(rows.shape[1]) >= torch.tensor(sizes)[:, None]
        return self._attended(rows, empty)[~empty]

    def _attended(self, rows: Tensor, empty: Tensor | None) -> Tensor:
        for layer in self.mix:
            rows = layer(rows, src_key_padding_mask=empty)
        return rows


def _attention(dropout: float) -> nn.TransformerEncoderLayer:
    return nn.TransformerEncoderLayer(
        _SIZE, _HEADS, 2 * _SIZE, dropout, "gelu", batch_first=True, norm_first=True
    )


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
