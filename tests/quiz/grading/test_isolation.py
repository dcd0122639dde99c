"""Hostile and honest programs in the isolated process, as the parent sees them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from support.attacks import ENDS, SWALLOWED, head

import rnnref
from answers.inputs import Case, Seed
from quiz.grading import codec, locks, messages, submission
from quiz.grading.calls import Batch
from quiz.grading.outcome import IsolationUnavailable, Limits, Outcome
from quiz.grading.runner import open_session, start_server
from quiz.grading.server import Server

pytestmark = pytest.mark.skipif(not locks.LINUX, reason="these are the locks of Linux")

PROJECT = Path(rnnref.__file__).parents[1]
HEAD = head(str(PROJECT / "rnnref" / "lstm.py"))
NUMBER = Case((np.array([2.0]),))
ORDINARY = Limits()
QUICK = Limits(seconds=0.4, memory=256 << 20)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start_server() as running:
        yield running


def outcomes(server: Server, source: str, cases: list[Case], limits: Limits = ORDINARY) -> list[Outcome]:
    """What becomes of `f` called on `cases`."""
    handed_in = submission.from_source(source, {"f"}, file="/tmp/rnnquiz-attack-source.py")
    assert handed_in.problem is None
    with open_session(handed_in, limits, server=server) as session:
        return session.call("f", cases)


def outcome(server: Server, body: str, *, top: str = "", limits: Limits = ORDINARY) -> Outcome:
    """What becomes of a function with this body, called on one array of one number."""
    return outcomes(server, f"{top}\ndef f(x):\n{textwrap.indent(body, '    ')}\n", [NUMBER], limits)[0]


# ---------------------------------------------------------------- hostile


def test_there_are_as_many_attacks_as_in_the_design() -> None:
    assert len(SWALLOWED) + len(ENDS) >= 71


@pytest.mark.parametrize("name", SWALLOWED)
def test_an_attempt_is_forbidden_even_where_it_is_swallowed(server: Server, name: str) -> None:
    attempt = SWALLOWED[name]
    swallowed = f"try:\n    {attempt.replace('return ', 'got = ')}\nexcept BaseException:\n    pass\nreturn x"
    found = outcome(server, swallowed, top=HEAD)
    assert (found.kind, found.line is not None) == ("forbidden", True), found
    assert not Path("/tmp/rnnquiz-attack").exists()


@pytest.mark.parametrize("name", ENDS)
def test_an_attack_ends_as_it_should(server: Server, name: str) -> None:
    body, expected = ENDS[name]
    limits = Limits(seconds=5, memory=64 << 20) if "memory" in expected else QUICK
    found = outcome(server, body, top=HEAD, limits=limits)
    assert (f"value:{found.value}" if found.kind == "value" else found.kind) in expected, found
    assert not Path("/tmp/rnnquiz-attack").exists()


def test_an_attempt_while_loading_is_forbidden(server: Server) -> None:
    found = outcome(server, "return x", top="try:\n    open('/etc/passwd')\nexcept OSError:\n    pass")
    assert (found.kind, found.loading, found.line) == ("forbidden", True, 2)


def test_an_attempt_spoils_its_own_case_alone(server: Server) -> None:
    source = "def f(x):\n    if x > 1:\n        open('/etc/passwd')\n    return x\n"
    found = outcomes(server, source, [Case((1.0,)), Case((2.0,)), Case((1.0,))])
    assert [o.kind for o in found] == ["value", "forbidden", "value"]
    assert found[1].line == 3


def test_the_hook_cannot_be_disarmed_by_replacing_what_it_uses(server: Server) -> None:
    disarm = "import os, sys\nos.write = sys._getframe = lambda *_: 0\n"
    assert (
        outcome(server, "try:\n    open('/etc/passwd')\nexcept OSError:\n    return x", top=disarm).kind == "forbidden"
    )


def test_the_next_submission_sees_nothing_of_the_former(server: Server) -> None:
    secret = "TheFormersSecret"
    leave = f"import numpy, builtins, json\nnumpy.left = builtins.left = json.left = '{secret}'"
    assert outcome(server, "return 1.0", top=leave).kind == "value"
    look = "import gc, sys, json, builtins, numpy\n"
    body = (
        f"name = ''.join(reversed('{secret[::-1]}'))\n"
        "texts = [v for d in gc.get_objects() if type(d) is dict for v in d.values() if type(v) is str]\n"
        "return hasattr(numpy, 'left') or hasattr(builtins, 'left') or hasattr(json, 'left') or any(name in t for t in texts)"
    )
    found = outcome(server, body, top=look)
    assert (found.kind, found.value) == ("value", False)


def test_neither_reference_nor_project_is_among_the_modules(server: Server) -> None:
    body = "return [m for m in sys.modules if m.partition('.')[0] in ('rnnref', 'answers', 'quiz', 'pytest')]"
    assert outcome(server, body, top="import sys").value == []


def test_the_reference_is_in_no_memory_of_the_process(server: Server) -> None:
    body = "return any('rnnref/' in getattr(getattr(o, '__code__', None), 'co_filename', '') for o in gc.get_objects())"
    assert outcome(server, body, top="import gc").value is False


def test_function_of_its_own_process_each(server: Server) -> None:
    source = (
        "import os\nkept = []\ndef f(x): os._exit(3)\n"
        "def g(x):\n    while True: pass\n"
        "def h(x):\n    kept.append(x); return len(kept)\n"
    )
    handed_in = submission.from_source(source, {"f", "g", "h"})
    with open_session(handed_in, QUICK, server=server) as session:
        kinds = [session.call(name, [NUMBER])[0].kind for name in ("f", "g", "h")]
        assert kinds == ["died", "timeout", "value"]
        assert session.call("h", [NUMBER, NUMBER])[1].value == 3  # the same process as before
        assert session.call("f", [NUMBER])[0].kind == "died"  # started again
        assert session.call("g", [NUMBER])[0].kind == "timeout"  # its time is used up


def test_what_was_answered_before_the_end_is_kept(server: Server) -> None:
    source = "import time, os\ndef f(x):\n    time.sleep(0.01)\n    return os._exit(0) if x == 3 else x\n"
    found = outcomes(server, source, [Case((float(n),)) for n in range(6)])
    assert [o.kind for o in found] == ["value"] * 3 + ["died"] * 3


@pytest.mark.parametrize(
    ("top", "kind"),
    [
        ("while True: pass", "timeout"),
        ("import os; os._exit(0)", "died"),
        ("import sys; sys.exit(1)", "died"),
        ("raise ValueError('no')", "raised"),
        ("keep = bytes(1 << 40)", "memory"),
        ("import torch", "raised"),
        ("import rnnref", "raised"),
    ],
)
def test_a_file_that_does_not_load(server: Server, top: str, kind: str) -> None:
    found = outcomes(server, f"{top}\ndef f(x): return x\n", [NUMBER, NUMBER], QUICK)
    assert [(o.kind, o.loading) for o in found] == [(kind, True)] * 2
    if "import " in top and kind == "raised":
        assert "standard library and NumPy" in found[0].error
        assert found[0].line == 1


def test_an_exception_of_several_lines_is_told_on_one(server: Server) -> None:
    assert outcome(server, "raise ValueError('one\\n  two\\n\\nthree')").error == "ValueError: one two three"


def test_threads_that_a_name_brings_are_an_attempt_and_no_missing_module(server: Server) -> None:
    top = "from concurrent.futures import ThreadPoolExecutor"
    found = outcome(server, "with ThreadPoolExecutor() as pool: return list(pool.map(abs, [1]))", top=top)
    assert (found.kind, found.error) == ("forbidden", "processes: start_new_thread")


def test_numbers_in_the_other_byte_order_are_the_same_numbers(server: Server) -> None:
    value = outcome(server, "return x.astype(x.dtype.newbyteorder())").value
    assert value.dtype == np.float64
    assert value.tolist() == outcome(server, "return x").value.tolist()


def test_strings_are_safe_to_show(server: Server) -> None:
    found = outcome(server, r"raise ValueError('a\x1b[2Jb\u202ec' + 'x' * 10**6)")
    assert found.error.startswith("ValueError: a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}c")
    assert len(found.error) < 1000
    assert (found.kind, found.line) == ("raised", 3)


# ---------------------------------------------------------------- honest

HONEST = {
    "linear algebra": "a = np.eye(3) + 0.1; return [np.linalg.svd(a)[1], np.linalg.eig(a)[0], np.linalg.solve(a, a)]",
    "more linear algebra": "a = np.eye(3) + 0.1; return [*np.linalg.qr(a), np.linalg.cholesky(a), np.linalg.pinv(a)]",
    "least squares": "return np.linalg.lstsq(np.eye(3), np.ones(3), rcond=None)[0]",
    "einsum": "return np.einsum('ij,jk,kl->il', np.eye(3), np.eye(3), np.eye(3), optimize=True)",
    "fft": "return np.fft.fft(x)",
    "large product": "a = np.ones((400, 400)); return (a @ a)[0, 0]",
    "generator": "return np.random.default_rng(0).normal(size=3)",
    "legacy random": "np.random.seed(0); return np.random.rand(3)",
    "random": "return random.Random(0).random() + len(secrets.token_bytes(4))",
    "numpy from import": "from numpy.random import default_rng; return default_rng(1).random()",
    "masked": "return np.ma.masked_array(x, [False]).sum()",
    "polynomial": "return np.polynomial.polynomial.polyval(2.0, [1, 2])",
    "testing": "np.testing.assert_allclose(x, x); return x",
    "print": "print('x' * 200_000); print(x, file=sys.stderr); sys.stdout.flush(); return x",
    "warn": "warnings.warn('careful'); return x",
    "overflow": "return np.exp(x * 1e4)",
    "lock": "lock = threading.Lock()\nwith lock: return x",
    "gc": "return float(gc.collect() >= 0)",
    "recursion error": "def g(): return g() + 1\ntry: g()\nexcept RecursionError: return x",
    "memory error": "try: np.ones(1 << 45)\nexcept MemoryError: return x",
    "traceback": "try: 1 / 0\nexcept ZeroDivisionError: return traceback.format_exc()",
    "exception in a destructor": "Falls(); return x",
    "exception in a generator that is dropped": "next(falls()); return x",
    "excepthook": "try: 1 / 0\nexcept ZeroDivisionError: sys.excepthook(*sys.exc_info())\nreturn x",
    "print stack": "traceback.print_stack(); return x",
    "environment": "return len(os.environ)",
    "working directory": "return os.getcwd()",
    "empty input": "return sys.stdin.read() + sys.stdin.buffer.read().decode()",
    "input": "try: input()\nexcept EOFError: return x",
    "name": "return __name__",
    "file": "return os.path.dirname(os.path.abspath(__file__)) + os.path.realpath(__file__)",
    "path of file": "return str(pathlib.Path(__file__).resolve().parent)",
    "dates": "return datetime.datetime.strptime('2020-01-01', '%Y-%m-%d').year + datetime.datetime.now().year * 0",
    "local time": "return time.strftime('%Y', time.localtime(0)) + time.ctime(0)",
    "clock": "time.sleep(0.001); return time.perf_counter() > 0 and time.process_time() >= 0",
    "ctypes": "return ctypes.sizeof(ctypes.c_double) + (x.ctypes.data != 0)",
    "dataclass": "return Pair(1.0, 2.0).a",
    "pickle": "return pickle.loads(pickle.dumps(x))",
    "copy": "return copy.deepcopy({'x': x})['x']",
    "json": "return json.dumps([1])",
    "processors": "return os.cpu_count() or 1",
    "system": "return sys.platform",
    "string formats": "return f'{x[0]:.3e} {np.array2string(x)} {x!r}'",
    "save to memory": "b = io.BytesIO(); np.save(b, x); b.seek(0); return np.load(b)",
    "npz in memory": "b = io.BytesIO(); np.savez(b, x=x); b.seek(0); return np.load(b)['x']",
    "signal": "signal.signal(signal.SIGTERM, signal.SIG_IGN); return x",
    "decimal": "return float(decimal.Decimal(1) / 3) + float(fractions.Fraction(1, 3))",
    "logging": "logging.getLogger().warning('hello'); return x",
    "suppress": "with contextlib.suppress(KeyError), np.errstate(all='ignore'): return np.log(x * 0)",
    "inspect": "return str(inspect.signature(f))",
    "source of itself": "try: inspect.getsource(f)\nexcept OSError: return x",
    "numpy info": "return np.finfo(x.dtype).eps + np.iinfo(int).max * 0",
    "scipy or not": "try: import scipy\nexcept ImportError: return x",
}
IMPORTS = """from __future__ import annotations
import contextlib, copy, ctypes, datetime, decimal, fractions, gc, inspect, io, json, logging, os, pathlib, pickle, random
import secrets, signal, sys, threading, time, traceback, warnings
from dataclasses import dataclass
import numpy as np
@dataclass
class Pair:
    a: float
    b: float
