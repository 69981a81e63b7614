#!/usr/bin/env bash
# The verbs of this repository. build.ps1 has the same ones and runs the same commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

usage() {
    cat <<'TEXT'
usage: ./build.sh VERB
  demo       two server processes share their TLS sessions
  demo farm  two Kestrel nodes behind a balancer do, with a page that shows it
  test       [--coverage]: build everything, the tool too, and run the tests; those of native servers only after ./build.sh native
  soak       run at length the tests that find more the longer they go on
  bench      NAME [--quick]: run a benchmark (away, callbacks, farm, hello, native, stores); results in artifacts/bench
  tool       build the program artifacts/tool/sesscb
  native     build the libraries for C and for unmodified servers into artifacts/native (Linux; docs/native.md)
  pack       build the packages into artifacts/packages
  matrix     [LINE...]: run the tests with OpenSSL 1.1.1, 3.0, 3.5, 3.6 and 4.0 (root, Debian)
  format     [--write]: check white space and style as dotnet format has them, or mend them
  house      [--write]: print the folders of src in their storeys, and which uses which (once they are built), or draw them
  mutate     [FOLDER...]: put faults into the library, one at a time, and say which of them no test notices (not quick)
  generate   [--write]: check the bindings against OpenSSL's headers, or write them anew
TEXT
}

# Debian's packages, by name. Elsewhere whoever builds knows what they are called.
# Where systemd runs, redis-server comes with a service that Debian starts; the tests start servers of their own.
need() {
    command -v dpkg-query > /dev/null || return 0
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${Status}' "$package" 2> /dev/null) == *' installed' ]] || missing+=("$package")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]]; then
        echo "build: these Debian packages are missing: ${missing[*]}. Install them with: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    apt-get update --quiet >&2
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >&2
}

need_for_tests() {
    need gcc libc6-dev zlib1g-dev make libssl-dev openssl libnss3-tools redis-server libfaketime chromium libcap2-bin
    [[ ! -e artifacts/native/libopensslsessioncb.so ]] || need nginx stunnel4 haproxy apache2-bin python3 valgrind g++ pkg-config systemd
}

# The SDK that global.json asks for: the machine's, or one in .dotnet, fetched by the official installer.
need_sdk() {
    [[ -x .dotnet/dotnet ]] && export PATH="$PWD/.dotnet:$PATH" DOTNET_ROOT="$PWD/.dotnet"
    dotnet --version > /dev/null 2>&1 && return 0
    need curl ca-certificates libstdc++6
    curl --fail --silent --show-error --location https://dot.net/v1/dotnet-install.sh --output dotnet-install.sh
    bash dotnet-install.sh --jsonfile global.json --install-dir .dotnet >&2
    rm dotnet-install.sh
    export PATH="$PWD/.dotnet:$PATH" DOTNET_ROOT="$PWD/.dotnet"
}

tool_is_new() {
    [[ -x artifacts/tool/sesscb ]] &&
        [[ -z $(find src interop -name '*.cs*' -not -path '*/obj/*' -newer artifacts/tool/sesscb -print -quit) ]]
}

# Tests start sesscb hundreds of times: as users get it, since that takes an eighth of what sesscb.dll takes to start. To build it
# where it is missing, or older than its sources, is less than it saves.
use_tool() {
    [[ -z ${SESSCB_PATH:-} ]] || return 0
    if ! tool_is_new && [[ " $* " != *' --no-build '* && $(uname) == Linux ]]; then
        if publish src/OpenSslSessionCb.Tool artifacts/tool; then
            # Not all of these sources are its own: where none of those has changed, it is left as it was.
            touch -c artifacts/tool/sesscb
        else
            echo "build: sesscb cannot be compiled ahead of time here: the tests start sesscb.dll, which takes them longer." >&2
        fi
    fi
    ! tool_is_new || export SESSCB_PATH=$PWD/artifacts/tool/sesscb
}

