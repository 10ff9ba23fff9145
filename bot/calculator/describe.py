"""Results as lines of plain Chinese, for the command line and for staff who read along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Json = Mapping[str, object]

_VERDICTS = {
    "met": "写明的条件都符合",
    "not_met": "有写明的条件不符合",
    "unknown": "还不能判断",
    None: "不涉及个人条件",
}
_STANDINGS = {"expired": "有效期已过", "not_yet": "还没有施行", "repealed": "已经废止"}
_GROUPS = {"met": "符合写明的条件", "unknown": "还要核对", "not_met": "不符合"}


def describe(result: Json) -> str:
    """Return one determination, or a refusal of input, in words."""
    return "\n".join(_refused(result) if "error" in result else _determination(result))


def describe_screening(result: Json) -> str:
    """Return a whole screening in words, one line a program, and the next question."""
    return "\n".join(_refused(result) if "error" in result else _screening(result))


def _refused(result: Json) -> Iterator[str]:
    problems = result["problems"]
    assert isinstance(problems, Mapping)
    yield "输入有误:"
    yield from (f"  {field}:{problem}" for field, problem in problems.items())


def _determination(result: Json) -> Iterator[str]:
    yield f"{result['title']}({result['program']}),按 {result['as_of']}"
    yield f"  {_VERDICTS[_text(result['eligibility'])]};{sum_of(result)}"
    if result["in_force"] is False:
        yield f"  {_STANDINGS[str(result['reason'])]},上面的数只作历史说明"
    yield from (f"  算法:{step}" for step in _list(result["steps"]))
    for condition in _rows(result["conditions"]):
        mark = {True: "符合", False: "不符合", None: "未知"}[_yes_or_no(condition["met"])]
        yield f"  条件:{condition['text']} —— {mark}"
    yield from (f"  还要知道:{fact}" for fact in _list(result["missing"]))
    yield from (f"  变一变:{change['text']}" for change in _rows(result.get("changes", ())))
    yield from (f"  期限:{lapse['text']}" for lapse in _rows(result.get("until", ())))
    yield from (f"  原文没写清:{text}" for text in _list(result["unverified"]))
    yield from (f"  注意:{note}" for note in _list(result["notes"]))
    yield from (f"  原文:“{row['quote']}”(条款{row['clause']})" for row in _rows(result["trace"]))


def _screening(result: Json) -> Iterator[str]:
    yield f"{result['region']},按 {result['as_of']}"
    for group, title in _GROUPS.items():
        rows = list(_rows(result[group]))
        yield f"{title}({len(rows)}项)"
        for row in rows:
            yield f"  {row['title']}:{sum_of(row)}{_why(row)}"
            yield from (f"    变一变:{change['text']}" for change in _rows(row["changes"]))
            yield from (f"    期限:{lapse['text']}" for lapse in _rows(row["until"]))
    question = result["next_question"]
    if isinstance(question, Mapping):
        labels = "、".join(str(option["label"]) for option in _rows(question["options"]))
        yield f"下一个问题:{question['question']}{f'({labels})' if labels else ''}"


def _why(row: Json) -> str:
    failed = set(_list(row["failed"]))
    if failed:
        texts = [str(c["text"]) for c in _rows(row["conditions"]) if c["id"] in failed]
        return f"(不符合:{';'.join(texts)})"
    missing = _list(row["missing"])
    return f"(还要知道:{'、'.join(map(str, missing))})" if missing else ""


def sum_of(result: Json) -> str:
    """Return the sum of a determination with its word (最多, 每年, 一次性)."""
    if result["in_force"] is False:
        past = {key: result[f"historic_{key}"] for key in ("amount_yuan", "min_yuan", "max_yuan")}
        return f"当时{_sum({**result, **past})}" if set(past.values()) != {None} else "现在没有金额"
    return _sum(result)


def _sum(result: Json) -> str:
    amount, low, high = result["amount_yuan"], result["min_yuan"], result["max_yuan"]
    paid = f"({result['paid']})" if result["paid"] else ""
    if result["kind"] == "none":
        return "0元"
    if amount is not None:
        return f"{'最多' if result['kind'] == 'cap' else ''}{amount}元{paid}"
    if low is not None:
        return f"{low}元到{high}元之间{paid}" if high is not None else f"{low}元以上,原文没有上限{paid}"
    return "原文没有写金额" if result["kind"] == "not_in_text" else "不涉及金额"


def _rows(value: object) -> Sequence[Json]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else ()


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
