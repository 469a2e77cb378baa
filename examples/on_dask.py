"""Many derivations on more than one machine, by Dask's scheduler; here two workers of this one.

    python -m examples.on_dask

`check_many` takes any executor of the shape of ``concurrent.futures``, which a client of Dask is
asked for. The reports are the same as in a pool of processes, and come in the same order.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from derivations import Report, check_many

TEXTS = [f"$$(a + b)^2 = a^2 + {number} a b + b^2$$\n" for number in range(4)] + [
    "$$a = \\foo$$",
    "no formula",
]
GIVEN = "scalar a, b"


def on_dask(texts: Sequence[str], given: str, workers: int = 2) -> list[Report]:
    """The reports of texts that are judged by the workers of a cluster."""
    from dask import config
    from distributed import Client, LocalCluster

    config.set({"distributed.worker.daemon": False})  # each text has a process of its own
    settings = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**settings) as cluster, Client(cluster) as client:
        return list(check_many(texts, given, executor=client.get_executor()))


def main() -> None:
    """Judge some texts and print their verdicts."""
    try:
        found = on_dask(TEXTS, GIVEN)
    except ModuleNotFoundError:
        sys.exit("this example needs distributed: pip install '.[dask]'")
    for report in found:
        print(report.error or ", ".join(f"{line.id} {line.verdict}" for line in report))


if __name__ == "__main__":
    main()
