"""A small test registry: tests are functions with a name; the runner prints a line for each, which tools/vm-test counts."""

import fnmatch
import time
import traceback

TESTS = []


class Failure(Exception):
    """What a test expected and did not find."""


def test(name, needs=None):
    """Registers a test. `needs` is "daemon" where the test takes the daemon's fixture; otherwise it takes nothing.

    A test may return one line about what it measured.
    """
    def register(function):
        TESTS.append((name, needs, function))
        return function
    return register


def expect(condition, message):
    if not condition:
        raise Failure(message)


def expect_equal(value, wanted, what):
    expect(value == wanted, f"{what} is {value!r}, not {wanted!r}")


def expect_within(value, low, high, what):
    expect(low <= value <= high, f"{what} is {value:.6g}, not within {low}…{high}")


def say(line):
    """A line for the host: tools/vm-test shows those that begin so, and keeps the rest for when the guest breaks."""
    print(f"@ {line}", flush=True)


def selected(wanted):
    return [entry for entry in TESTS if not wanted or any(entry[0].startswith(each) or fnmatch.fnmatch(entry[0], each) for each in wanted)]


def run(tests, make_fixture):
    """Runs the tests in their order and returns how many failed. `make_fixture` is called once, before the first test that needs one."""
    fixture = None
    failed = 0
    try:
        for name, needs, function in tests:
            began = time.monotonic()
            try:
                if needs == "daemon" and fixture is None:
                    fixture = make_fixture()
                note = function(fixture) if needs == "daemon" else function()
                say(f"ok {name} ({time.monotonic() - began:.1f} s){': ' + note if note else ''}")
            except Exception as error:  # pylint: disable=broad-exception-caught
                failed += 1
                say(f"FAILED {name} ({time.monotonic() - began:.1f} s): {type(error).__name__}: {error}")
                traceback.print_exc()
                if fixture:
                    for line in fixture.explain_failure(name):
                        say(f"    {line}")
    finally:
        if fixture:
            fixture.close()
    return failed
