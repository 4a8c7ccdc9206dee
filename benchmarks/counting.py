"""Time the reading and the counting of a million ballots: `python -m benchmarks.counting [BALLOTS]`.

Where `pref_voting` is installed, the same is counted with it, for comparison (say fewer ballots then: 100000).
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hemicycle_votes.counting import Method, Rankings, count
from hemicycle_votes.reading import read

CANDIDATES = 8


def write(path: Path, ballots: int) -> None:
    """A .soi file with one line for each ballot: random orders of random length, nothing put together before."""
    chance, numbers = random.Random(7), range(1, CANDIDATES + 1)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"# ALTERNATIVE NAME {one}: Candidate {one}\n" for one in numbers)
        for _ in range(ballots):
            order = chance.sample(numbers, chance.randint(1, CANDIDATES))
            file.write(f"1: {','.join(map(str, order))}\n")


def timed(label: str, work: Callable[[], Any]) -> Any:
    start = time.process_time()
    done = work()
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"| {label} | {seconds:.2f} | {memory} |", flush=True)
    return done


def main() -> None:
    ballots = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{ballots:,} ballots of {CANDIDATES} candidates\n\n| work | CPU s | peak MB so far |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ballots.soi"
        write(path, ballots)
        profile = timed("reading", lambda: read(path))
    print(f"| (different ballots: {len(profile.ballots):,}) | | |")
    for method in (Method.IRV, Method.SCHULZE, Method.STV, Method.PLURALITY):
        timed(method.value, lambda method=method: count(profile, method))  # type: ignore[misc]
    if find_spec("pref_voting"):
        beside(profile)


def beside(profile: Rankings) -> None:
    """The same ballots, put together as well, with pref_voting."""
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.profiles_with_ties import ProfileWithTies
    from pref_voting.voting_methods import instant_runoff_for_truncated_linear_orders as runoff

    def theirs() -> Any:
        orders = [{one: at for at, (one,) in enumerate(order)} for order in profile.ballots]
        made = ProfileWithTies(orders, list(profile.ballots.values()), candidates=list(range(CANDIDATES)))
        made.use_extended_strict_preference()
        return made

    made = timed("pref_voting: profile", theirs)
    timed("pref_voting: irv", lambda: runoff(made))
    timed("pref_voting: schulze", lambda: beat_path(made))


if __name__ == "__main__":
    main()
