"""Activations of eight bits with scales that are fixed when a model is exported.

onnxruntime's dynamic quantisation takes the scale of an activation from the batch at hand, so what
is read beside a text changes its scores. Fixed scales, the ranges seen on a sample of rows, make
the scores of a text its own; it is also less work.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

_STEPS = 255
_DYNAMIC = "DynamicQuantizeLinear"
DOMAIN = "com.microsoft"
PRODUCT = "MatMulIntegerToFloat"
"""onnxruntime's product of two matrices of eight bits, as floats."""

Range = tuple[float, float]


class _Product(NamedTuple):
    """A product of eight-bit matrices, and the nodes that turn it into floats."""

    node: onnx.NodeProto
    cast: onnx.NodeProto
    scaled: onnx.NodeProto
    scale: onnx.NodeProto

    @property
    def after(self) -> list[str]:
        """What names the nodes that a single one stands for."""
        return [each.output[0] for each in (self.cast, self.scaled, self.scale)]


def ranges(model: onnx.ModelProto, feeds: Iterable[Mapping[str, Any]]) -> dict[str, Range]:
    """The least and the greatest value of each activation that is quantised, zero included."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    names = sorted({node.input[0] for node in model.graph.node if node.op_type == _DYNAMIC})
    for name in names:
        shown = helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        watched.graph.output.append(shown)
    session = ort.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    found = dict.fromkeys(names, (0.0, 0.0))
    for feed in feeds:
        for name, values in zip(names, session.run(names, feed), strict=True):
            least, most = found[name]
            found[name] = min(least, float(values.min())), max(most, float(values.max()))
    return found


def fix_scales(model: onnx.ModelProto, found: Mapping[str, Range]) -> None:
    """Replace the dynamic scales of a model by those of ranges, in place."""
    graph = model.graph
    products = [_product(graph, node) for node in graph.node if node.op_type == "MatMulInteger"]
    gone = {name for each in products for name in each.after}
    single = {each.node.output[0]: _single(each) for each in products}
    nodes = []
    for node in graph.node:
        if node.op_type == _DYNAMIC:
            nodes.append(_fixed(graph, node, found[node.input[0]]))
        elif node.output[0] not in gone:
            nodes.append(single.get(node.output[0], node))
    del graph.node[:]
    graph.node.extend(nodes)
    if all(each.domain != DOMAIN for each in model.opset_import):
        model.opset_import.append(helper.make_opsetid(DOMAIN, 1))


def _fixed(graph: onnx.GraphProto, node: onnx.NodeProto, found: Range) -> onnx.NodeProto:
    """The same quantisation by a scale and a zero point that are constants."""
    least, most = found
    scale = np.float32((most - least) / _STEPS)
    zero = np.uint8(round(-least / scale))
    quantised, scale_name, zero_name = node.output
    graph.initializer.append(numpy_helper.from_array(np.array(scale), scale_name))
    graph.initializer.append(numpy_helper.from_array(np.array(zero), zero_name))
    return helper.make_node("QuantizeLinear", [node.input[0], scale_name, zero_name], [quantised])


def _product(graph: onnx.GraphProto, node: onnx.NodeProto) -> _Product:
    made = {name: each for each in graph.node for name in each.output}
    cast = _after(graph, node.output[0])
    scaled = _after(graph, cast.output[0])
    (scale,) = (name for name in scaled.input if name != cast.output[0])
    return _Product(node, cast, scaled, made[scale])


def _after(graph: onnx.GraphProto, name: str) -> onnx.NodeProto:
    return next(node for node in graph.node if name in node.input)


def _single(each: _Product) -> onnx.NodeProto:
    """onnxruntime's operator for such a product: both matrices, their scales, their zeros."""
    left, right, *zeros = each.node.input
    inputs = [left, right, *each.scale.input, *zeros]
    return helper.make_node(PRODUCT, inputs, [each.scaled.output[0]], domain=DOMAIN)
