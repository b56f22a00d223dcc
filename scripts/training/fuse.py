"""The encoder of eight bits as the graph that onnxruntime runs fastest on one core.

The graph that torch exports is written anew from its weights, with the same answers up to rounding:

- pieces come before rows, so that products of all heads are taken where their factors lie;
- biases are added inside the products, and the scale of attention is part of the query's weights;
- nothing is masked, as no row is padded; tables that are always added are added here;
- sums and normalisations stay apart: onnxruntime's operator for both is slower than the two;
- the last layer goes on with the first piece of each word, the only one that is read.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.scales import DOMAIN, PRODUCT

Array = npt.NDArray[Any]

_OPSET = 20
_EMBEDDINGS = "encoder.body.embeddings."
_LAYER = "encoder.body.encoder.layer.{}."
_QUERY, _KEY, _VALUE = (f"attention.self.{name}" for name in ("query", "key", "value"))
_TAGS = "tags"
_OF_A_LAYER = 6
"""Products: query, key, value, what is attended to, and two of the feed-forward network."""
_TABLE = (".weight_quantized", ".weight_scale", ".weight_zero_point")
_SHIFT = ("weight", "bias")
_EPSILON = 1e-12


class _Product(NamedTuple):
    """A linear layer: weights, inputs x outputs, scales of its outputs, and its input's grid."""

    weights: Array
    scales: Array
    scale: Array
    zero: Array


class _Graph:
    """A graph in the making; ``known`` are the weights of the exported one."""

    def __init__(self, known: Mapping[str, Array], products: Mapping[str, _Product]) -> None:
        self.known = known
        self.products = products
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, Array] = {}

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """A node with one output, by whose name it is known."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, name: str, values: Any) -> str:
        """A constant, by whose name it is known."""
        self.constants[name] = np.asarray(values)
        return name

    def table(self, name: str) -> Array:
        """A table of eight bits as floats."""
        values, scale, zero = (self.known[name + end] for end in _TABLE)
        found: Array = (values.astype(np.float32) - np.float32(zero)) * scale
        return found

    def quantized(self, values: str, product: str) -> list[str]:
        """Values on the grid of a product's input: their name, and those of scale and zero."""
        grid = self.products[product]
        inputs = [
            self.constant(f"{values}_scale", grid.scale),
            self.constant(f"{values}_zero", grid.zero),
        ]
        return [self.add("QuantizeLinear", [values, *inputs], f"{values}_quantized"), *inputs]

    def product(
        self, quantized: list[str], name: str, output: str | None = None, factor: float = 1.0
    ) -> str:
        """A linear layer of quantised values, times a factor, its bias included."""
        of, by = self.products[name], np.float32(factor)
        values, scale, zero = quantized
        weights = self.constant(f"{name}.weight", of.weights)
        scales = self.constant(f"{name}.scale", of.scales * by)
        bias = self.constant(f"{name}.bias", self.known[f"{name}.bias"] * by)
        inputs = [values, weights, scale, scales, zero, "", bias]
        return self.add(PRODUCT, inputs, output or f"{name}.product", domain=DOMAIN)

    def linear(self, values: str, name: str, output: str | None = None) -> str:
        """A linear layer of values that are quantised for it."""
        return self.product(self.quantized(values, name), name, output)

    def normalized(self, parts: list[str], name: str, output: str | None = None) -> str:
        """The layer normalisation of a sum of two."""
        inputs = [
            self.add("Add", parts, f"{name}.sum"),
            *(self.constant(f"{name}.{part}", self.known[f"{name}.{part}"]) for part in _SHIFT),
        ]
        output = output or f"{name}.normalized"
        return self.add("LayerNormalization", inputs, output, epsilon=_EPSILON, axis=-1)


def fused(model: onnx.ModelProto, heads: int) -> onnx.ModelProto:
    """An encoder of eight bits with fixed scales (``training.scales``), as a graph written anew.

    Inputs: ``ids`` and ``shapes``, pieces x rows; ``firsts``, the places of words' first pieces in
    them, as if laid in a row. Outputs: ``scores``, words x tags, and ``hidden``, words x width.
    """
    known = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    graph = _Graph(known, _products(model.graph, known))
    hidden = _embedded(graph)
    layers = len(graph.products) // _OF_A_LAYER
    for layer in range(layers):
        hidden = _layer(graph, _LAYER.format(layer), hidden, heads, last=layer == layers - 1)
    graph.linear(hidden, _TAGS, "scores")
    return _model(graph, model.ir_version)


