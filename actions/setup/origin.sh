# shellcheck shell=bash
# For which machine, and from which source: what setup.sh and package.sh have to agree on. Needs `root`,
# the folder of the checkout.
# shellcheck disable=SC2034 # The variables are for whoever reads this file in.

suffix=""
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target="x86_64-unknown-linux-gnu" ;;
  Linux-aarch64 | Linux-arm64) target="aarch64-unknown-linux-gnu" ;;
  Darwin-x86_64) target="x86_64-apple-darwin" ;;
  Darwin-arm64) target="aarch64-apple-darwin" ;;
  MINGW*-x86_64 | MSYS*-x86_64 | CYGWIN*-x86_64) target="x86_64-pc-windows-msvc" suffix=".exe" ;;
  MINGW*-aarch64 | MSYS*-aarch64) target="aarch64-pc-windows-msvc" suffix=".exe" ;;
  # No archive is made for these; cargo may know them.
  *) target="$(uname -s)-$(uname -m)" ;;
esac
case "$target" in
  # The archives are for glibc. `ldd` of musl says its name on standard error.
  *-linux-gnu) if [[ "$(ldd --version 2>&1 || true)" == *musl* ]]; then target="${target%gnu}musl"; fi ;;
esac

if command -v sha256sum >/dev/null; then sha256=(sha256sum); else sha256=(shasum -a 256); fi
digest_of() {
  local line
  line="$("${sha256[@]}" <"$1")"
  printf '%s' "${line:0:64}"
}

# By its number, and by all that the programs are built from. So an action that is pinned to a
# commit never gets the program of another one.
version="$(sed -n 's/^version = "\(.*\)"$/\1/p' "${root:?}/Cargo.toml" | head -n 1)"
source_digest="$(
  cd "$root" || exit
  find Cargo.lock Cargo.toml crates docs/rules schemas templates -type f -print0 |
    LC_ALL=C sort -z | xargs -0 "${sha256[@]}" | tr -d '*\r' | "${sha256[@]}"
)"
source_digest="${source_digest:0:64}"
