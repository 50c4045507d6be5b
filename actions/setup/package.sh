#!/usr/bin/env bash
# Makes what setup.sh downloads. For release.yml, and for whoever keeps a mirror.
#
#   package.sh archive FROM TO PROGRAM...   an archive in the folder TO of programs in FROM
#   package.sh sums FOLDER ADDRESS          checksums.txt for the archives of a folder, which will be
#                                           at ADDRESS/vVERSION/
#   package.sh version                      the version that is packed
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
# shellcheck source=actions/setup/origin.sh
. "$here/origin.sh"

case "${1:-}" in
  archive)
    from="$2" to="$3"
    shift 3
    files=()
    for program in "$@"; do files+=("$program$suffix"); done
    mkdir -p "$to"
    tar -czf "$to/countersign-$version-${TARGET:-$target}.tar.gz" -C "$from" "${files[@]}"
    ;;
  sums)
    cat <<END
# SHA-256 of the release archives, written by .github/workflows/release.yml. The source is what they were
# built from: setup.sh takes an archive only if its own checkout is the same.
# from: $3
# source: $source_digest
END
    cd "$2"
    for archive in countersign-*.tar.gz; do
      printf '%s  %s\n' "$(digest_of "$archive")" "$archive"
    done
    ;;
  version) printf '%s\n' "$version" ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
