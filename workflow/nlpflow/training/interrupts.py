"""Signals that ask a training to save and stop: terminals, kill, Slurm's time limit."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


class Interrupts:
    """While it is entered a signal is only written down; the loop asks for it after every update.

    A second signal changes nothing: the state is saved all the same. This also holds for a process
    that was started with SIGINT ignored, as shells do with jobs in the background.
    """

    def __init__(self) -> None:
        self.received: str | None = None
        """The name of the last signal."""
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._previous = {number: signal.signal(number, self._receive) for number in SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            # None: a handler that was not installed from Python, and cannot be put back from it.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        # No message here: the signal may have come in the middle of writing another one.
        self.received = signal.Signals(number).name