class Falls:
    def __del__(self): raise ValueError("fell")
def falls():
    try: yield
    finally: raise ValueError("fell")
"""


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_program_runs(server: Server, name: str) -> None:
    found = outcome(server, HONEST[name], top=IMPORTS)
    assert found.kind == "value", found
    assert not isinstance(found.value, codec.Foreign)


def test_what_a_submission_finds_itself_to_be(server: Server) -> None:
    top = "import os, sys"
    assert outcome(server, "return [__name__, __file__]", top=top).value == [
        "submission",
        "/tmp/rnnquiz-attack-source.py",
    ]
    assert outcome(server, "return [dict(os.environ), os.getcwd()]", top=top).value == [codec.Foreign("dict"), "/"]
    assert outcome(server, "return [sys.stdin.read(), sys.argv]", top=top).value == [
        "",
        ["/tmp/rnnquiz-attack-source.py"],
    ]


def test_prints_are_kept_up_to_the_limit(server: Server) -> None:
    handed_in = submission.from_source("print('读')\ndef f(x):\n    print('y' * 100)\n    return x\n", {"f"})
    with open_session(handed_in, Limits(output=20), server=server) as session:
        assert session.call("f", [NUMBER] * 3)[2].kind == "value"
        assert session.printed("f") == "读\n" + "y" * 16


# ---------------------------------------------------------------- what a call is told


def test_warnings_are_reported_under_numpys_default_state(server: Server) -> None:
    top = "import numpy as np, warnings\nnp.seterr(all='ignore')\nwarnings.simplefilter('ignore')"
    assert "overflow" in outcome(server, "return np.exp(x * 1e4)", top=top).warnings[0]
    assert outcome(server, "with np.errstate(over='ignore'): return np.exp(x * 1e4)", top=top).warnings == ()


def test_changed_arguments_are_named(server: Server) -> None:
    source = "def f(a, b, c):\n    b[0] = 7\n    c.append(a)\n    return a\n"
    a = np.zeros(3)
    (found,) = outcomes(server, source, [Case((a, np.ones(2), [np.ones(1)]))])
    assert found.mutated == (1, 2)
    np.testing.assert_array_equal(found.value, a)


@pytest.mark.parametrize(
    ("body", "mutated"),
    [
        ("a.shape = (3, 1)", (0,)),
        ("a.dtype = np.int64", (0,)),
        ("c[0] = c[0] + 0", (1,)),
        ("c[0][0] = 5", (1,)),
        ("x = c.pop(); del x; c.append(np.ones(1))", (1,)),
        ("c.reverse()", (1,)),
        ("d[1][1][0] = 3", (2,)),
        ("c[0] = c[0]; a[0] = a[0]; d[0].sum()", ()),
    ],
)
def test_an_argument_changed_in_any_way_is_named(server: Server, body: str, mutated: tuple[int, ...]) -> None:
    source = f"import numpy as np\ndef f(a, c, d):\n    {body}\n    return 1.0\n"
    given = (np.zeros(3), [np.ones(1), np.zeros(1)], (np.zeros(2), (np.zeros(1), np.zeros(1))))
    found = outcomes(server, source, [Case(given), Case(given)])
    assert [o.mutated for o in found] == [mutated, mutated]


def test_an_argument_changed_by_a_later_call_is_named(server: Server) -> None:
    source = "kept = []\ndef f(a):\n    kept.append(a)\n    kept[0][:] = 7\n    return a.sum()\n"
    found = outcomes(server, source, [Case((np.zeros(3),)), Case((np.zeros(3),))])
    assert [(o.value, o.mutated) for o in found] == [(21.0, (0,)), (0.0, ())]


def test_an_error_state_that_a_call_leaves_does_not_reach_the_next(server: Server) -> None:
    source = "import numpy as np\ndef f(x):\n    y = np.exp(x * 1e4)\n    np.seterr(all='raise')\n    return y\n"
    found = outcomes(server, source, [NUMBER, NUMBER])
    assert [(o.kind, len(o.warnings)) for o in found] == [("value", 1)] * 2


def test_a_result_that_a_later_call_changes_is_reported(server: Server) -> None:
    source = "import numpy as np\nkept = np.zeros(1)\ndef f(x):\n    kept[0] = x\n    return kept\n"
    found = outcomes(server, source, [Case((1.0,)), Case((2.0,))])
    assert [(o.value[0], o.overwritten) for o in found] == [(1.0, True), (2.0, False)]


PARTS = [[1.0, 2.0], [], [3.0], [4.0, 5.0]]


def in_parts(server: Server, source: str, limits: Limits = ORDINARY) -> tuple[list[Outcome], list[str]]:
    """What becomes of `f` called on an array of each number of `PARTS`, part by part, and what was done meanwhile."""
    handed_in = submission.from_source(source, {"f"}, file="/tmp/rnnquiz-attack-source.py")
    log: list[str] = []

    def parts() -> Iterator[list[Case]]:
        for part in PARTS:
            log.append("drawn")
            yield [Case((np.array([x]),)) for x in part]

    with open_session(handed_in, limits, server=server) as session:
        return list(session.call_in_parts("f", parts(), lambda: log.append("sent"))), log


def test_calls_that_come_in_parts_are_answered_as_if_they_came_at_once(server: Server) -> None:
    source = """
