# Read by the other scripts of this folder.
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$repo/artifacts/matrix     # everything that is downloaded or made; delete it, or a part of it, to get it anew
chroot=$work/trixie             # one Debian chroot for all lines
all_lines=(1.1.1 3.0 3.5 3.6 4.0)

fail() { echo "$*" >&2; exit 1; }
need_root() { [[ $EUID == 0 ]] || fail "The matrix must run as root: it makes a chroot with debootstrap and mounts folders in it."; }
