"""A process of its own that adds turns: writer.py URL CONVERSATION_ID TURNS THREADS.

It says "ready", opens the records when a line comes in, and prints each answer id once stored.
"""

from __future__ import annotations

import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

from bot.records.store import Records


def main(url: str, conversation_id: str, turns: int, threads: int) -> None:
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    with closing(Records.open(url)) as records, ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda n: _add(records, conversation_id, n), range(turns)))


def _add(records: Records, conversation_id: str, number: int) -> None:
    answer_id = secrets.token_hex(16)
    answer = {"answer_id": answer_id, "text": "可以。" * 500}
    records.add_turn(conversation_id, answer_id, f"第{number}问", answer, datetime.now(UTC))
    sys.stdout.write(f"{answer_id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