import warnings
import numpy as np
first = np.zeros(1)
def f(x):
    if x[0] == 2:
        raise ValueError("two")
    if x[0] == 3:
        warnings.warn("three")
    if x[0] == 4:
        x[0] = 9
        first[0] = 9
    return first if x[0] == 1 else x + 1
"""
    found, log = in_parts(server, source)
    assert log == ["drawn"] * len(PARTS) + ["sent"]
    assert [o.kind for o in found] == ["value", "raised", "value", "value", "value"]
    assert [float(o.value[0]) for o in found if o.kind == "value"] == [0, 4, 10, 6]
    assert [o.mutated for o in found] == [(), (), (), (0,), ()]
    assert [o.overwritten for o in found] == [True, False, False, False, False]
    assert [len(o.warnings) for o in found] == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("import os\n    os._exit(3) if x[0] == 3 else 0", ["died"]),
        ("while x[0] == 3: pass", ["timeout"]),
        ("open('/etc/passwd') if x[0] == 3 else 0", ["forbidden", "value", "value"]),
    ],
)
def test_an_end_between_parts_is_the_end_of_what_follows(server: Server, body: str, kinds: list[str]) -> None:
    found, _ = in_parts(server, f"def f(x):\n    {body}\n    return x\n", QUICK)
    assert len(found) == 5
    assert [o.kind for o in found][2:] == kinds * (3 // len(kinds))


@pytest.mark.parametrize(
    "view", ["C", "F", "gaps", "backwards", "transposed", "float32", "int", "bool", "empty", "0-d"]
)
def test_arguments_arrive_as_they_are(server: Server, view: str) -> None:
    base = np.arange(24.0).reshape(4, 6)
    array = {
        "C": base,
        "F": np.asfortranarray(base),
        "gaps": base[:, ::2],
        "backwards": base[:, ::-1],
        "transposed": base.T,
        "float32": base.astype(np.float32),
        "int": base.astype(int),
        "bool": base > 3,
        "empty": base[:0],
        "0-d": np.array(2.5),
    }[view]
    source = "def f(x): return [x, str(x.dtype), x.flags.c_contiguous, x.flags.f_contiguous, x.flags.writeable]\n"
    (found,) = outcomes(server, source, [Case((array,))])
    value, dtype, c, f, writeable = found.value
    np.testing.assert_array_equal(value, array)
    assert (dtype, c, f, writeable) == (str(array.dtype), array.flags.c_contiguous, array.flags.f_contiguous, True)
    assert found.mutated == ()


def test_a_seed_becomes_a_fresh_generator(server: Server) -> None:
    source = "def f(n, rng=None):\n    return rng.normal(size=n)\n"
    found = outcomes(server, source, [Case((3, Seed(5))), Case((3,), {"rng": Seed(5)})])
    expected = np.random.default_rng(5).normal(size=3)
    for one in found:
        np.testing.assert_array_equal(one.value, expected)
        assert one.mutated == ()


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("(i for i in x)", "generator"),
        ("{'a': x}", "dict"),
        ("np.array([None])", "ndarray of object, shape (1,)"),
        ("np.ones(1 << 23)", f"ndarray of float64, shape ({1 << 23},)"),
        ("f", "function"),
        ("1 << 10**5", "int of 100001 bits"),
        ("x.astype(np.longdouble)", "ndarray of float128, shape (1,)"),
        ("b'bytes'", "bytes"),
    ],
)
def test_other_values_are_named(server: Server, expression: str, name: str) -> None:
    found = outcome(server, f"return {expression}", top="import numpy as np")
    assert found.value == codec.Foreign(name)


def test_a_wrong_number_of_arguments_is_raised(server: Server) -> None:
    (found,) = outcomes(server, "def f(a, b): return a\n", [NUMBER])
    assert found.kind == "raised"
    assert "TypeError" in found.error


@pytest.mark.parametrize(
    ("source", "said"), [("f = 3", "not callable"), ("f = 1\ndel f", "not defined at the top level")]
)
def test_a_name_that_is_no_function(server: Server, source: str, said: str) -> None:
    (found,) = outcomes(server, source, [NUMBER])
    assert found.kind == "raised"
    assert said in found.error


def test_bound_names_are_those_that_the_run_left(server: Server) -> None:
    source = "globals()['g'] = len\nif 0:\n    h = 1\ndef f(x): return x\n"
    handed_in = submission.from_source(source, {"f", "g", "h"})
    with open_session(handed_in, known=("f", "g", "h"), server=server) as session:
        assert session.bound("f") is None
        session.call("f", [])
        assert session.bound("f") == ("f", "g")


# ---------------------------------------------------------------- the processes themselves


def test_all_layers_hold_here(server: Server) -> None:
    with open_session(submission.from_source("def f(x): return x", {"f"}), server=server) as session:
        session.call("f", [])
        assert {name for name, holds in session.layers.items() if holds} >= messages.FULL


def test_available_says_what_holds() -> None:
    assert {name for name, holds in locks.available().items() if holds} >= messages.FULL


def test_required_isolation_is_refused_where_a_layer_is_missing(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(messages, "FULL", messages.FULL | {"moat"})
    handed_in = submission.from_source("def f(x): return x", {"f"})
    with (
        open_session(handed_in, server=server, required=True) as session,
        pytest.raises(IsolationUnavailable, match="moat"),
    ):
        session.call("f", [NUMBER])


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def _gone(pid: int, within: float = 5.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if _state(pid) in ("Z", "X", "gone"):
            return True
        time.sleep(0.01)
    return False


_PARENT = """
import sys, time
from quiz.grading import submission
from quiz.grading.runner import open_session
source = "def f(x):\\n    while True: pass\\n" + ("" if {single} else "def g(x): return x\\n")
session = open_session(submission.from_source(source, {{"f", "g"}}), early={early})
run = session._runs["f"]
print(run.process.pid, session._server.pid if session._server else run.process.pid, flush=True)
from answers.inputs import Case
session.call("f", [Case((1.0,))])
"""


@pytest.mark.parametrize(("early", "single"), [(True, True), (True, False), (False, True)])
def test_when_the_parent_is_killed_nothing_survives(early: bool, single: bool) -> None:
    program = _PARENT.format(early=early, single=single)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        time.sleep(0.1)
        assert all(_state(pid) in "RS" for pid in pids)
        parent.kill()
        assert all(_gone(pid) for pid in pids)


_SCAN = """
import os, re, sys, time
from quiz.grading import submission
from quiz.grading.runner import open_session
session = open_session(submission.from_source("def f(x): return x\\n" + {more!r}, {{"f", "g"}}), early={early})
session.call("f", [])
pid = session._runs["f"].process.pid
needle = b"".join((b"Token", b"OfTheGrader"))
def found(pid):
    with open(f"/proc/{{pid}}/maps") as maps, open(f"/proc/{{pid}}/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(n, 16) for n in line.split()[0].split("-"))
            if " r" in line[:40] and "[v" not in line:
                memory.seek(start)
                try:
                    if needle in memory.read(end - start):
                        return True
                except OSError:
                    pass
    return False
print(found(os.getpid()), found(pid))
"""


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root may read the memory of an undumpable process"
)
@pytest.mark.parametrize(("early", "more"), [(True, ""), (True, "def g(x): return x\n"), (False, "")])
def test_the_graders_environment_is_in_no_memory_of_the_process(early: bool, more: str) -> None:
    program = _SCAN.format(early=early, more=more)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "OPENBLAS_NUM_THREADS": "1", "SECRET": "TokenOfTheGrader"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stdout.split() == ["True", "False"], run.stderr


def test_a_process_with_the_reference_is_not_forked(server: Server) -> None:
    assert "rnnref" in sys.modules
    with open_session(submission.from_source("def f(x): return x", {"f"}), early=True) as session:
        found = session.call("f", [NUMBER])
        assert found[0].kind == "value"
        assert session._runs["f"].process is not None
        assert session._runs["f"].process._server is not None


def test_a_server_that_was_killed_is_replaced() -> None:
    with start_server() as server:
        for _ in range(2):
            assert outcome(server, "return x").kind == "value"
            os.kill(server.pid, 9)


def test_arguments_that_are_asked_for_again_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the third time; each process has its own, at any number of batches, and after the server's death too."""
    monkeypatch.setattr("quiz.grading.server.HELD", 2)
    batches = [Batch([Case((np.full(2, float(k)),)), Case((np.array([k]),), {"y": k})]) for k in range(3)]
    spoil = submission.from_source("def f(x, y=0):\n    x += 1\n    return x + y\n", {"f"})
    were_held = []
    with start_server() as server:
        for k in (0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 0, "kill", 0, 0):
            if isinstance(k, str):
                os.kill(server.pid, 9)
                continue
            with open_session(spoil, server=server) as session:
                run = session._runs["f"]
                assert run.process is not None
                were_held.append(batches[k].number in run.process.held)
                for turn in range(2):
                    first, second = session.call("f", batches[k])
                    assert (first.mutated, second.mutated) == ((0,), (0,)), turn
                    np.testing.assert_array_equal(first.value, [k + 1, k + 1])
                    np.testing.assert_array_equal(second.value, [2 * k + 1])
    assert were_held == [False, False, True, True, False, False, True, False, False, True, False, False, True]


def test_descriptors_do_not_leak(server: Server) -> None:
    outcome(server, "return x")
    before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    for body in ("return x", "import os; os._exit(1)", "import os\nwhile True: os.write(4, bytes(99))"):
        outcome(server, body, limits=QUICK)
    assert sorted(path.name for path in Path("/proc/self/fd").iterdir()) == before
