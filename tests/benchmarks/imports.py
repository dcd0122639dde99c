"""What `import rnnref` costs above `import numpy`, in fresh interpreters that take turns, with compiled modules."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from statistics import median


def seconds(code: str, environment: dict[str, str]) -> float:
    """One fresh interpreter's import time, as it measures it itself."""
    program = f"import time; start = time.perf_counter(); {code}; print(time.perf_counter() - start)"
    return float(subprocess.check_output([sys.executable, "-c", program], env=environment))


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description="Import time of rnnref above numpy.")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        seconds("import numpy, rnnref", environment)
        pairs = [
            (seconds("import numpy", environment), seconds("import numpy, rnnref", environment)) for _ in range(rounds)
        ]
    alone, both = (median(p[k] for p in pairs) * 1e3 for k in (0, 1))
    above = median(b - a for a, b in pairs) * 1e3
    print(f"import numpy {alone:.1f} ms, with rnnref {both:.1f} ms, the difference of pairs {above:.1f} ms (limit 20)")
    print(f"{rounds} pairs in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
