"""What a hostile submission tries, one line each, and what must become of it.

An attack is the body of a function `f(x)` of a file that starts with `head()`. `SWALLOWED` are attempts at files, network
and processes: the outcome is `forbidden` even where the exception is caught and an answer follows. `ENDS` are others, each
with the outcomes that are right for it.
"""

from __future__ import annotations

import ctypes


def head(reference: str) -> str:
    """Imports for all attacks, and `native`, which makes system calls without asking for a function by its name."""
    libc = ctypes.CDLL(None)
    syscall, labs = (ctypes.cast(getattr(libc, name), ctypes.c_void_p).value or 0 for name in ("syscall", "labs"))
    return _HEAD.format(reference=reference, distance=syscall - labs)


_HEAD = """
import ctypes, functools, glob, importlib, io, itertools, math, mmap, multiprocessing, os, pathlib, pickle, resource
import shutil, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time, tokenize, urllib.request
import numpy as np
REFERENCE = {reference!r}

def native(number, *values):
    address = ctypes.cast(ctypes.CDLL(None).labs, ctypes.c_void_p).value + {distance}
    given = [ctypes.c_char_p(v) if isinstance(v, bytes) else ctypes.c_long(v) for v in values]
    return ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, *map(type, given))(address)(number, *given)
"""

SWALLOWED = {
    # files: reading
    "open passwd": "return open('/etc/passwd').read()",
    "open own file": "return open(__file__).read()",
    "os.open": "return os.open('/etc/passwd', os.O_RDONLY)",
    "io.FileIO": "return io.FileIO('/etc/passwd').read()",
    "pathlib": "return pathlib.Path('/etc/passwd').read_text()",
    "proc environ": "return open('/proc/self/environ').read()",
    "proc maps": "return open('/proc/self/maps').read()",
    "parent memory": "return open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
    "parent command line": "return open('/proc/1/cmdline').read()",
    "reference source": "return open(REFERENCE).read()",
    "listdir": "return os.listdir('/')",
    "scandir": "return list(os.scandir('.'))",
    "walk": "return next(os.walk('/'))",
    "glob": "return glob.glob('/etc/*')",
    "np.load": "return np.load('/etc/passwd', allow_pickle=True)",
    "np.fromfile": "return np.fromfile('/etc/passwd', np.uint8)",
    "np.loadtxt": "return np.loadtxt('/etc/passwd', str)",
    "np.memmap": "return np.memmap('/etc/passwd', mode='r')",
    "linecache tokenize": "return tokenize.open('/etc/passwd').read()",
    "stat": "return os.stat('/etc/passwd').st_size",
    "exists": "return os.path.exists('/etc/passwd')",
    "open in the name of linecache": "return eval(compile(\"open('/etc/passwd')\", '/x/linecache.py', 'eval'))",
    "stat in the name of inspect": "return eval(compile(\"os.stat('/etc/passwd')\", '/x/inspect.py', 'eval'))",
    "stat in a function called resolve": (
        "exec(compile(\"def resolve(): os.stat('/etc/passwd')\", '/x', 'exec'), globals()); return resolve()"
    ),
    "access": "return os.access('/etc/passwd', os.R_OK)",
    "readlink": "return os.readlink('/proc/self/exe')",
    "pathlib exists": "return pathlib.Path('/etc/passwd').exists()",
    "chdir": "os.chdir('/tmp')",
    "libc open": "return ctypes.CDLL(None).open(b'/etc/passwd', 0)",
    "libc fopen": "return ctypes.pythonapi.fopen(b'/etc/passwd', b'r')",
    "libc syscall": "return ctypes.CDLL(None).syscall(257, -100, b'/etc/passwd', 0)",
    "load library": "return ctypes.CDLL('libm.so.6').cos",
    # files: writing
    "write": "open('/tmp/rnnquiz-attack', 'w').write('x')",
    "append to own file": "open(__file__, 'a').write('x')",
    "shared memory": "open('/dev/shm/rnnquiz-attack', 'w').write('x')",
    "terminal": "open('/dev/tty', 'w').write('x')",
    "mkdir": "os.mkdir('/tmp/rnnquiz-attack')",
    "remove": "os.remove(__file__)",
    "rename": "os.rename(__file__, '/tmp/rnnquiz-attack')",
    "truncate": "os.truncate(__file__, 0)",
    "symlink": "os.symlink('/etc/passwd', '/tmp/rnnquiz-attack')",
    "link": "os.link(__file__, '/tmp/rnnquiz-attack')",
    "chmod": "os.chmod(__file__, 0o777)",
    "chown": "os.chown(__file__, 0, 0)",
    "utime": "os.utime(__file__)",
    "setxattr": "os.setxattr(__file__, 'user.x', b'x')",
    "mkfifo": "os.mkfifo('/tmp/rnnquiz-attack')",
    "np.save": "np.save('/tmp/rnnquiz-attack.npy', x)",
    "tofile": "x.tofile('/tmp/rnnquiz-attack')",
    "tempfile": "tempfile.NamedTemporaryFile()",
    "rmtree": "shutil.rmtree('/tmp/rnnquiz-attack')",
    "sqlite": "sqlite3.connect('/tmp/rnnquiz-attack.db').execute('create table t (x)')",
    # network
    "tcp": "socket.create_connection(('127.0.0.1', 80), 1)",
    "tcp socket": "socket.socket()",
    "udp": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "unix socket": "socket.socket(socket.AF_UNIX).connect('\\0abstract')",
    "netlink": "socket.socket(16, 3, 0)",
    "socketpair": "socket.socketpair()",
    "raw module": "__import__('_socket').socket()",
    "resolve": "socket.gethostbyname('localhost')",
    "http": "urllib.request.urlopen('http://127.0.0.1:1/')",
    # processes
    "fork": "os.fork()",
    "forkpty": "os.forkpty()",
    "system": "os.system('true')",
    "popen": "os.popen('true').read()",
    "subprocess": "subprocess.run(['true'])",
    "exec": "os.execv('/bin/true', ['true'])",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "multiprocessing": "multiprocessing.get_context('fork').Process(target=print).start()",
    "thread": "threading.Thread(target=print).start()",
    "kill parent": "os.kill(os.getppid() if os.getppid() > 1 else 1, 9)",
    "kill everybody": "os.kill(-1, 9)",
    "killpg": "os.killpg(1, 9)",
}

