"""The socket over which a fork server is asked: whole messages, with descriptors, and an end that is noticed.

On Linux a socket of packets does all that. Elsewhere (macOS has none) each message follows its length in a stream, and one
with descriptors is acknowledged: closed while they are on their way they may be lost there.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from quiz.grading.prctl import LINUX

_PACKETS = LINUX
_LENGTH = 4
_GOT_THEM = b"+"


def pair() -> tuple[socket.socket, socket.socket]:
    """Both ends."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET if _PACKETS else socket.SOCK_STREAM)


def send(control: socket.socket, message: bytes, descriptors: Sequence[int] = ()) -> None:
    """One message. OSError where the other end is gone."""
    if not _PACKETS:
        _send_framed(control, message, descriptors)
    elif descriptors:
        socket.send_fds(control, [message], descriptors)
    else:
        control.send(message)


def receive(control: socket.socket, most: int, descriptors: int = 0) -> tuple[bytes, list[int]]:
    """The next message and the descriptors that came with it; an empty one where the other end is gone."""
    if not _PACKETS:
        return _receive_framed(control, descriptors)
    if not descriptors:
        return control.recv(most), []
    message, came, _, _ = socket.recv_fds(control, most, descriptors)
    return message, came


def _send_framed(control: socket.socket, message: bytes, descriptors: Sequence[int]) -> None:
    data = len(message).to_bytes(_LENGTH, "big") + message
    if not descriptors:
        control.sendall(data)
        return
    sent = socket.send_fds(control, [data], descriptors)
    control.sendall(data[sent:])
    answer, _ = _receive_framed(control, 0)
    if answer != _GOT_THEM:
        raise ConnectionError(answer.decode("utf-8", "replace") or "the other end is gone")


def _receive_framed(control: socket.socket, descriptors: int) -> tuple[bytes, list[int]]:
    came: list[int] = []
    if descriptors:  # they come with the first byte that was sent with them
        head, came, _, _ = socket.recv_fds(control, _LENGTH, descriptors)
    else:
        head = control.recv(_LENGTH)
    head += _exactly(control, _LENGTH - len(head)) if head else b""
    message = _exactly(control, int.from_bytes(head, "big")) if len(head) == _LENGTH else b""
    if came:
        _send_framed(control, _GOT_THEM, ())
    return message, came


def _exactly(control: socket.socket, count: int) -> bytes:
    """So many bytes; none where the other end went before they were there."""
    data = b""
    while len(data) < count:
        piece = control.recv(count - len(data))
        if not piece:
            return b""
        data += piece
    return data
