"""Whether the documents have the titles and sections that sources.yml says they have."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import Complaint
from knowledge.model import Base
from knowledge.texts import fold

BEFORE_HEADINGS = "Introduction"
"""The section for what stands before the first heading; the documents do not name it."""


def check_documents(base: Base, folder: Path) -> list[Complaint]:
    """
    Complain about titles and sections that the documents themselves do not have.

    Args:
        folder: Holds the documents as text files; the file whose first line is a source's title is that source.
    """
    documents, complaints = _documents(folder)
    place = base.where["sources"]
    for position, source in enumerate(base.sources):
        lines = documents.get(fold(source.title))
        if lines is None:
            text = f"no text file in {folder} has '{source.title}' as its first line. Name the folder that holds the documents."
            complaints.append(Complaint(place.file, place.line(position, "title"), text))
            continue
        for number, section in enumerate(source.sections):
            if section != BEFORE_HEADINGS and fold(section) not in lines:
                line = place.line(position, "sections", number)
                complaints.append(
                    Complaint(place.file, line, f"'{source.title}' has no section '{section}'. Copy the heading as it stands.")
                )
    return sorted(complaints)


def _documents(folder: Path) -> tuple[dict[str, frozenset[str]], list[Complaint]]:
    """The lines of each document by its first line, folded."""
    documents, complaints = {}, []
    for path in sorted(folder.glob("*.txt")):
        try:
            lines = [fold(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
        except (OSError, UnicodeError) as error:
            complaints.append(Complaint(str(path), 1, f"cannot be read as UTF-8 text: {error}."))
            continue
        if lines:
            documents[lines[0]] = frozenset(lines)
    return documents, complaints