ENDS = {
    # a process whose death the kernel decides: nothing can be swallowed
    "raw fork_exec": (
        "import _posixsubprocess as p; p.fork_exec([b'true'], [b'/bin/true'], True, (), None, None, -1, -1, -1, -1, -1, -1, 3, 3, "
        "False, False, None, None, None, -1, None, False, False)",
        {"forbidden", "raised"},
    ),
    "syscall by address: socket": ("native(41, 2, 1, 0)", {"forbidden"}),
    "syscall by address: fork": ("native(57)", {"forbidden"}),
    "syscall by address: execve": ("native(59, b'/bin/true', 0, 0)", {"forbidden"}),
    "syscall by address: write a file": ("native(257, -100, b'/tmp/rnnquiz-attack', 0o101, 0o644)", {"forbidden"}),
    "syscall by address: unlink": ("native(87, b'/tmp/rnnquiz-attack')", {"forbidden"}),
    "syscall by address: ptrace the parent": ("native(101, 16, 1, 0, 0)", {"forbidden"}),
    "syscall by address: read the parent": ("native(310, 1, 0, 0, 0, 0, 0)", {"forbidden"}),
    "syscall by address: io_uring": ("native(425, 1, 0)", {"forbidden"}),
    "syscall by address: bpf": ("native(321, 0, 0, 0)", {"forbidden"}),
    "syscall by address: user namespace": ("native(272, 0x10000000)", {"forbidden"}),
    "syscall by address: keyctl": ("native(250, 0)", {"forbidden"}),
    "syscall by address: kill init": ("native(62, 1, 9)", {"forbidden"}),
    "x32 numbers": ("native(0x40000000 + 2, b'/etc/passwd', 0)", {"forbidden"}),
    "setuid": ("os.setuid(0)", {"forbidden"}),
    "sethostname": ("socket.sethostname('x')", {"forbidden"}),
    # refused with an error that it sees
    "syscall by address: read a file": ("return float(native(257, -100, b'/etc/passwd', 0))", {"value:-1.0"}),
    "syscall by address: memfd": ("return float(native(319, b'x', 0))", {"value:-1.0"}),
    "syscall by address: lift the filter": ("return float(native(157, 22, 0, 0, 0, 0))", {"value:-1.0"}),
    "executable memory": ("mmap.mmap(-1, 4096, prot=7)", {"raised"}),
    "raise a limit": ("resource.setrlimit(resource.RLIMIT_AS, (-1, -1))", {"raised"}),
    "inject into the terminal": ("import fcntl; fcntl.ioctl(0, 0x5412, b'x')", {"raised", "forbidden"}),
    "import the reference": ("import rnnref", {"raised"}),
    "import the tasks": ("importlib.import_module('answers.tasks.sigmoid')", {"raised"}),
    "import the project": ("importlib.import_module('quiz.cli')", {"raised"}),
    # itself
    "exit": ("os._exit(0)", {"died"}),
    "sys.exit": ("sys.exit(0)", {"died"}),
    "abort": ("os.abort()", {"died"}),
    "kill itself": ("os.kill(os.getpid(), 9)", {"died"}),
    "crash": ("ctypes.string_at(0)", {"died"}),
    "stack overflow in C": (
        "chain = iter(())\nfor _ in range(300_000): chain = itertools.chain(chain, ())\nreturn next(chain, 0)",
        {"died", "raised", "memory"},
    ),
    "close the channel": ("os.closerange(0, 100); time.sleep(60)", {"died"}),
    "endless loop": ("while True: pass", {"timeout"}),
    "sleep": ("time.sleep(60)", {"timeout"}),
    "endless loop in C": ("return 10 ** 10 ** 9", {"timeout", "memory"}),
    "ignore every signal": (
        "for n in {*range(1, 65)} - {9, 19, 32, 33}: signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
        {"timeout"},
    ),
    "memory at once": ("return np.ones(1 << 40)", {"memory"}),
    "memory bit by bit": ("keep = []\nwhile True: keep.append(np.ones(1 << 24))", {"memory"}),
    "swallow memory errors": (
        "while True:\n    try: keep = np.ones(1 << 40)\n    except MemoryError: pass",
        {"timeout"},
    ),
    # forging an answer
    "flood": ("while True: os.write(4, bytes(1 << 16))", {"malformed"}),
    "claim a long answer": ("os.write(4, b'R' + (2**32 - 1).to_bytes(4, 'little')); time.sleep(60)", {"malformed"}),
    "answer early and wrong": ("os.write(4, b'D' + bytes(4)); time.sleep(60)", {"malformed"}),
    "json": ('os.write(4, b\'{"verdict": "pass"}\'); return x', {"malformed"}),
    "pickle": ("os.write(4, __import__('pickle').dumps(print)); return x", {"malformed"}),
    "unlock again": ("os.write(4, b'L' + bytes(4)); return x", {"malformed"}),
}
