#!/bin/bash
# matrix.sh [LINE...]   e.g. matrix.sh 3.5 4.0; without a line: all of them
#
# Runs the tests with the libssl of each OpenSSL line and prints one line of result for each. The
# tests are built once, here; in the environment of each line (see prepare.sh and in-env.sh) the
# C library that they compare with is compiled, and the built tests are run.
# Ends with 1 when a test failed, a line could not be prepared, or the tests ran with another OpenSSL.
set -uo pipefail
source "$(dirname "$0")/common.sh"

# What the rest of the project gives us.
test_project=${MATRIX_TEST_PROJECT:-$repo/tests/OpenSslSessionCb.Tests/OpenSslSessionCb.Tests.csproj}
native=${MATRIX_NATIVE:-$repo/native/reference}
configuration=Release
time_limit=${MATRIX_TIME_LIMIT:-30m}    # for the tests of one line

need_root
renice -n 10 $$ > /dev/null
mkdir -p "$work"
exec 8> "$work/.run-lock"
flock --nonblock 8 || fail "Another matrix.sh is running in this checkout."

running=
stop() { [[ -z $running ]] || kill -KILL "$running" 2> /dev/null; exit "$1"; }
trap 'stop 130' INT
trap 'stop 143' TERM HUP

# Runs in-env.sh in the background and waits for it, so that a signal is acted on at once: in-env.sh
# has become unshare, and killing that ends every process in the environment, and the mounts with them.
run_in_env() {
    "$repo/tests/matrix/in-env.sh" "$@" &
    running=$!
    wait "$running"
    local code=$?
    running=
    return "$code"
}

# The tests are run from a copy, which a build that someone starts meanwhile does not change.
build_tests() {
    local target
    dotnet build "$test_project" -c "$configuration" --nologo -v quiet >&2 &&
        target=$(dotnet msbuild "$test_project" -p:Configuration="$configuration" -getProperty:TargetPath) &&
        rm -rf "$work/tests" && cp -r "$(dirname "$target")" "$work/tests" ||
        fail "The tests could not be built."
    test_dll=$work/tests/$(basename "$target")
}

# Sets outcome to the line to print; returns whether all is well.
test_line() {
    local line=$1 results=$work/results/$1 code version counters
    outcome="OpenSSL $line   "
    rm -rf "$results" && mkdir -p "$results"

    if ! "$repo/tests/matrix/prepare.sh" "$line" > "$results/prepare.log" 2>&1; then
        outcome+="not prepared: $(tail -n 1 "$results/prepare.log")"
        return 1
    fi
    rm -rf "$work/$line/osr"
    if ! "$repo/tests/matrix/in-env.sh" "$line" sh -c \
        'make -C "$0" OUT="$1" OPENSSL_INCLUDE="$OPENSSL_INCLUDE" OPENSSL_LIB="$OPENSSL_LIB"' \
        "$native" "$work/$line/osr" > "$results/native.log" 2>&1; then
        outcome+="not prepared: the C library in $native could not be built with its headers, see $results/native.log"
        return 1
    fi

    local started=$SECONDS seconds
    run_in_env "$line" timeout --kill-after=10s "$time_limit" \
        dotnet vstest "$test_dll" --logger:"console;verbosity=normal" \
        --logger:"trx;LogFileName=tests.trx" --ResultsDirectory:"$results" > "$results/console.log" 2>&1
    code=$?
    seconds=$((SECONDS - started))

    # The tests say which libssl they have; the trx file has the counts.
    version=$(grep -oah 'libssl: OpenSSL [0-9][0-9a-z.]*' "$results"/{console.log,tests.trx} 2> /dev/null | sort -u)
    version=${version//libssl: /}
    counters=$(grep -ao '<Counters [^>]*' "$results/tests.trx" 2> /dev/null)
    local name total executed passed failed
    for name in total executed passed failed; do
        printf -v "$name" %d "$(sed -n "s/.* $name=\"\([0-9]*\)\".*/\1/p" <<< "$counters")"
    done
    outcome="${version:-OpenSSL $line}   $passed passed, $failed failed, $((total - executed)) skipped"
    outcome+="   ($((seconds / 60)) m $((seconds % 60)) s)"

    local problem=
    if [[ $code == 124 || $code == 137 ]]; then problem="the tests were ended after $time_limit"
    elif grep -q 'run was aborted' "$results/console.log"; then problem="the test process crashed"
    elif [[ -z $counters ]]; then problem="the tests left no result"
    elif [[ $version == *$'\n'* || ! $version =~ ^"OpenSSL $line"[^0-9] ]]; then
        outcome="OpenSSL $line   "
        problem="the tests did not run with OpenSSL $line, but with ${version:-one that they did not name}"
    elif ((failed > 0)); then problem="failed"
    elif ((passed == 0)); then problem="no test passed"
    elif [[ $code != 0 ]]; then problem="no test failed, but the run ended with code $code"
    fi
    [[ -z $problem ]] && return 0
    outcome+="   ${problem//$'\n'/ and }, see $results/console.log"
    return 1
}

lines=("${@:-${all_lines[@]}}")
for line in "${lines[@]}"; do
    [[ " ${all_lines[*]} " == *" $line "* ]] || fail "OpenSSL $line is not one of the lines ${all_lines[*]}."
done
build_tests 8>&-    # the compiler server outlives the build and must not keep the lock
result=0
for line in "${lines[@]}"; do
    test_line "$line" || result=1
    echo "$outcome"
    grep -h '^  Failed ' "$work/results/$line/console.log" 2> /dev/null | head -n 20 >&2
done
exit "$result"
