"""Runs the tests; `tools/page-test` says how. The last line has the counts."""

import argparse
import os
import sys
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))


def named(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from named(each)
        else:
            yield each


def main():
    parser = argparse.ArgumentParser(prog="page-test")
    parser.add_argument("names", nargs="*", help="parts of the names of the wanted tests; none means all")
    names = parser.parse_args().names
    tests = list(named(unittest.defaultTestLoader.discover(FOLDER)))
    chosen = unittest.TestSuite(test for test in tests if not names or any(name in test.id() for name in names))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(chosen)
    failed = len({test.id() for test, _ in result.failures + result.errors})
    if result.testsRun == 0 and not result.skipped:
        failed += 1
        print("page-test: no test has such a name")
    passed = max(0, result.testsRun - failed - len(result.skipped))
    print(f"page-test: {passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