# Built first: then the test projects go on beside each other, and not each when it is built.
# --blame: where a run breaks off, it says in which test.
run_tests() {
    use_tool "$@"
    rm -rf artifacts/test-results
    mkdir -p artifacts/test-results
    local coverage=0
    if [[ ${1:-} == --coverage ]]; then
        coverage=1
        set -- --collect 'XPlat Code Coverage' "${@:2}"
    fi
    [[ " $* " == *' --no-build '* ]] || dotnet build OpenSslSessionCb.sln --configuration Release
    local code=0 left=$PWD/artifacts/test-results/left-running.txt
    SESSCB_LEFT_RUNNING=$left dotnet test OpenSslSessionCb.sln --configuration Release --no-build --blame \
        --logger trx --results-directory artifacts/test-results "$@" || code=$?
    [[ $coverage == 0 ]] || dotnet run tests/coverage/Coverage.cs -- artifacts/test-results || code=$?
    [[ ! -s $left ]] || { cat "$left"; code=1; }
    local counters
    counters=$(cat artifacts/test-results/*.trx 2> /dev/null | grep -o '<Counters [^>]*>' || true)
    total() { grep -o " $1=\"[0-9]*\"" <<< "$counters" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
    # dotnet test says which tests were left out, but not why.
    awk '/outcome="NotExecuted"/ { skipped = 1 }
         skipped && /<Message>/ { sub(/.*<Message>/, ""); sub(/<\/Message>.*/, ""); reasons[$0]++; skipped = 0 }
         END { for (reason in reasons) print reasons[reason] " skipped: " reason }' artifacts/test-results/*.trx 2> /dev/null || true
    [[ ${SESSCB_SOAK:-} == true ]] || echo "shortened: the tests that find more the longer they go on. At length: ./build.sh soak"
    local executed passed
    executed=$(total executed) passed=$(total passed)
    echo "$passed passed, $((executed - passed)) failed, $(($(total total) - executed)) skipped"
    exit "$code"
}

# For this machine.
publish() {
    dotnet publish "$1" --configuration Release --use-current-runtime --output "${@:2}"
}

# The analyzers are left out: the build runs them, and here they would take longer than both of these.
run_format() {
    if [[ "${1:-}" == --write ]]; then shift; else set -- --verify-no-changes "$@"; fi
    dotnet format whitespace OpenSslSessionCb.sln "$@"
    dotnet format style OpenSslSessionCb.sln --no-restore "$@"
}

run_farm() {
    # Without root it makes do with what is there, and says what is missing.
    [[ $(id -u) -ne 0 ]] || need redis-server
    need_sdk
    # exec: a signal is for what runs then, not for this shell.
    exec dotnet run --project docs/samples/Farm/Demo --configuration Release -- "$@"
}

verb=${1:-help}
[[ $# -eq 0 ]] || shift
[[ "$verb ${1:-}" != 'demo farm' ]] || { shift; run_farm "$@"; }
case $verb in
    demo)     need openssl; need_sdk; dotnet run --project src/OpenSslSessionCb.Tool --configuration Release -- demo "$@" ;;
    test)     need_for_tests; need_sdk; run_tests "$@" ;;
    soak)     need_for_tests; need_sdk; SESSCB_SOAK=true run_tests --filter TestCategory=Soak "$@" ;;
    bench)
        need gcc libc6-dev make libssl-dev redis-server
        [[ "${1:-}" != native ]] || need nginx
        need_sdk; dotnet run --project tests/OpenSslSessionCb.Benchmarks --configuration Release -- "$@" ;;
    tool)
        need gcc libc6-dev zlib1g-dev openssl
        need_sdk; publish src/OpenSslSessionCb.Tool artifacts/tool "$@" ;;
    native)
        need gcc libc6-dev zlib1g-dev libssl-dev
        need_sdk; publish src/OpenSslSessionCb.Native artifacts/native "$@" ;;
    pack)     need_sdk; dotnet pack OpenSslSessionCb.sln --configuration Release "$@" ;;
    matrix)   need gcc libc6-dev make libssl-dev; need_sdk; bash tests/matrix/matrix.sh "$@" ;;
    format)   need_sdk; run_format "$@" ;;
    house)    need_sdk; dotnet run --project tests/OpenSslSessionCb.House --configuration Release -- "$@" ;;
    mutate)
        need git gcc libc6-dev make libssl-dev openssl
        need_sdk; dotnet run --project tests/mutants --configuration Release -- "$@" ;;
    generate) need_sdk; dotnet run interop/generation/Generate.cs -- "$@" ;;
    help | --help | -h) usage ;;
    *) echo "build: there is no verb '$verb'. ./build.sh help lists them." >&2; exit 2 ;;
esac
