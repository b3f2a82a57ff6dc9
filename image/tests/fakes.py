"""Modules that our app imports and that only a bench has, replaced for the length of a test."""

from __future__ import annotations

import importlib
import sys
import types
from unittest import TestCase, mock


def module(name: str, **names: object) -> types.ModuleType:
    """A module of that name with these names in it."""
    made = types.ModuleType(name)
    made.__dict__.update(names)
    return made


def load(test: TestCase, name: str, *fakes: types.ModuleType) -> types.ModuleType:
    """The module of our app, imported among the fakes and forgotten after the test; packages of fakes are made up."""
    modules: dict[str, types.ModuleType] = {}
    for fake in fakes:
        parts = fake.__name__.split(".")
        for end in range(1, len(parts)):
            package = ".".join(parts[:end])
            if package != "shopify_books":
                modules.setdefault(package, module(package))
        modules[fake.__name__] = fake
    for full, fake in modules.items():
        package, _, own = full.rpartition(".")
        if package in modules:
            setattr(modules[package], own, fake)
    patched = mock.patch.dict(sys.modules, modules)
    patched.start()
    test.addCleanup(patched.stop)
    # "from shopify_books import x" takes the package's attribute before sys.modules.
    package = importlib.import_module("shopify_books")
    for full, fake in modules.items():
        if full.startswith("shopify_books."):
            attribute = mock.patch.object(package, full.removeprefix("shopify_books."), fake, create=True)
            attribute.start()
            test.addCleanup(attribute.stop)
    sys.modules.pop(name, None)
    loaded = importlib.import_module(name)
    test.addCleanup(sys.modules.pop, name, None)
    return loaded
