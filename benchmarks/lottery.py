"""What a lottery costs, ten seeds of each shape: `python -m benchmarks.lottery [SHAPE …] [--seeds 10] [--peer PYTHON]`.

--peer names the Python of an environment with the package sortition-algorithms: its maximin is timed beside ours.
"""

import argparse
import csv
import json
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.pools import SHAPES, make
from hemicycle_panels.lottery.lottery import make_lottery
from hemicycle_panels.lottery.pool import Person, Pool, Quota

LIMIT = 900  # seconds that the peer is given
PEER = """
import csv, json, sys, time
from pathlib import Path
from sortition_algorithms import adapters, settings
from sortition_algorithms.committee_generation import find_distribution_maximin
folder, size = Path(sys.argv[1]), int(sys.argv[2])
data = adapters.CSVStringDataSource((folder / "categories.csv").read_text(), (folder / "respondents.csv").read_text())
select = adapters.SelectionData(data)
features, _ = select.load_features(size)
columns = next(csv.reader((folder / "respondents.csv").open()))
rules = settings.Settings(id_column="id", columns_to_keep=columns[1:], check_same_address=False,
                          selection_algorithm="maximin", solver_backend="highspy")
people, _ = select.load_people(rules, features)
started = time.perf_counter()
panels, weights, _ = find_distribution_maximin(features, people, size, [])
seconds, chances = time.perf_counter() - started, dict.fromkeys(people, 0.0)
for panel, weight in zip(panels, weights):
    for one in panel:
        chances[one] += weight
print(json.dumps({"seconds": seconds, "minimum": min(chances.values())}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=f"of {', '.join(SHAPES)}; all, when none is named")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--peer", help="the Python of an environment with sortition-algorithms")
    given = parser.parse_args()
    if unknown := sorted(set(given.shapes) - set(SHAPES)):
        parser.error(f"no shape is called {', '.join(unknown)}: there are {', '.join(SHAPES)}")
    print("| shape | seed | people / profiles / panel | ran | gap | minimum % | deviation | s | CPU s | peer |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for shape in given.shapes or SHAPES:
        for seed in range(1, given.seeds + 1):
            people, quotas, size = make(shape, seed)
            started, worked = time.perf_counter(), time.process_time()
            pool = Pool(people, quotas, size)
            one = make_lottery(pool)
            took, work = time.perf_counter() - started, time.process_time() - worked
            peer = _peer(given.peer, people, quotas, size) if given.peer else "–"
            print(f"| {shape} | {seed} | {len(people)} / {len(pool.counts)} / {size} | {one.algorithm} "
                  f"| {one.certificate_gap:.1e} | {100 * min(one.probabilities.values()):.3f} | {one.deviation:.5f} "
                  f"| {took:.1f} | {work:.1f} | {peer} |", flush=True)  # fmt: skip


def _peer(python: str, people: list[Person], quotas: list[Quota], size: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder, features = Path(name), list(people[0].features)
        _write(folder / "respondents.csv", ["id", *features], [[one.id, *one.features.values()] for one in people])
        bounds = [[one.feature, one.value, one.minimum, one.maximum] for one in quotas]
        _write(folder / "categories.csv", ["feature", "value", "min", "max"], bounds)
        try:
            done = subprocess.run(
                [python, "-c", PEER, name, str(size)], capture_output=True, text=True, timeout=LIMIT, check=False
            )
        except subprocess.TimeoutExpired:
            return f"> {LIMIT}"
        if done.returncode:
            return done.stderr.splitlines()[-1]
        told = json.loads(done.stdout.splitlines()[-1])
        return f"{told['seconds']:.1f}; minimum {100 * told['minimum']:.3f} %"


def _write(file: Path, head: list[str], rows: list[list[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([head, *rows])


if __name__ == "__main__":
    main()
