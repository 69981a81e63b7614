#!/bin/bash
# prepare.sh LINE   e.g. prepare.sh 3.5
#
# Makes, unless they are there already,
#   artifacts/matrix/trixie              a Debian trixie chroot with gcc, make and what .NET needs
#   artifacts/matrix/LINE/{include,lib}  the newest libssl, libcrypto and headers of that line in any Debian suite
# and checks that a C program compiled in the chroot has that line's headers and gets that line's library.
# On failure the last line of stderr says why.
#
# Every library needs no more than trixie's glibc, so one chroot serves all lines. The packages come
# through apt with its signature check, from a sources list of their own: the machine's is not touched.
set -euo pipefail
source "$(dirname "$0")/common.sh"
need_root
line=${1:?which line?}

# The archives that this machine's own apt uses: archive debian, archive debian-security.
archive() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
        awk -v end="/$1/" '
            { sub(/\/*$/, "/") }
            !found && substr($0, length($0) - length(end) + 1) == end { sub(/\/$/, ""); print; found = 1 }'
}
mirror=$(archive debian)
security=$(archive debian-security)
[[ -n $mirror && -n $security ]] || fail "This machine's apt names no Debian archive and security archive to take the OpenSSL lines from."
suites=(bullseye bookworm trixie forky sid experimental)
security_suites=(bullseye-security bookworm-security trixie-security)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
chroot_packages=gcc,libc6-dev,make,libstdc++6,zlib1g,libzstd1

set_up_apt() {
    local apt=$work/apt suite
    [[ -r $keyring ]] || fail "Debian's keys ($keyring, package debian-archive-keyring) are not on this machine."
    mkdir -p "$apt"/{lists/partial,cache/archives/partial,parts}
    {
        for suite in "${suites[@]}"; do echo "deb [signed-by=$keyring] $mirror $suite main"; done
        for suite in "${security_suites[@]}"; do echo "deb [signed-by=$keyring] $security $suite main"; done
    } > "$apt/sources.list"
    cat > "$apt/apt.conf" <<END
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/parts";
Dir::State "$apt";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
END
    export APT_CONFIG=$apt/apt.conf
    if [[ -z $(find "$apt/updated" -mmin -60 2>/dev/null) ]]; then
        apt-get -q update >&2 || fail "apt-get update failed for $mirror."
        touch "$apt/updated"
    fi
}

make_chroot() {
    local tools=$work/debootstrap new=$chroot.new
    rm -rf "$tools" "$new"
    mkdir -p "$tools"
    (cd "$tools" && apt-get -q download debootstrap && dpkg -x debootstrap_*.deb .) >&2 \
        || fail "debootstrap could not be downloaded."
    # In a mount namespace of its own, so that nothing it mounts outlives it.
    DEBOOTSTRAP_DIR=$tools/usr/share/debootstrap unshare --mount --propagation private -- \
        "$tools/usr/sbin/debootstrap" --variant=minbase --include="$chroot_packages" --keyring="$keyring" \
        trixie "$new" "$mirror" >&2 || fail "debootstrap could not make a trixie chroot."
    printf '127.0.0.1 localhost\n::1 localhost\n' > "$new/etc/hosts"
    rm -rf "$new"/var/cache/apt/archives/*.deb "$tools"
    mv "$new" "$chroot"
}

# The newest version first; an older one when the mirror lists a package that it does not have yet.
get_openssl() {
    local new=$work/$line.new version runtime
    for version in $(apt-cache madison libssl-dev |
        awk -F'|' '/Packages$/ { gsub(/ /, "", $2); print $2 }' | grep "^${line//./\\.}[^0-9]"); do
        rm -rf "$new"
        mkdir -p "$new"/{deb,include,lib}
        runtime=$(apt-cache show "libssl-dev=$version" | sed -n 's/^Depends:.*\(libssl[0-9][^ ,]*\) (= .*/\1/p')
        (cd "$new/deb" && apt-get -q download "libssl-dev=$version" "$runtime=$version") >&2 || continue
        for deb in "$new"/deb/*.deb; do dpkg -x "$deb" "$new/deb"; done
        # Debian keeps the headers that differ by machine apart; here all are in one folder.
        cp -r "$new"/deb/usr/include/openssl "$new/include/"
        cp -r "$new"/deb/usr/include/*-linux-gnu/openssl "$new/include/"
        cp -P "$new"/deb/usr/lib/*-linux-gnu/lib{ssl,crypto}.so* "$new/lib/"
        rm -rf "$new/deb"
        echo "$version" > "$new/version"
        mv "$new" "$work/$line"
        return
    done
    fail "no Debian suite of ${suites[*]} has a libssl-dev $line that could be downloaded."
}

check() {
    local out
    out=$("$repo/tests/matrix/in-env.sh" "$line" sh -c \
        'gcc -I"$OPENSSL_INCLUDE" -o /tmp/probe tests/matrix/probe.c -L"$OPENSSL_LIB" -lssl -lcrypto && /tmp/probe') \
        || fail "a C program could not be compiled and run with its headers and library."
    [[ $(grep -c "^\(headers\|library\): OpenSSL ${line//./\\.}[^0-9]" <<< "$out") == 2 ]] \
        || fail "a C program has other headers or gets another library: ${out//$'\n'/, }."
}

mkdir -p "$work"
exec 9> "$work/.lock"
flock 9
if [[ ! -d $chroot || ! -d $work/$line ]]; then
    set_up_apt
    [[ -d $chroot ]] || make_chroot
    [[ -d $work/$line ]] || get_openssl
fi
check
