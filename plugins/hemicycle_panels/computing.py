"""The lottery in a process of its own: it may take minutes, tells how far it is, and ends with whoever asked for it.

The parent writes one line of JSON to the child's standard input and keeps it open for as long as it waits; the child
answers in lines: {"progress": …}, and in the end {"done": …} or {"failed": …}. The same question has the same answer.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

LINE = 1 << 28  # bytes of an answer, at most: a lottery of ten thousand panels has some millions
Progress = Callable[[str], None]


class CannotCompute(Exception):
    """Why there is no lottery: what stands in the way, and what to do."""


async def compute(question: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """The lines of the child, as they come; the last one is {"done": …}. Raises CannotCompute.

    question: {people: [[value of each feature]], features, quotas: [[feature, value, min, max, flex min, flex max]],
    size, algorithm, lottery_size, seconds, households, key, root}. The number of a person is their place in `people`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"from {__name__} import child; child()",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(question).encode() + b"\n")
        await process.stdin.drain()
        async for line in process.stdout:
            told: dict[str, Any] = json.loads(line)
            if "failed" in told:
                raise CannotCompute(told["failed"])
            yield told
            if "done" in told:
                return
        raise RuntimeError(f"the lottery's process ended with exit code {await process.wait()}: see its messages above")
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def answer(question: dict[str, Any], progress: Progress = lambda _: None) -> dict[str, Any]:
    """The first lines of the transcript, and what is told of the lottery. Raises CannotCompute."""
    try:
        from hemicycle_panels.lottery.lottery import make_lottery
        from hemicycle_panels.lottery.pool import LotteryError
        from hemicycle_panels.transcript.record import first_lines
    except ImportError as error:
        raise CannotCompute(
            f"The lottery needs {error.name}: pip install 'hemicycle[panels]', then try again."
        ) from None
    try:
        pool, relaxed = _pool(question)
        lottery = make_lottery(pool, question["algorithm"], question["lottery_size"], progress, question.get("seconds"))
    except LotteryError as error:
        raise CannotCompute(str(error)) from None
    numbers = list(range(len(pool.people)))
    chances = [lottery.probabilities[one] for one in numbers]
    return {
        "lines": first_lines(question["key"], pool, lottery, numbers, question["root"]),
        "relaxed": relaxed,
        "probabilities": chances,
        "told": {
            "algorithm": lottery.algorithm, "solver": lottery.solver, "min_probability": min(chances),
            "max_probability": max(chances), "gini": lottery.gini, "certificate_gap": lottery.certificate_gap,
            "deviation": lottery.deviation, "lottery_size": len(lottery.panels),
        },
    }  # fmt: skip


def _pool(question: dict[str, Any]) -> tuple[Any, list[str]]:
    """The pool; where no panel keeps all quotas, with the smallest change, if the flex of its quotas has room for it.
    The changes are told."""
    from hemicycle_panels.lottery.pool import Person, Pool, Quota
    from hemicycle_panels.lottery.relaxation import feasible, relaxations

    features, profiles = question["features"], question["people"]
    homes = question.get("households") or [None] * len(profiles)
    people = [
        Person(at, dict(zip(features, values, strict=True)), home)
        for at, (values, home) in enumerate(zip(profiles, homes, strict=True))
    ]
    pool = Pool(people, [Quota(*one[:4]) for one in question["quotas"]], question["size"])
    if feasible(pool):
        return pool, []
    flex = {(one[0], one[1]): (one[4], one[5]) for one in question["quotas"]}
    changes = next((
        ways for one in relaxations(pool)
        if (ways := {(change.quota.feature, change.quota.value): change for change in one})
        and all(flex[key][0] <= change.minimum and change.maximum <= flex[key][1] for key, change in ways.items())
    ), None)  # fmt: skip
    if changes is None:
        return pool, []  # make_lottery then says what stands in the way
    quotas = [
        Quota(one.feature, one.value, known.minimum, known.maximum)
        if (known := changes.get((one.feature, one.value)))
        else one
        for one in pool.quotas
    ]
    return Pool(people, quotas, question["size"]), [str(one) for one in changes.values()]


def child() -> None:
    """The child's side: one question from standard input, its answer in lines on standard output."""
    question = json.loads(sys.stdin.buffer.readline())

    def until_the_end() -> None:
        sys.stdin.buffer.read()
        os._exit(1)  # whoever asked is gone

    threading.Thread(target=until_the_end, daemon=True).start()

    def tell(**said: Any) -> None:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()

    try:
        tell(done=answer(question, lambda now: tell(progress=now)))
    except CannotCompute as error:
        tell(failed=str(error))
