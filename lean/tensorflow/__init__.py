"""
Stand in for TensorFlow where Rasa imports it and this project never uses it.

Rasa 3.6 imports TensorFlow at start, whatever the pipeline holds: about 12 s and 450 MB for nothing.
Here every name of ``tensorflow`` and ``keras`` is an empty class, so that ``class X(tf.keras.Model)``
and annotations import; *using* one (building a DIETClassifier, say) raises `TensorFlowLeftOut`.
"""

import importlib.abc
import importlib.machinery
import sys
from types import FunctionType, ModuleType  # as `import types` it would give way to tensorflow.types, which Rasa imports

_ROOTS = frozenset({"keras", "tensorflow", "tensorflow_hub", "tensorflow_text"})


class TensorFlowLeftOut(ImportError):
    """Something that needs the real TensorFlow was used."""


class _Absent(type):
    """The class of placeholders: attributes are placeholders again, calls decorate or refuse."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{cls.__qualname__}.{name}")

    def __call__(cls, *args: object, **kwargs: object) -> object:
        used_as_decorator = len(args) == 1 and not kwargs and isinstance(args[0], FunctionType)
        if used_as_decorator and "_placeholder" in vars(cls):
            return args[0]
        raise TensorFlowLeftOut(
            f"{cls.__qualname__} needs TensorFlow, which Tandem leaves out. To use DIETClassifier, TEDPolicy or "
            "ResponseSelector, remove tensorflow-stand-in and the tensorflow overrides from pyproject.toml, then: uv sync"
        )


def _placeholder(name: str) -> type:
    return _Absent(name.rpartition(".")[2], (), {"__qualname__": name, "_placeholder": True})


class _Module(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answer `import tensorflow.anything` with an empty module."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in _ROOTS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Module(spec.name)

    def exec_module(self, module):
        """Nothing to run: names are made when they are asked for."""


sys.meta_path.insert(0, _Finder())
sys.modules[__name__].__class__ = _Module
