"""Checking many certificates: those not known from before, file by file, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from derivations.certify.certificate import Certificate
from derivations.certify.coqc import Checked, check, compile_library
from derivations.certify.store import Store


def check_all(
    certificates: Sequence[Certificate], store: Store, jobs: int, on_checked: Callable[[str], None]
) -> dict[str, Checked]:
    """What Coq says of each certificate, by key; raises NoCoq.

    ``on_checked`` hears of each.
    """
    compile_library(store.library)
    found: dict[str, Checked] = {}
    stopping = Event()

    def keep(checked: Checked) -> None:
        if stopping.is_set():  # Coq was interrupted, and did not say no
            raise InterruptedError
        if checked.accepted:
            store.keep(checked)
        found[checked.certificate.key] = checked
        on_checked(checked.certificate.key)

    waiting: dict[str, list[Certificate]] = {}
    for certificate in certificates:
        known = store.find(certificate)
        if known is None:
            waiting.setdefault(certificate.file, []).append(certificate)
        else:
            keep(known)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        largest_first = sorted(waiting.items(), key=lambda item: -len(item[1]))
        futures = [
            pool.submit(check, each, store.library, Path(folder) / f"{name}.v", keep)
            for name, each in largest_first
        ]
        try:
            for future in futures:
                future.result()
        except BaseException:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found
