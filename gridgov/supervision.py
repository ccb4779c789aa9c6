"""Programs kept running together until a signal says stop: restarted when they end, never orphaned.

Each runs in a session of its own, so that Ctrl-C reaches it through us and once, and so that
what it leaves behind can be ended by its process group.
"""

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 8
STEADY_SECONDS = 60  # having run so long, a program's earlier failures are forgotten
LONGEST_PAUSE_SECONDS = 30
TICK_SECONDS = 0.5


@dataclass
class Program:
    """One program to keep running, and how it went so far."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    failures: int = 0
    started_at: float = field(default=0.0)
    start_at: float = field(default=0.0)

    def start(self) -> None:
        parent = os.getpid()

        def prepare() -> None:
            end_with_parent(signal.SIGTERM)
            if os.getppid() != parent:  # it ended before we asked to be told
                os._exit(1)

        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=prepare)
        self.started_at = time.monotonic()

    def note_end(self) -> None:
        """End what it left behind, and say when it starts again: after 1, 2, 4, … at most 30 seconds."""
        code = self.process.returncode
        self._signal_group(signal.SIGKILL)
        self.process = None
        ran_s = time.monotonic() - self.started_at
        self.failures = 1 if ran_s > STEADY_SECONDS else self.failures + 1
        pause_s = min(2 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
        self.start_at = time.monotonic() + pause_s
        print(
            f"{self.name} 已退出({code}),{pause_s} 秒后重新启动。 / "
            f"{self.name} ended ({code}), starting it again in {pause_s} s.",
            file=sys.stderr, flush=True,
        )

    def stop(self, deadline: float) -> None:
        """Wait for its end until `deadline` (monotonic seconds), then end it and all that it started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._signal_group(signal.SIGKILL)
        self.process.wait()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def _signal_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def end_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Have the system send `number` to this process when its parent dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def keep_running(programs: Sequence[Program], on_tick: Callable[[], None]) -> None:
    """Run `programs` until SIGINT, SIGTERM or SIGHUP, then stop them.

    `on_tick` is called every half second; what it raises stops the programs too.
    """
    with _signals() as wait_for_signals:
        try:
            while not wait_for_signals(TICK_SECONDS) & set(STOP_SIGNALS):
                for program in programs:
                    _look_after(program)
                on_tick()
        finally:
            for program in programs:
                program.ask_to_stop()
            deadline = time.monotonic() + STOP_SECONDS
            for program in programs:
                program.stop(deadline)


def _look_after(program: Program) -> None:
    if program.process is None:
        if time.monotonic() >= program.start_at:
            program.start()
    elif program.process.poll() is not None:
        program.note_end()


@contextmanager
def _signals() -> Iterator[Callable[[float], set[int]]]:
    """A function that waits some seconds, at most, for signals and returns their numbers.

    Signals come as bytes through a socket: nothing is interrupted in the middle of its work.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    watched = (*STOP_SIGNALS, signal.SIGCHLD)
    before = {number: signal.signal(number, lambda *_: None) for number in watched}
    wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)

    def wait(seconds: float) -> set[int]:
        readable, _, _ = select.select([reader], [], [], seconds)
        return set(reader.recv(4096)) if readable else set()

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        reader.close()
        writer.close()
