"""ONNX Runtime as a peer, and ONNX's own node tests. Needs the extra `compare`."""

from support.onnx_cases import INPUTS, OUTPUTS, Call


def run_onnx_runtime(call: Call):
    """The operator's outputs from ONNX Runtime on the CPU."""
    import numpy as np
    import onnxruntime
    from onnx import TensorProto, helper

    given = {n: a for n, a in zip(INPUTS[call.operator], call.inputs, strict=True) if a is not None}
    names = [n if n in given else "" for n in INPUTS[call.operator]]
    while not names[-1]:
        names.pop()
    outputs = OUTPUTS[call.operator]
    node = helper.make_node(call.operator, names, outputs, **call.attributes)

    def kind(a):
        return TensorProto.INT32 if a.dtype == np.int32 else TensorProto.FLOAT

    graph = helper.make_graph(
        [node],
        "one operator",
        [helper.make_tensor_value_info(n, kind(a), a.shape) for n, a in given.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, given)


def official_node_tests():
    """Every node test of RNN, LSTM and GRU that `onnx` ships: its name, call and outputs (None: not given)."""
    from onnx.backend.test.case.node import collect_testcases
    from onnx.helper import get_attribute_value

    for case in collect_testcases(None):
        node = case.model.graph.node[0]
        if node.op_type not in INPUTS or len(case.model.graph.node) != 1:
            continue
        inputs, outputs = case.data_sets[0]
        given = iter(inputs)
        values = [next(given) if name else None for name in node.input]
        values += [None] * (len(INPUTS[node.op_type]) - len(values))
        attributes = {a.name: _plain(get_attribute_value(a)) for a in node.attribute}
        expected = iter(outputs)
        wanted = [next(expected) if name else None for name in node.output]
        yield case.name, Call(node.op_type, tuple(values), attributes), wanted


def _plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return [v.decode() if isinstance(v, bytes) else v for v in value] if isinstance(value, list) else value
