#!/bin/bash
# Unpacks Debian's valkey-server under artifacts/valkey, unless it is there, and prints its path. Nothing is installed, no
# service is started, and the machine's own apt sources are not touched. The libraries that it needs are redis-server's.
# On failure the last line of stderr says why.
set -euo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
work=$repo/artifacts/valkey
program=$work/root/usr/bin/valkey-server
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
fail() { echo "$*" >&2; exit 1; }

[[ -x $program ]] && "$program" --version > /dev/null 2>&1 && { echo "$program"; exit 0; }
[[ -r /etc/os-release ]] && . /etc/os-release
case ${VERSION_CODENAME-} in
    bookworm) suite=bookworm-backports ;;
    trixie | forky | sid) suite=$VERSION_CODENAME ;;
    *) fail "no Debian suite is known that has valkey-server for ${PRETTY_NAME-this system}." ;;
esac
[[ -r $keyring ]] || fail "Debian's keys ($keyring, package debian-archive-keyring) are not on this machine."

# The archive that this machine's own apt uses.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    awk '{ sub(/\/*$/, "/") } !found && /\/debian\/$/ { sub(/\/$/, ""); print; found = 1 }')
[[ -n $mirror ]] || fail "This machine's apt names no Debian archive."

rm -rf "$work"
mkdir -p "$work"/{apt/lists/partial,apt/cache/archives/partial,apt/parts,deb,root}
echo "deb [signed-by=$keyring] $mirror $suite main" > "$work/apt/sources.list"
cat > "$work/apt/apt.conf" <<END
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "$work/apt/parts";
Dir::State "$work/apt";
Dir::State::status "/dev/null";
Dir::Cache "$work/apt/cache";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
END
export APT_CONFIG=$work/apt/apt.conf
apt-get -q update >&2 || fail "apt-get update failed for $mirror $suite."
(cd "$work/deb" && apt-get -q download valkey-server valkey-tools) >&2 || fail "$suite has no valkey-server that could be downloaded."
for deb in "$work"/deb/*.deb; do dpkg -x "$deb" "$work/root"; done
"$program" --version > /dev/null || fail "valkey-server does not run here: $("$program" --version 2>&1 | tail -n 1)"
echo "$program"
