"""Every format, read back by a parser of its kind, over a class in which everything happens that can."""

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from quiz.grading import Grader, Limits, formats
from quiz.grading.tally import Tally

CELL = "def lstm_cell_state(c, i, f, g):\n"
CLASS = {
    "anna/cell.py": CELL + "    return f * c + i * g\n",
    "anna/macs.py": "def lstm_macs(T, N, D, H):\n    return 4 * T * N * H * (D + H)\n",
    "bob/cell.py": CELL + "    print('<b>debug</b>')\n    return f * c - i * g\n",
    "chen.py": CELL + "    return f * c - i * g\n",
    "dora.py": CELL + "    open('/etc/passwd')\n",
    "emil.py": "def f(:\n",
    "=fay & <i>co.py": CELL + "    raise ValueError('\\x1b[31m\\u202e</pre><script>alert(1)</script>]]>|')\n",
    "gus.py": CELL + "    while True: pass\n",
    "both.py": "def sigmoid(x):\n    return x\ndef lstm_gates(x, h, W, U, b):\n    return sigmoid(x)\n",
}
GRADESCOPE_FORMATS = {"text", "html", "simple_format", "md", "ansi"}
GRADESCOPE_VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for name, text in CLASS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def graded(folder):
    """Language to the reports on the class."""
    found = {}
    with Grader(Limits(seconds=1.0)) as grader:
        for language in ("en", "zh"):
            found[language] = [
                report for name in CLASS for report in grader.grade_file(folder / name, language=language, seed=4)
            ]
    return found


@pytest.fixture(params=["en", "zh"])
def written(request, graded, folder):
    """`written(name)` is the class in that format."""

    def write(name):
        stream, tally = io.StringIO(), Tally()
        writer = formats.writer_of(name, stream, request.param, [str(folder)])
        for report in graded[request.param]:
            writer.add(report)
            tally.add(report)
        writer.close(tally)
        return stream.getvalue()

    write.language = request.param
    write.reports = graded[request.param]
    return write


def test_json_has_a_line_for_each(written):
    read = [json.loads(line) for line in written("json").splitlines()]
    assert [r["verdict"] for r in read] == [r.verdict for r in written.reports]
    assert all(isinstance(check["detail"], str) for r in read for check in r["checks"])


def test_junit_counts_what_it_holds(written):
    root = ElementTree.fromstring(written("junit"))
    assert root.tag == "testsuites"
    cases = list(root.iter("testcase"))
    assert len(cases) == len(written.reports) == int(root.get("tests"))
    for scope in (root, *root.iter("testsuite")):
        inside = list(scope.iter("testcase"))
        assert int(scope.get("tests")) == len(inside)
        assert int(scope.get("failures")) == sum(case.find("failure") is not None for case in inside)
        assert int(scope.get("errors")) == sum(case.find("error") is not None for case in inside)
        assert float(scope.get("time")) == pytest.approx(sum(float(case.get("time")) for case in inside), abs=0.01)
    assert [case.get("classname") for case in cases[:3]] == ["anna", "anna", "bob"]
    assert {e.get("type") for e in root.iter("error")} == {"forbidden", "error", "timeout"}
    assert all(failure.get("message") and failure.text for failure in root.iter("failure"))
    layers = {p.get("value") for p in root.iter("property") if p.get("name") == "isolation"}
    assert all("seccomp" in value for value in layers)
    assert layers


def test_csv_has_a_row_for_each_and_no_formulas(written):
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert [row["verdict"] for row in rows] == [report.verdict for report in written.reports]
    assert [row["learner"] for row in rows][:4] == ["anna", "anna", "bob", "chen"]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values() if value)
    assert {row["helper"] for row in rows} == {"yes", "no"}
    assert [bool(row["isolation"]) for row in rows] == [bool(report.isolation) for report in written.reports]


def test_gradescope_reads_what_its_specification_names(written):
    read = json.loads(written("gradescope"))
    assert set(read) <= {
        *("score", "execution_time", "output", "output_format", "test_output_format", "test_name_format"),
        *("visibility", "stdout_visibility", "extra_data", "leaderboard", "tests"),
    }
    assert read["visibility"] in GRADESCOPE_VISIBILITIES
    assert read["stdout_visibility"] in GRADESCOPE_VISIBILITIES
    assert isinstance(read["execution_time"], int | float)
    assert read["score"] == pytest.approx(sum(test["score"] for test in read["tests"]), abs=1e-3)
    assert len(read["tests"]) == len(written.reports)
    for test, report in zip(read["tests"], written.reports, strict=True):
        assert set(test) <= {
            *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format"),
            *("tags", "visibility", "extra_data"),
        }
        assert 0 <= test["score"] <= test["max_score"] <= 1
        assert test["max_score"] == (0 if report.helper else 1)
        assert test["status"] == ("passed" if report.passed else "failed")
        assert test["output_format"] in GRADESCOPE_FORMATS
        assert test["visibility"] in GRADESCOPE_VISIBILITIES
        assert all(isinstance(tag, str) for tag in test["tags"])
        assert isinstance(test["number"], str)


def test_markdown_tables_are_as_wide_as_their_heads(written):
    text = written("markdown")
    width = None
    for line in text.splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line)) - 1
        assert width in (None, cells), line
        width = cells
    assert "<script>" not in text
    assert "seccomp" in text


class Page(HTMLParser):
    """Gathers tags, attributes and text, and sees that tags are closed in order."""

    VOID = ("meta", "br")

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], Counter(), [], ""
        self.tables, self.ids = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, *pair) for pair in attrs]
        self.ids |= {value for name, value in attrs if name == "id"}
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data


def test_html_is_one_page_that_loads_and_runs_nothing(written):
    text = written("html")
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert not {"script", "img", "link", "iframe", "object", "embed", "form", "base", "i"} & set(page.tags)
    links = [value for _, name, value in page.attributes if name in ("href", "src", "action", "srcset")]
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= page.ids
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    assert "url(" not in text
    assert "@import" not in text
    assert any("default-src 'none'" in (value or "") for _, name, value in page.attributes if name == "content")
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_html_has_the_class_the_misconceptions_and_everyones_feedback(written):
    page = Page()
    page.feed(written("html"))
    tasks, misconceptions, everyone = page.tables
    assert {row[0] for row in tasks[1:]} == {"lstm-cell-state", "lstm-macs", "sigmoid", "lstm-gates", "–"}
    counts = [int(row[0]) for row in misconceptions[1:]]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 2
    learners = [row[0] for row in everyone[1:]]
    assert learners == ["anna", "bob", "chen", "dora", "emil", "=fay & <i>co", "gus", "both"]
    assert all(len(row) == len(everyone[0]) for row in everyone)
    assert page.tags["details"] == len(written.reports)
    assert page.tags["h3"] == len(learners)
    assert "<b>debug</b>" in page.text


def test_chinese_reports_say_nothing_in_english_but_names(graded):
    """What the grader says; what Python says of an exception, and names of checks and layers, stay as they are."""
    said = [c.detail for r in graded["zh"] for c in r.checks if c.name not in ("isolation", "printed") or not c.passed]
    said += [r.diagnosis.message for r in graded["zh"] if r.diagnosis]
    for text in filter(None, said):
        assert re.search(r"[\u4e00-\u9fff]", text), text
