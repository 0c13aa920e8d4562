"""Scheduler: the way to a Dask cluster, somebody's or one of our own on this machine."""

import contextlib
import importlib
import logging
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any, Final

from summarizer.errors import ConfigurationError, UsageError

DEATHS: Final = 100
"""Workers that may die on a shard before it counts as failed: most die of something else."""

REACH_SECONDS: Final = 5
"""How long an answer of the scheduler is waited for."""


@contextlib.contextmanager
def open_cluster(address: str | None, *, workers: int | None) -> Iterator[Any]:
    """A client of the scheduler there, or of one that is started here with its own processes.

    Raises UsageError without the extra, ConfigurationError where nobody answers, or where Python
    or Dask there differ from those here.
    """
    distributed = load_distributed()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        if address is None:
            count = workers or os.cpu_count() or 1
            address = stack.enter_context(_start_here(distributed, count)).scheduler_address
        client = stack.enter_context(_connect(distributed, address))
        _compare_versions(client, address)
        client.run_on_scheduler(_forgive, deaths=DEATHS)
        yield client


def load_distributed() -> Any:  # it has no types that hold
    """The library; UsageError that says how to get it."""
    try:
        return importlib.import_module("distributed")
    except ModuleNotFoundError as error:
        raise UsageError(
            "--engine dask needs the extra: pip install 'agreements-summarizer[dask]'"
        ) from error


@contextlib.contextmanager
def _start_here(distributed: Any, workers: int) -> Iterator[Any]:
    """A cluster on this machine, for this run only; Ctrl-C is for the program, not its workers."""
    with _ignoring_interrupts():
        cluster = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,  # weights are mapped by every worker: that is no reason to kill one
            silence_logs=logging.CRITICAL,
        )
    with cluster:
        yield cluster


@contextlib.contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _connect(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=REACH_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # OSError: TimeoutError is one
        told = " ".join(str(error).split()) or "nobody answers"
        raise ConfigurationError(f"no Dask scheduler is reached at {address}: {told}") from error
    with client:
        yield client


def _compare_versions(client: Any, address: str) -> None:
    """Raise ConfigurationError where the other side could not read what is sent."""
    found = client.get_versions(check=False)
    here = _choose_versions(found["client"])
    others = {"the scheduler": found["scheduler"], **found["workers"]}
    for name, told in others.items():
        there = _choose_versions(told) if told else here
        for package, version in here.items():
            if there[package] != version:
                raise ConfigurationError(
                    f"versions differ: {package} is {version} here and {there[package]} on "
                    f"{name} at {address}; install the same everywhere"
                )


def _choose_versions(told: Any) -> dict[str, str]:
    """Python by its minor version, Dask's two parts whole."""
    python = ".".join(str(told["host"]["python"]).split(".")[:2])
    return {"Python": python, **{name: told["packages"][name] for name in ("dask", "distributed")}}


def _forgive(dask_scheduler: Any, *, deaths: int) -> None:
    dask_scheduler.allowed_failures = deaths


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own lines on stderr are about its insides; what matters is said by us."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
