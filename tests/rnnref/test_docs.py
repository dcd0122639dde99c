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


@pytest.mark.parametrize("name", rnnref.__all__)
def test_a_public_name_shows_an_example(name):
    thing = getattr(rnnref, name)
    text = inspect.getdoc(thing) or ""
    if inspect.isclass(thing) or callable(thing):
        module = inspect.getmodule(thing)
        assert ">>>" in text + (module.__doc__ or "")
