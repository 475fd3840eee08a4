# What tools/test and tools/sanitize share; sourced by them.

# build_tests ARGUMENTS…: `swift build --build-tests ARGUMENTS…`, once more if it hangs: Swift 6.3's compiler was seen to wait for ever
# without using the processor. Stopped and started again, the build goes on where it was.
build_tests() {
    timeout --kill-after=30 1200 swift build --build-tests "$@"
    local built=$?
    if [ "$built" = 124 ] || [ "$built" = 137 ]; then
        pkill -KILL -f "swift-frontend.*$PWD/.build" || true
        echo "the build hung; trying once more"
        swift build --build-tests "$@"
        built=$?
    fi
    return "$built"
}

# count_tests LOG STATUS: sets `passed` and `failed` from what `swift test` printed and its exit status. Swift Testing closes with
# "Test run with N tests in M suites passed after …" or "… failed after … with K issues."
count_tests() {
    local total
    total=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$1" | tail -1)
    failed=$(grep -cE '^✘ Test (".*"|[A-Za-z_]+\(.*\)) .*failed after' "$1")
    # A run that crashed has no count; what was not run counts neither way.
    total=${total:-0}
    if [ "$2" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
    passed=$((total > failed ? total - failed : 0))
    if [ "$total" = 0 ]; then
        echo "error: no test was run to its end" >&2
        failed=$((failed > 0 ? failed : 1))
    fi
}
