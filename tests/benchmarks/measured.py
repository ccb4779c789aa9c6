"""Programs run for measuring, and what a load test gives."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    output: str
    wall_seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Load:
    per_second: float
    p50_ms: float
    p99_ms: float

    @classmethod
    def of(cls, latencies_s: list[float], seconds: float) -> "Load":
        p50, p99 = np.percentile(latencies_s, [50, 99]) * 1000
        return cls(len(latencies_s) / seconds, float(p50), float(p99))


def run(command: list[str]) -> Run:
    """Run `command` to its end; its standard output, time and peak memory. Raises when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}")
    return Run(output, time.perf_counter() - began, usage.ru_maxrss / 1024)