def _products(graph: onnx.GraphProto, known: Mapping[str, Array]) -> dict[str, _Product]:
    """The linear layers by their names, which their biases tell."""
    added = {name: node for node in graph.node if node.op_type == "Add" for name in node.input}
    found = {}
    for node in graph.node:
        if node.op_type == PRODUCT:
            _, weights, scale, scales, zero, *_ = node.input
            (bias,) = (name for name in added[node.output[0]].input if name != node.output[0])
            parts = (known[name] for name in (weights, scales, scale, zero))
            found[bias.removesuffix(".bias")] = _Product(*parts)
    return found


def _embedded(graph: _Graph) -> str:
    """What the first layer reads of words' pieces: the pieces, their shapes, their positions."""
    words = f"{_EMBEDDINGS}word_embeddings"
    table, *grid = (graph.constant(words + end, graph.known[words + end]) for end in _TABLE)
    pieces = graph.add("Gather", [table, "ids"], "pieces_quantized")
    pieces = graph.add("DequantizeLinear", [pieces, *grid], "pieces")
    shape = graph.constant("shape_table", graph.table("encoder.shape"))
    shaped = graph.add("Add", [pieces, graph.add("Gather", [shape, "shapes"], "shape")], "shaped")
    return graph.normalized([shaped, _positions(graph)], f"{_EMBEDDINGS}LayerNorm")


def _positions(graph: _Graph) -> str:
    """The embeddings of the positions that there are; all pieces are of the first type."""
    types = graph.table(f"{_EMBEDDINGS}token_type_embeddings")
    positions = graph.table(f"{_EMBEDDINGS}position_embeddings") + types[0]
    table = graph.constant("position_table", positions[:, None])
    start = graph.constant("start", np.array([0]))
    end = graph.add("Shape", ["ids"], "length", start=0, end=1)
    return graph.add("Slice", [table, start, end, start], "position")


def _layer(graph: _Graph, name: str, hidden: str, heads: int, *, last: bool) -> str:
    attended = _attended(graph, name, hidden, heads)
    if last:
        attended, hidden = _of_words(graph, attended), _of_words(graph, hidden)
    attended = graph.linear(attended, f"{name}attention.output.dense")
    hidden = graph.normalized([attended, hidden], f"{name}attention.output.LayerNorm")
    inner = graph.linear(hidden, f"{name}intermediate.dense")
    inner = graph.add("Gelu", [inner], f"{name}gelu")
    outer = graph.linear(inner, f"{name}output.dense")
    return graph.normalized([outer, hidden], f"{name}output.LayerNorm", "hidden" if last else None)


def _attended(graph: _Graph, name: str, hidden: str, heads: int) -> str:
    """Of each piece the values of the pieces of its row, by how far its query is like their keys.

    Products are of matrices that lie apart, head by head and row by row (pieces x rows x heads x
    size): ``transBatch`` reads them so.
    """
    width = graph.products[name + _QUERY].weights.shape[0]
    split = graph.constant("split", np.array([0, 0, heads, width // heads]))
    whole = graph.constant("whole", np.array([0, 0, width]))
    quantized = graph.quantized(hidden, name + _QUERY)
    factors = {_QUERY: (width // heads) ** -0.5, _KEY: 1.0, _VALUE: 1.0}
    products = (graph.product(quantized, name + of, factor=by) for of, by in factors.items())
    query, key, value = (graph.add("Reshape", [each, split], f"{each}.heads") for each in products)
    likeness = graph.add(
        "FusedMatMul", [query, key], f"{name}likeness",
        domain=DOMAIN, transB=1, transBatchA=1, transBatchB=1,
    )  # fmt: skip
    share = graph.add("Softmax", [likeness], f"{name}share", axis=-1)
    by_head = graph.add(
        "FusedMatMul", [share, value], f"{name}by_head", domain=DOMAIN, transBatchB=1
    )
    by_piece = graph.add("Transpose", [by_head], f"{name}by_piece", perm=[2, 0, 1, 3])
    return graph.add("Reshape", [by_piece, whole], f"{name}attended")


def _of_words(graph: _Graph, values: str) -> str:
    """The rows of values at the first pieces of words."""
    width = graph.products[_TAGS].weights.shape[0]
    flat = graph.constant("flat", np.array([-1, width]))
    rows = graph.add("Reshape", [values, flat], f"{values}_flat")
    return graph.add("Gather", [rows, "firsts"], f"{values}_of_words")


def _model(graph: _Graph, ir_version: int) -> onnx.ModelProto:
    width, tags = graph.products[_TAGS].weights.shape
    ids, words = ["pieces", "rows"], ["words"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name, shape in (("ids", ids), ("shapes", ids), ("firsts", words))
    ]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["words", size])
        for name, size in (("scores", tags), ("hidden", width))
    ]
    constants = [numpy_helper.from_array(each, name) for name, each in graph.constants.items()]
    made = helper.make_graph(graph.nodes, "encoder", inputs, outputs, constants)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(DOMAIN, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=ir_version)
