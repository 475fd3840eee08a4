"""Runs the tests in the guest; see README.md. `--list` prints their names."""

import argparse
import importlib
import sys

import registry

# In the order in which they run: what the others stand on comes first, what takes longest last.
SUITES = ["test_guest", "test_camera", "test_microphone", "test_alignment"]
LONG = ["test_engine", "test_stamps"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--needs-daemon", action="store_true", help="only says, by its status, whether a wanted test needs the daemon")
    parser.add_argument("--aurald", default="/run/repository/.build/release/aurald")
    parser.add_argument("--bundle", default="/run/repository/.vm/bundle")
    parser.add_argument("--output", default="/tmp", help="where configurations, logs and records go")
    parser.add_argument("--all", action="store_true", help="also the tests with real networks, which take some ten minutes")
    parser.add_argument("names", nargs="*", help="what the names of the wanted tests begin with, or patterns; none means all")
    arguments = parser.parse_args()
    for suite in SUITES + LONG * arguments.all:
        importlib.import_module(suite)
    tests = registry.selected(arguments.names)
    if arguments.list:
        print("\n".join(name for name, _, _ in tests))
        return 0
    if arguments.needs_daemon:
        return 0 if any(needs for _, needs, _ in tests) else 1
    daemon = importlib.import_module("daemon")
    return 1 if registry.run(tests, lambda: daemon.Fixture(arguments.aurald, arguments.bundle, arguments.output)) else 0


sys.exit(main())
