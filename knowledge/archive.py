"""What was known when an answer was given, kept under a name made of its content.

An answer names the version it rests on; years later `python app.py verify` holds it against that file.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path

from knowledge.corpus import Corpus, target_period
from knowledge.programs import Program, Programs
from knowledge.regions import Regions
from knowledge.types import Clause, Policy, RegionLevel

_LENGTH = 16  # hexadecimal digits of a version's name


def content(programs: Programs, regions: Regions, sentences: Mapping[str, str], label: str) -> bytes:
    """Return everything that answers may rest on, as JSON; the same knowledge gives the same bytes.

    `sentences` are the fixed ones by name, `label` the mark that every answer carries.
    """
    corpus = Corpus(programs.policies)
    known = {
        "label": label,
        "sentences": dict(sentences),
        "questions": {name: fact.question for name, fact in programs.facts.items()},
        "regions": {code: regions.get(code).name for code in regions.codes},
        "places": sorted(set(_places(regions))),
        "policies": {name: _policy(policy, corpus) for name, policy in programs.policies.items()},
        "programs": {name: _program(program, programs) for name, program in programs.programs.items()},
    }
    return _canonical(_plain(known))


def version(archived: bytes) -> str:
    """Return the name of a version: a digest of its content."""
    return hashlib.sha256(archived).hexdigest()[:_LENGTH]


def keep(folder: Path, archived: bytes) -> str:
    """Keep a version in `folder`, once; return its name. A half-written file never gets the name."""
    name = version(archived)
    path = folder / f"{name}.json.gz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{name}.{os.getpid()}"
        half.write_bytes(gzip.compress(archived, mtime=0))
        half.replace(path)
    return name


def read(folder: Path, name: str) -> dict[str, object]:
    """Return a kept version.

    Raises:
        FileNotFoundError: that version was not kept here.
        ValueError: the file is not what its name says.
    """
    archived = gzip.decompress((folder / f"{name}.json.gz").read_bytes())
    if version(archived) != name:
        raise ValueError(f"{name}.json.gz holds version {version(archived)}: the file was changed")
    known: dict[str, object] = json.loads(archived)
    return known


def code(answer: Mapping[str, object]) -> str:
    """Return the short code that stands for all that an answer's JSON says: QK7M-3RTA."""
    said = {name: value for name, value in answer.items() if name != "code"}
    letters = base64.b32encode(hashlib.sha256(_canonical(said)).digest()[:5]).decode()
    return f"{letters[:4]}-{letters[4:]}"


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _places(regions: Regions) -> Iterator[str]:
    """Yield every name that an answer may give a place: 杭州市, 杭州市西湖区."""
    for place in map(regions.get, regions.codes):
        district = place.level is RegionLevel.DISTRICT and place.parent
        yield f"{regions.get(district).name}{place.name}" if district else place.name


def _policy(policy: Policy, corpus: Corpus) -> dict[str, object]:
    begins = policy.valid_from or policy.issued_on
    return {
        "says": {  # the ways in which a fact about the document may be written
            "title": [policy.title.value],
            "number": [policy.number.value] if policy.number else [],
            "issuer": [issuer.value for issuer in policy.issuers],
            "valid_to": _days(policy.valid_to),
            "begins": _days(begins),
            "issued_day": _days(policy.issued_on),
            "issued_on": [str(policy.issued_on.year)] if policy.issued_on else [],
        },
        "clauses": {clause.clause_id: _clause(policy, clause, corpus) for clause in policy.clauses},
    }


def _days(day: date | None) -> list[str]:
    return [f"{day.year}年{day.month}月{day.day}日"] if day else []


def _clause(policy: Policy, clause: Clause, corpus: Corpus) -> dict[str, object]:
    period = target_period(policy, clause.clause_id)
    return {
        "start": clause.start,
        "text": clause.text,
        "label": [clause.label],
        "heading": [clause.heading],
        "period": _days(period.until) if period else [],
        "unsaid": [p.unsaid for p in policy.phrasings.get(clause.clause_id, ()) if p.unsaid],
        "plain": policy.plain.get(clause.clause_id, ()),
        "cited": {
            "label": clause.label,
            "title": policy.title.value,
            "number": policy.number.value if policy.number else None,
            "issuer": policy.issuers[0].value if policy.issuers else None,
            "url": f"/policies/{policy.policy_id}#{clause.clause_id}",
            "valid_from": policy.valid_from,
            "valid_to": policy.valid_to,
        },
        "validity": [(day, corpus.status(policy, day, clause.clause_id)) for day in _turns(policy, corpus)],
    }


def _turns(policy: Policy, corpus: Corpus) -> list[date]:
    """Return the days from which the document's validity may be another, the earliest first."""
    ends = (policy.valid_to, *(period.until for period in policy.periods))
    begins = (d for other in corpus.policies.values() for d in (other.valid_from, other.issued_on))
    days = {date.min, *(end + timedelta(days=1) for end in ends if end), *(day for day in begins if day)}
    return sorted(days)


def _program(program: Program, programs: Programs) -> dict[str, object]:
    policy = programs.policies[program.policy_id]
    return {
        "fixed": {
            "title": program.title,
            "policy": program.policy_id,
            "clause": program.clause,
            "paid": program.paid,
            "unit": program.unit,
            "quote": program.quote,
            "unverified": [item.text for item in program.unverified],
            "reviewed_by": program.reviewed_by,
        },
        "first_day": policy.valid_from,
        "last_day": program.window.until if program.window else policy.valid_to,
        "conditions": program.conditions,
        "figures": {
            name: [{"since": dated.since, "value": dated.value} for dated in parameter.values]
            for name, parameter in program.parameters.items()
        },
        "by": program.amount.facts.get("by"),
        "cases": program.amount.cases,
    }


def _plain(value: object) -> object:
    """Return `value` in JSON types; figures as they are written, so that no float touches them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Sequence | frozenset) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal | date) else value
