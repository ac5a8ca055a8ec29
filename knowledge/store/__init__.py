"""The built knowledge base: SQL tables, how they are written, and how they are read."""

from knowledge.store.addresses import DEFAULT_URL, parse, printable
from knowledge.store.building import build, count_rows
from knowledge.store.reading import Store

__all__ = ["DEFAULT_URL", "Store", "build", "count_rows", "parse", "printable"]
