"""Every public function and class of rnnref has a docstring with an example, and the examples run."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import rnnref

MODULES = sorted(m.name for m in pkgutil.iter_modules(rnnref.__path__, "rnnref."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": np}, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def public():
    for name in rnnref.__all__:
        yield getattr(rnnref, name)
    for module in (rnnref.analysis, rnnref.onnx, rnnref.strategies, rnnref.testing):
        for name, thing in vars(module).items():
            own = inspect.getmodule(thing) is module and (inspect.isfunction(thing) or inspect.isclass(thing))
            if own and not name.startswith("_"):
                yield thing


@pytest.mark.parametrize("thing", public(), ids=lambda thing: thing.__name__)
def test_a_public_docstring_has_an_example_and_names_dtypes_and_errors(thing):
    text = inspect.getdoc(thing)
    assert ">>>" in text
    if inspect.getmodule(thing).__name__ != "rnnref.strategies" and not hasattr(thing, "_fields"):
        assert "aises" in text or "aise " in text or "AssertionError" in text
