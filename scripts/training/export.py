"""A trained tagger as the folder that the program reads: ONNX with weights of eight bits."""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from training.examples import Material
from training.fuse import fused
from training.networks import Tagger
from training.scales import fix_scales, ranges
from trialcriteria.tag.learned.network import ENCODER, VOCABULARY, feed
from trialcriteria.tag.learned.related import relations_file
from trialcriteria.tag.learned.store import MANIFEST, Calibration, Manifest, manifest

_ROWS, _PIECES, _WORDS, _MENTIONS, _PAIRS = (
    torch.export.Dim(name, min=2, max=most)
    for name, most in (
        ("rows", 4096), ("pieces", 512), ("words", 4096), ("mentions", 4096), ("pairs", 1 << 20)
    )
)  # fmt: skip
_OPSET = 20
"""The first with GELU as one operator."""

_SAMPLE = 300
_ENDS = 2
_QUANTIZED = ["MatMul", "Gemm", "Gather"]


def export(
    tagger: Tagger,
    material: Material,
    name: str,
    vocabulary: Path,
    folder: Path,
    *,
    quantized: bool = True,
) -> None:
    """Write the tagger and its manifest to ``folder``, which must hold nothing else of worth."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(vocabulary, folder / VOCABULARY)
    _encoder(tagger, _sample(material), folder / ENCODER, quantized)
    export_relations(tagger.relations, folder, quantized=quantized)
    _bare(folder / ENCODER)
    write_manifest(folder, name, material, {})


def export_relations(
    heads: Mapping[str, nn.Module], folder: Path, *, quantized: bool = True
) -> None:
    """Write the relation head of each corpus."""
    for corpus, head in heads.items():
        path = folder / relations_file(corpus)
        _relations(head, head.between.in_features, path, quantized)
        _bare(path)


def _bare(path: Path) -> None:
    """Takes out the notes of an exporter, which name files of the machine that it ran on."""
    model = onnx.load(path)
    graph = model.graph
    parts = (graph.input, graph.output, graph.value_info, graph.initializer, graph.node)
    for noted in chain((model, graph), model.functions, *parts):
        del noted.metadata_props[:]
    onnx.save(model, path)


def write_manifest(
    folder: Path, name: str, material: Material, calibration: Mapping[str, Calibration]
) -> None:
    """``model.json``: the sha256 of every other file, and what the outputs mean."""
    parts = sorted(path for path in folder.iterdir() if path.suffix in (".onnx", ".json"))
    hashes = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in parts
        if path.name != MANIFEST
    }
    made = Manifest(
        name=name,
        files=hashes,
        layers=material.layers,
        relations=tuple(material.relations.values()),
        calibration=dict(calibration),
    )
    (folder / MANIFEST).write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    manifest.cache_clear()


def _sample(material: Material) -> list[dict[str, Any]]:
    """Rows whose activations tell the range of all: the same ones for the same material."""
    chosen = random.Random(0).sample(material.examples, min(_SAMPLE, len(material.examples)))
    return [feed([each.pieces]) for each in chosen if len(each.pieces.ids) > _ENDS]


class _OfWords(nn.Module):
    """A tagger with the inputs and outputs of the exported encoder (``training.fuse.fused``)."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.encoder, self.tags = tagger.encoder, tagger.tags

    def forward(self, ids: Tensor, shapes: Tensor, firsts: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.encoder(ids.T, shapes.T).transpose(0, 1).flatten(0, 1)[firsts]
        return self.tags(hidden), hidden


def _encoder(tagger: Tagger, sample: Sequence[dict[str, Any]], path: Path, quantized: bool) -> None:
    # One tensor for several inputs would make them one input.
    given = (*(torch.ones((8, 2), dtype=torch.long) for _ in range(2)), torch.tensor([2, 4, 5]))
    names = (["ids", "shapes", "firsts"], ["scores", "hidden"])
    axes = (*({0: _PIECES, 1: _ROWS},) * 2, {0: _WORDS})
    with tempfile.TemporaryDirectory() as scratch:
        dynamic = Path(scratch) / "dynamic.onnx" if quantized else path
        _write(_OfWords(tagger), given, *names, axes, dynamic, quantized)
        if quantized:
            model = onnx.load(dynamic)
            fix_scales(model, ranges(model, sample))
            onnx.save(fused(model, tagger.encoder.body.config.num_attention_heads), path)


def _relations(head: nn.Module, width: int, path: Path, quantized: bool) -> None:
    places = [torch.tensor([0, 1, 2]) for _ in range(3)]
    pairs = [torch.tensor([0, 1]) for _ in range(2)]
    names = ["words", "firsts", "lasts", "labels", "heads", "tails"]
    axes = ({0: _WORDS}, *({0: _MENTIONS},) * 3, *({0: _PAIRS},) * 2)
    given = (torch.zeros((8, width)), *places, *pairs)
    _write(head, given, names, ["scores"], axes, path, quantized)


def _write(  # noqa: PLR0913, PLR0917 - what torch.onnx.export asks for
    network: nn.Module,
    given: tuple[Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    axes: tuple[dict[int, Any], ...],
    path: Path,
    quantized: bool,
) -> None:
    """The network as it is, or with weights of eight bits, a scale for each output channel."""
    with tempfile.TemporaryDirectory() as scratch:
        float_path = Path(scratch) / "float.onnx" if quantized else path
        torch.onnx.export(
            network.eval(), given, str(float_path), input_names=inputs, output_names=outputs,
            dynamo=True, dynamic_shapes=axes, opset_version=_OPSET, external_data=False,
            verbose=False,
        )  # fmt: skip
        if quantized:
            model = onnx.load(float_path)
            # torch's notes on inner shapes are wrong for packed attention; they are inferred anew.
            del model.graph.value_info[:]
            quantize_dynamic(
                model, str(path), per_channel=True, weight_type=QuantType.QInt8,
                op_types_to_quantize=_QUANTIZED,
            )  # fmt: skip
