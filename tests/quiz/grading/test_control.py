"""The socket to a fork server, as packets and as a stream."""

import os
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.grading import control

BOTH = pytest.mark.parametrize("packets", [True, False])
MOST = 1 << 16


def pair(packets):
    """Both ends of such a socket; how it is done is looked up at each message."""
    control._PACKETS = packets
    ours, theirs = control.pair()
    for end in (ours, theirs):
        end.settimeout(10)
    return ours, theirs


@pytest.fixture(autouse=True)
def _as_it_was():
    before = control._PACKETS
    yield
    control._PACKETS = before


@BOTH
@given(messages=st.lists(st.binary(min_size=1, max_size=300), max_size=20))
def test_messages_keep_their_boundaries_in_both_directions(packets, messages):
    ours, theirs = pair(packets)
    with ours, theirs:
        for message in messages:
            control.send(ours, message)
        for message in messages:
            assert control.receive(theirs, MOST, 2) == (message, [])
            control.send(theirs, message[::-1])
        for message in messages:
            assert control.receive(ours, MOST) == (message[::-1], [])


@BOTH
@given(sizes=st.lists(st.integers(1, 60_000), min_size=1, max_size=5))
def test_descriptors_come_with_their_message(packets, sizes):
    ours, theirs = pair(packets)
    with ours, theirs:

        def send():
            for size in sizes:
                reading, writing = os.pipe()
                control.send(ours, bytes([size % 251]) * size, (reading, writing))
                os.close(reading)  # nothing is lost by closing them at once
                os.close(writing)
            control.send(ours, b"last")

        sender = threading.Thread(target=send)
        sender.start()
        for size in sizes:
            message, (reading, writing) = control.receive(theirs, MOST, 2)
            assert message == bytes([size % 251]) * size
            os.write(writing, b"through")
            assert os.read(reading, 100) == b"through"
            os.close(reading)
            os.close(writing)
        assert control.receive(theirs, MOST, 2) == (b"last", [])
        sender.join()


@BOTH
@pytest.mark.parametrize("descriptors", [0, 2])
def test_an_end_is_noticed(packets, descriptors):
    ours, theirs = pair(packets)
    theirs.close()
    with ours:
        assert control.receive(ours, MOST, descriptors) == (b"", [])
        with pytest.raises(OSError):  # noqa: PT011 - broken pipe or connection reset, as the system likes
            control.send(ours, b"message", (0, 1)[:descriptors])


@pytest.mark.parametrize("cut", [1, 3, 4, 7])
def test_a_message_that_was_cut_off_is_an_end(cut):
    ours, theirs = pair(packets=False)
    with theirs:
        ours.sendall((len(b"message").to_bytes(4, "big") + b"message")[:cut])
        ours.close()
        assert control.receive(theirs, MOST) == (b"", [])


def test_a_server_that_dies_before_it_acknowledges_is_noticed():
    ours, theirs = pair(packets=False)
    with ours:
        threading.Timer(0.05, theirs.shutdown, (socket.SHUT_RDWR,)).start()
        with pytest.raises(OSError, match="gone"):
            control.send(ours, b"message", (0, 1))
        theirs.close()
