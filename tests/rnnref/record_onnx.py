"""Records vectors/onnx.npz: what ONNX Runtime gives for random calls, and ONNX's official node tests of the operators.

Run with the extra `compare` installed: python tests/rnnref/record_onnx.py
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from support import onnx_cases
from support.onnx_runtime import official_node_tests, run_onnx_runtime

FILE = Path(__file__).parent / "vectors" / "onnx.npz"
RANDOM = 40


def main():
    arrays, calls = {}, []
    random_calls = [onnx_cases.draw(seed) for seed in range(RANDOM)]
    recorded = [(f"random {k}", call, run_onnx_runtime(call)) for k, call in enumerate(random_calls)]
    recorded += list(official_node_tests())
    for name, call, outputs in recorded:
        k = len(calls)
        calls.append({"name": name, "operator": call.operator, "attributes": call.attributes})
        for kind, values in (("in", call.inputs), ("out", outputs)):
            arrays.update({f"{k}.{kind}.{j}": v for j, v in enumerate(values) if v is not None})
    np.savez_compressed(FILE, calls=json.dumps(calls), **arrays)
    print(f"{len(calls)} calls, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
