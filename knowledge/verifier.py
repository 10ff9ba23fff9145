"""An answer against the knowledge it names: every word, figure, quote, day and verdict is derived again.

It shares no code with what answers: it reads the answer's JSON and the archive's, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from knowledge.archive import code
from knowledge.recalculation import recalculated

Json = Any  # an answer, or what the archive holds
_PLACE = re.compile(r"([^#]+)#([^@]+)@(\d+)-(\d+)(?:/(\w+)@(\d+)-(\d+))?")
_STEP = re.compile(r"(.+)@([^:]+):(\w+)(?:\.(\d+))?")
_SLOT = re.compile(r"\{\w+\}")
_SAYS_MORE = re.compile(r"[\d%《》〔〕零一二两三四五六七八九十百千万亿]")  # a figure or a document
_LEADS = {"", "answer.lead", "answer.can_i", "answer.premise", "personal.rule"}  # something has to follow
_ENDINGS = {"ended": "_ended", "repealed": "_ended", "period_over": "_period_over", "not_yet": "_not_yet"}


def problems(answer: Json, known: Json, *, sealed: bool = True) -> Iterator[str]:
    """Yield in Chinese what is wrong with an answer; with `sealed`, also a code that is not its own."""
    if sealed and answer["code"] != code(answer):
        yield f"短码应为 {code(answer)},写的是 {answer['code']}:内容被改过"
    cited = {(c["policy"], c["clause"]) for c in answer["citations"]}
    used = {place.groups()[:2] for proof in answer["proof"] if (place := _PLACE.fullmatch(proof["ref"]))}
    yield from (f"用了没有引用的条款 {'#'.join(one)}" for one in used - cited)
    yield from _words(answer, known)
    yield from _left_out(answer, known)
    yield from _broken_off(answer, known)
    for cite in answer["citations"]:
        yield from _citation(cite, answer["as_of"], known)
    allowed = {"answered" + _ENDINGS.get(cite["validity"], "") for cite in answer["citations"]}
    if allowed and answer["status"].startswith("answered") and answer["status"] not in allowed:
        yield f"状态 {answer['status']} 与所引文件的效力不符"
    if answer["label"] != known["label"] or set(answer["regions"]) - set(known["places"]):
        yield f"地区或标识被改过:{answer['regions']} {answer['label']}"
    for ask in answer["asks"]:
        if ask["question"] != known["questions"].get(ask["fact"].rpartition(".")[2], ask["question"]):
            yield f"追问被改过:{ask['question']}"
    for made in answer["calculations"]:
        yield from recalculated(made, answer, known)
    if answer["verdict"] in ("met", "not_met") and answer["verdict"] not in {
        m["eligibility"] for m in answer["calculations"]
    }:
        yield f"结论 {answer['verdict']} 没有一项计算支持"


def _citation(cite: Json, day: str, known: Json) -> Iterator[str]:
    policy = known["policies"].get(cite["policy"], {"clauses": {}})
    clause = policy["clauses"].get(cite["clause"])
    same = clause and all(cite[name] == value for name, value in clause["cited"].items())
    if not same or not cite["quote"] or cite["quote"] not in clause["text"]:
        yield f"引用与存档不符:{cite['policy']}#{cite['clause']}"
    elif cite["validity"] != [status for since, status in clause["validity"] if since <= day][-1]:
        yield f"{cite['policy']} 在 {day} 的效力不是 {cite['validity']}"


# ── the words ────────────────────────────────────────────────────────────────────────────────


def _words(answer: Json, known: Json) -> Iterator[str]:
    """Every character has a source that says it, and no fixed sentence lost a piece."""
    place, before, turns = 0, "", dict[str, int]()
    manners = any(proof["source"] == "manners" for proof in answer["proof"])  # a model's words around ours
    for proof in answer["proof"]:
        (start, end), ref = proof["span"], proof["ref"]
        said = answer["text"][start:end]
        bland = proof["source"] == "manners" and not _SAYS_MORE.search(said)
        if start != place or (not bland and said not in _sources(proof["source"], ref, answer, known)):
            yield f"第 {place} 个字起的“{said}”不是 {ref} 的原话"
        place = end
        if (
            proof["source"] == "fixed"
            and not manners
            and (pieces := [piece for piece in _pieces(ref, known) if piece])
        ):
            turn = turns.get(ref, 0)
            if pieces[turn] != said or (turn and before == ref):
                yield f"固定句 {ref} 在“{said}”前缺了一段"
            turns[ref] = (turn + 1) % len(pieces)
            if said == "。" and before in _LEADS:
                yield f"{before} 后面没有内容"
        before = ref
    yield from (f"固定句 {ref} 没有说完" for ref, turn in turns.items() if turn)
    if place != len(answer["text"]):
        yield f"第 {place} 个字以后没有出处"


def _left_out(answer: Json, known: Json) -> Iterator[str]:
    """Where a document is named in full its subject opens: its notice and to whom it gives belong to it."""
    refs = [proof["ref"] for proof in answer["proof"]]
    if not any(ref.endswith(":title") for ref in refs) or "compare.head" in refs:
        return
    stale = [c for c in answer["citations"] if c["validity"] not in ("in_force", "unstated")]
    if len(stale) == 1 == len(answer["citations"]) and not any(ref.startswith("notice.") for ref in refs):
        yield f"没有说明 {stale[0]['policy']} 已经不在期内"
    for given in {ref.partition("/")[0] for ref in refs if "/gives@" in ref}:
        to = _sources("plain", f"{given}/to@0-999", answer, known)
        if to and to[0] not in answer["text"]:
            yield f"漏了给谁:{to[0]}"


def _broken_off(answer: Json, known: Json) -> Iterator[str]:
    """Yield plain words that lack a part, other than members of a list that nobody asked for."""
    told: dict[str, int] = {}
    for place in (place for proof in answer["proof"] if (place := _PLACE.fullmatch(proof["ref"]))):
        if place[5] in ("gives", "to"):
            field, start, end = place[0].rpartition("@")[0], int(place[6]), int(place[7])
            last = told.get(field, 0) if start else 0  # from its beginning it may be told once more
            whole = "".join(_sources("plain", f"{field}@0-999", answer, known))
            if start != last and not _members(whole[last:start]):
                yield f"白话少了“{whole[last:start]}”"
            told[field] = end
    for field, last in told.items():
        whole = "".join(_sources("plain", f"{field}@0-999", answer, known))
        if whole[last:] and not _members(whole[last:]):
            yield f"白话少了“{whole[last:]}”"


def _members(gap: str) -> bool:
    """Whether what was left out begins or ends as a member of a list does: 、博士10万元."""
    return gap.startswith("、") or gap.endswith("、")


def _pieces(name: str, known: Json) -> list[str]:
    return _SLOT.split(known["sentences"].get(name, ""))


def _sources(source: str, ref: str, answer: Json, known: Json) -> list[str]:
    """Return the words that a span of this source may say."""
    if at := _PLACE.fullmatch(ref):
        clause = (
            known["policies"]
            .get(at[1], {"clauses": {}})["clauses"]
            .get(at[2], {"start": 0, "text": "", "plain": []})
        )
        start, end = int(at[3]), int(at[4])
        plain = [p[at[5]] for p in clause["plain"] if at[5] in p and (p["start"], p["end"]) == (start, end)]
        verbatim = (
            clause["text"][start - clause["start"] : end - clause["start"]]
            if start >= clause["start"]
            else ""
        )
        return (
            [words[int(at[6]) : int(at[7])] for words in plain] if source == "plain" else [verbatim or "\0"]
        )
    if source == "step" and (at := _STEP.fullmatch(ref)):
        made = [m for m in answer["calculations"] if (m["program"], m["determination_id"]) == at.groups()[:2]]
        return [words for each in made for words in _parts(each, at[3], int(at[4] or 0))]
    if source == "metadata":
        policy, name, clause_id = [*ref.split(":"), ""][:3]
        says = known["policies"].get(policy, {"says": {}, "clauses": {}})
        return [*says["says"].get(name, ()), *says["clauses"].get(clause_id, {}).get(name, ())]
    year, month, day = answer["as_of"].split("-")
    return {
        "fixed": _pieces(ref, known), "person": [ref], "region": [known["regions"].get(ref)],
        "day": [f"{int(year)}年{int(month)}月{int(day)}日"] * (ref == answer["as_of"]),
        "question": [known["questions"].get(ref.rpartition(".")[2])],
    }.get(source, [])  # fmt: skip


def _parts(made: Json, name: str, number: int) -> list[str]:
    """Return the ways in which a part of a calculation may be written."""
    exact = [
        Decimal(made[k])
        for k in ("amount_yuan", "historic_amount_yuan", "if_met_yuan")
        if made.get(k) is not None
    ][:1]
    most = [Decimal(made[k]) for k in ("max_yuan", "historic_max_yuan") if made.get(k)][:1]
    runs = re.split("[,:]", made["steps"][number]) if name == "detail" else []
    lists = {
        "sum": [_yuan(value) for value in exact] or [f"最多{_yuan(value)}" for value in most],
        "amount": [_yuan(value) for value in exact], "yuan": [f"{value:,}" for value in exact],
        "title": [made["title"]], "paid": [made["paid"]],
        "detail": [",".join(runs[i:j]) for i in range(len(runs)) for j in range(i + 1, len(runs) + 1)],
    }  # fmt: skip
    listed = {"step": made["steps"], "unverified": made["unverified"]}
    listed["failed"] = [c["text"] for c in made["conditions"] if c["id"] in made["failed"]]
    listed["change"] = [change["text"] for change in made.get("changes", [])]
    return lists[name] if name in lists else listed.get(name, [])[number : number + 1]


def _yuan(value: Decimal) -> str:
    if value >= 10000 and value % 100 == 0:
        return f"{(value / 10000).normalize():f}万元"
    return f"{value:.0f}元" if value == value.to_integral_value() else f"{value:.2f}元"
