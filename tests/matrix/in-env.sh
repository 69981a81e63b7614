#!/bin/bash
# in-env.sh LINE COMMAND [ARGUMENT...]   e.g. in-env.sh 3.5 bash
#
# Runs a command, from the root of the checkout, in the chroot with the OpenSSL of that line. The
# checkout, the .NET SDK and the NuGet packages are at the same paths as outside; /tmp is empty.
# Variables from outside are not passed on: in-env.sh 3.5 env NAME=value COMMAND.
#
# The mounts are in a mount namespace and the processes in a process namespace: both end with the
# command, however it ends.
set -euo pipefail
source "$(dirname "$0")/common.sh"
need_root
line=${1:?which line?}
[[ $# -gt 1 ]] || fail "in-env.sh LINE COMMAND [ARGUMENT...]"
[[ -d $chroot && -d $work/$line ]] || fail "Not there yet: first run tests/matrix/prepare.sh $line."

if [[ ${IN_ENV_UNSHARED-} != 1 ]]; then
    IN_ENV_UNSHARED=1 exec unshare --mount --propagation private --pid --fork --kill-child -- "$0" "$@"
fi

# From here on this is process 1 of the namespace, which ignores signals that it has no trap for.
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mount --rbind /dev "$chroot/dev"
mount -t proc proc "$chroot/proc"
mount -t tmpfs tmpfs "$chroot/tmp"
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
nuget=${NUGET_PACKAGES:-$HOME/.nuget/packages}
for folder in "$repo" "$dotnet_root" "$nuget"; do
    [[ -d $folder ]] || continue
    mkdir -p "$chroot$folder"
    mount --bind "$folder" "$chroot$folder"
done

# libssl must find the libcrypto beside it, not trixie's own: hence LD_LIBRARY_PATH.
libraries=("$work/$line"/lib/libssl.so.[0-9]*)
shift
env -i PATH="$dotnet_root:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/tmp LANG=C.UTF-8 TERM="${TERM:-dumb}" \
    DOTNET_ROOT="$dotnet_root" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_UI_LANGUAGE=en NUGET_PACKAGES="$nuget" \
    LD_LIBRARY_PATH="$work/$line/lib" OPENSSL_INCLUDE="$work/$line/include" OPENSSL_LIB="$work/$line/lib" \
    OPENSSLSESSIONCB_TEST_LIBSSL="${libraries[0]}" OSR_LIBRARY="$work/$line/osr/libosr.so" \
    chroot "$chroot" sh -c 'cd "$0" && exec "$@"' "$repo" "$@"
