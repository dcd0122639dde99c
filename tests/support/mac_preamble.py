"""Takes away from this interpreter what macOS lacks; see `mac`, which sets `_SWITCHES` and `_PATH`."""

import builtins
import ctypes
import errno
import fcntl
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import types

_AGAIN = f"_SWITCHES, _PATH = {_SWITCHES!r}, {_PATH!r}\nexec(compile(open(_PATH).read(), 'mac', 'exec'))\n"  # noqa: F821
_has = {"macos": True, "seatbelt": True, "footprint": True, "forks": True, **_SWITCHES}  # noqa: F821


def _take_away():
    for module, names in {
        os: "memfd_create sched_getaffinity sched_setaffinity pidfd_open pipe2 MFD_CLOEXEC MFD_ALLOW_SEALING O_PATH",
        socket: "SOCK_SEQPACKET MSG_CMSG_CLOEXEC SO_PEERCRED",
        signal: "pidfd_send_signal",
        resource: "RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING prlimit",
    }.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    for name in [name for name in dir(fcntl) if name.startswith(("F_SEAL", "F_ADD_SEAL", "F_GET_SEAL", "F_SETPIPE"))]:
        delattr(fcntl, name)


def _hide_proc():
    """No /proc, whoever asks for it."""

    def hiding(function):
        def asked(path=".", *args, **options):
            if isinstance(path, (str, bytes)) and os.fsdecode(path).startswith("/proc"):
                raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
            return function(path, *args, **options)

        return asked

    for module, name in ((os, "open"), (builtins, "open"), (os, "listdir"), (os, "scandir"), (os, "stat")):
        setattr(module, name, hiding(getattr(module, name)))


_page = resource.getpagesize()
_proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
_open_here, _read, _close = os.open, os.read, os.close


def _footprint(pid, flavor, room):
    """As `proc_pid_rusage` writes its version 0: the footprint after 16 bytes and seven numbers."""
    assert flavor == 0
    if pid == os.getpid():  # which may have closed every descriptor
        resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    else:
        try:
            file = _open_here(f"{pid}/statm", os.O_RDONLY, dir_fd=_proc)
        except OSError:
            return -1
        resident = int(_read(file, 100).split()[1]) * _page
        _close(file)
    ctypes.memmove(room, bytes(72) + struct.pack("=QQQ", resident, 0, 0), 96)
    return 0


_real = ctypes.CDLL(None, use_errno=True)
_real.syscall.restype = ctypes.c_long


def _seatbelt(profile, flags, _error):
    """Landlock in its place: nothing may be opened. Not every version knows every rule."""
    assert flags == 0
    assert profile.startswith(b"(version 1) (deny default)")
    if _has.get("deadly"):  # whoever is locked in by it dies
        os.abort()
    if b"sysctl-name-prefix" in profile and _has.get("old"):
        return -1
    if not _has["seatbelt"]:
        return -1
    _real.prctl(38, ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    rules = ctypes.create_string_buffer(struct.pack("=Q", (1 << 13) - 1), 8)
    ruleset = _real.syscall(ctypes.c_long(444), rules, ctypes.c_size_t(8), ctypes.c_uint32(0))
    held = _real.syscall(ctypes.c_long(446), ctypes.c_int(ruleset), ctypes.c_uint32(0))
    _close(ruleset)
    return held


_PLAYED = {
    "sandbox_init": ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_void_p)(_seatbelt),
    "_NSGetEnviron": ctypes.CFUNCTYPE(ctypes.c_void_p)(
        lambda: ctypes.addressof(ctypes.c_void_p.in_dll(_real, "environ"))
    ),
}
if not _has["macos"]:
    _PLAYED.clear()
elif _has["footprint"]:
    _PLAYED["proc_pid_rusage"] = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)(_footprint)


class _Library(ctypes.CDLL):
    """The C library without Linux's own functions, and with those of macOS."""

    def __getattr__(self, name):
        if name in _PLAYED:
            return _PLAYED[name]
        if name in ("prctl", "syscall", "unshare", "capset", "memfd_create", "proc_pid_rusage"):
            raise AttributeError(name)
        return super().__getattr__(name)


_pointer = ctypes.POINTER(ctypes.c_void_p)


class _Pointer(_pointer):
    """`environ` is not to be seen by libraries."""

    _type_ = ctypes.c_void_p

    @classmethod
    def in_dll(cls, library, name):
        if name == "environ" and _has["macos"]:
            raise ValueError(name)
        return _pointer.in_dll(library, name)


_make_pointer = ctypes.POINTER


def _pointer_to(kind):
    return _Pointer if kind is ctypes.c_void_p else _make_pointer(kind)


_setrlimit, _fcntl = resource.setrlimit, fcntl.fcntl


def _limit(which, most):
    if which == resource.RLIMIT_AS and _has["macos"]:
        raise ValueError("current limit exceeds maximum limit")
    _setrlimit(which, most)


def _control(descriptor, command, *rest):
    if command >= 1024:
        raise OSError(errno.EINVAL, "Invalid argument")
    return _fcntl(descriptor, command, *rest)


_popen = subprocess.Popen.__init__


def _start(self, args, *rest, **options):
    """Interpreters that are started from here lack it all as well."""
    args = list(args) if not isinstance(args, str) else args
    if isinstance(args, list) and args[0] == sys.executable:
        if "-c" in args:
            args[args.index("-c") + 1] = _AGAIN + args[args.index("-c") + 1]
        elif "-m" in args:
            place = args.index("-m")
            program = f"import runpy; runpy.run_module({args[place + 1]!r}, run_name='__main__')"
            args[place : place + 2] = ["-c", _AGAIN + program]
    _popen(self, args, *rest, **options)


sysconfig.get_config_vars()  # which are in a file named after the platform
sys.platform = "darwin" if _has["macos"] else "freebsd14"
sys.modules["_scproxy"] = types.ModuleType("_scproxy")  # urllib asks it for proxies
sys.modules["_scproxy"]._get_proxy_settings = sys.modules["_scproxy"]._get_proxies = dict
_take_away()
_hide_proc()
ctypes.CDLL, ctypes.POINTER = _Library, _pointer_to
resource.setrlimit, fcntl.fcntl = _limit, _control
subprocess.Popen.__init__ = _start
if not _has["forks"]:
    _fork = os.fork

    def _breaks():
        """A forked process that does not come through its first product."""
        pid = _fork()
        if pid == 0:
            os.abort()
        return pid

    os.fork = _breaks
