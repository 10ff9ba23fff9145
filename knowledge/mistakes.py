"""What pydantic finds wrong in a file of policy data, as policy staff read it."""

from __future__ import annotations

from pydantic import ValidationError


def in_chinese(error: ValidationError) -> str:
    """Return the first mistake as a sentence: what was found, what should stand there."""
    first = error.errors()[0]
    kind, found = first["type"], first.get("input")
    if isinstance(found, float):
        return f'不能写小数 {found},请写成整数,或带引号的小数如 "0.5"'
    problems = {
        "extra_forbidden": "不认识这一项,请检查拼写",
        "missing": "缺少这一项",
        "date_type": f"应为日期,如 2025-12-31,写的是 {found!r}",
        "string_type": f"应为带引号的文字,写的是 {found!r}",
        "string_pattern_mismatch": f"格式不对,写的是 {found!r}",
        "string_too_short": f"太短,写的是 {found!r}" if found else "不能为空",
        "too_short": "至少要有一项",
        "value_error": first["msg"].removeprefix("Value error, "),
    }
    return problems.get(kind, f"不符合要求({kind}),写的是 {found!r}")
