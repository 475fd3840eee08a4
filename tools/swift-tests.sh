# What tools/test and tools/sanitize share; sourced by them.

# guarded SECONDS COMMAND…: runs the command, and ends it where it and all its children have used no processor for so long: then it
# waits for something that will not come. Says so, with the stacks of what hangs where a debugger can tell, and returns 124.
guarded() {
    local patience=$1 child used before=-1 since=$SECONDS
    shift
    # A session of its own, so that `ps -s` finds its children and one signal ends them all.
    setsid "$@" &
    child=$!
    trap 'kill -INT -- "-$child"' INT
    while kill -0 "$child" 2>/dev/null; do
        used=$(ps -o cputimes= -s "$child" | awk '{n += $1} END {print n + 0}')
        if [ "$used" != "$before" ]; then
            before=$used
            since=$SECONDS
        elif [ $((SECONDS - since)) -ge "$patience" ]; then
            echo "error: $* has used no processor for $patience s; ended"
            show_stacks "$child"
            pkill -KILL -s "$child"
            wait "$child" 2>/dev/null
            trap - INT
            return 124
        fi
        sleep 1
    done
    trap - INT
    wait "$child"
}

# show_stacks SESSION: what each of its processes is, and where the tests' threads are.
show_stacks() {
    ps -o pid=,stat=,etimes=,args= -s "$1" | cut -c 1-200
    local tests
    tests=$(pgrep -s "$1" -f 'PackageTests\.xctest' | tail -1)
    [ -n "$tests" ] || return 0
    if command -v gdb >/dev/null; then
        timeout 120 gdb -p "$tests" -batch -ex 'thread apply all backtrace 12' </dev/null 2>/dev/null | cut -c 1-200 | head -200
    elif command -v lldb >/dev/null; then
        timeout 120 lldb --batch --attach-pid "$tests" -o 'thread backtrace all -c 12' </dev/null 2>/dev/null | cut -c 1-200 | head -200
    fi
}

# build_tests ARGUMENTS…: `swift build --build-tests ARGUMENTS…`, again if it hangs: Swift 6.3's compiler was seen to wait for ever
# without using the processor. Stopped and started again, the build goes on where it was.
build_tests() {
    local built attempt
    for attempt in 1 2 3; do
        guarded 120 swift build --build-tests "$@"
        built=$?
        [ "$built" = 124 ] || break
        echo "the build hung ($attempt); once more"
    done
    return "$built"
}

# run_tests BUILD… -- ARGUMENTS…: the tests that were built with these options, as `swift test --skip-build` runs them; but straight, since
# that keeps up to 4 KiB of what they print to itself: where a test waits for ever, its name would be among what nobody sees.
run_tests() {
    local build=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        build+=("$1")
        shift
    done
    shift
    # Without it the program colours its marks, also for a pipe.
    export NO_COLOR=1
    guarded 300 "$(swift build "${build[@]}" --show-bin-path)/auraldPackageTests.xctest" --testing-library swift-testing "$@"
}

# shown: what is printed of a run, line by line: all but what was begun and what passed, of which there are thousands. Suites are told.
shown() { grep -a --line-buffered -v '^◇\|^✔ Test "\|^✔ Test case'; }

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
        echo "error: no test was run to its end. Begun and not ended:" >&2
        unended "$1" >&2
        failed=$((failed > 0 ? failed : 1))
    fi
}

# unended LOG: the tests that a run began and did not end, by name.
unended() {
    awk -F '"' '/^◇ Test ".*" started/ {begun[$2] = 1} /^[✔✘➜] Test ".*" (passed|failed|skipped)/ {delete begun[$2]} END {for (name in begun) print "    " name}' "$1" \
        | head -20
}
