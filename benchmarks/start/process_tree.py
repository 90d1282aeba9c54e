"""The processes of a running installation: their processor time and their memory."""

import psutil

MIB = 2**20


class ProcessTree:
    """A process and all its descendants, sampled.

    The processor time of a process that has ended is what its last sample showed: Ray's workers end without their
    parent adding up their times.
    """

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._seconds: dict[tuple[int, float], float] = {}

    def processor_s(self) -> float:
        """Take a sample; return the processor time that the processes of all samples have used, in seconds."""
        for process in self._processes():
            try:
                times = process.cpu_times()
                self._seconds[process.pid, process.create_time()] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
        return sum(self._seconds.values())

    def memory(self) -> tuple[float, int]:
        """Return the summed PSS in MiB, shared pages counted once, and the number of processes."""
        total, count = 0.0, 0
        for process in self._processes():
            try:
                total += process.memory_full_info().pss / MIB
                count += 1
            except psutil.Error:
                continue
        return total, count

    def kill(self) -> None:
        """End what still runs."""
        for process in self._processes():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue

    def _processes(self) -> list[psutil.Process]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
