"""Who a visitor is and what their process is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.web import visitors


def test_tokens_are_ours_and_no_two_are_the_same():
    tokens = {visitors.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(map(visitors.is_token, tokens))


@given(st.text())
def test_a_folder_lies_among_the_visitors_whatever_the_cookie_says(tmp_path_factory, token):
    root = tmp_path_factory.getbasetemp()
    folder = visitors.folder_of(token.encode("utf-8", "replace").decode(), root)
    assert folder.parent == root
    assert folder.name.isalnum()


@pytest.mark.parametrize("text", [None, "", "..", "a" * 31, "a" * 33, "A" * 32, "../" * 10 + "ab", "g" * 32])
def test_what_is_no_token(text):
    assert not visitors.is_token(text)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh;q=0.2,en;q=0.1", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("fr", None),
        ("", None),
        ("zh;q=nonsense", None),
    ],
)
def test_the_browsers_language(header, language):
    assert visitors.accepted_language(header) == language


@given(st.one_of(st.integers(), st.text(), st.none(), st.floats(), st.lists(st.integers())))
def test_a_size_is_within_what_a_terminal_may_have(asked):
    assert visitors.fitted(asked, visitors.COLUMNS, 80) in visitors.COLUMNS


def test_nothing_else_of_the_servers_environment_is_handed_on(tmp_path):
    ours = {"PATH": "/bin", "AWS_SECRET": "x", "EDITOR": "vim", "XDG_DATA_HOME": "/home/me", "HOME": "/home/me"}
    given = visitors.environment(ours, tmp_path, tmp_path, "zh", "2:/slots", (80, 24))
    assert not {"AWS_SECRET", "EDITOR", "XDG_DATA_HOME"} & given.keys()
    assert given["HOME"] == given["RNNQUIZ_DATA"] == str(tmp_path)
    assert given["LANG"].startswith("zh")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "localhost", "::1", "127.9.9.9")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.1.2", "example.org", "127.0.0.1.example.org")),
    ],
)
def test_loopback(host, loopback):
    assert visitors.is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        (None, "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("https://quiz.example.org", "quiz.example.org", True),
        ("http://127.0.0.1:9000", "127.0.0.1:8000", False),
        ("http://evil.example", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
    ],
)
def test_only_our_own_pages_may_connect(origin, host, same):
    assert visitors.is_same_origin(origin, host) is same
