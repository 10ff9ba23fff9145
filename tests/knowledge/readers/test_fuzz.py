"""Whatever is in a file, it is read or refused with a reason; nothing hangs and nothing breaks."""

from __future__ import annotations

from tests.knowledge.readers.fuzz import originals, run, understood


def test_the_originals_are_read() -> None:
    kinds = [understood(content) for content in originals()]

    assert kinds == ["txt", "txt", "html", "docx", "docx", "pdf", "ofd", "refused"]


def test_spoilt_files_are_read_or_refused_with_a_reason() -> None:
    seen, _, _ = run(originals(), lambda number: number < 400, seed=20261125)

    assert set(seen) <= {"refused", "txt", "html", "docx", "pdf", "ofd"}
    assert seen["refused"] > 50
    assert {"html", "docx", "pdf"} <= set(seen)
