"""A producer in a process of its own, as the tests use it."""

import json
import os
import subprocess
import sys

from registry import Failure

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "producers.py")


class Production:
    """Plays from the beginning to the end of a `with`."""

    def __init__(self, name, **settings):
        self.process = subprocess.Popen([sys.executable, "-B", PROGRAM, name, json.dumps(settings)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            self.process.wait()
            raise Failure(f"the producer failed: {answer['error']}")
        return answer

    def _ask(self, command):
        try:
            self.process.stdin.write(command + "\n")
        except BrokenPipeError:
            pass
        return self._answer()

    def hold_pictures(self):
        self._ask("hold")

    def resume_pictures(self):
        self._ask("resume")

    @property
    def events(self):
        """For each flash: its time, and the time at which its click was heard, in nanoseconds of CLOCK_MONOTONIC."""
        return self._ask("state")["events"]

    @property
    def late_ms(self):
        """By how much a picture came late, at most."""
        return self._ask("state")["late_ms"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
