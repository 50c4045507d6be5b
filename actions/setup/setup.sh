#!/usr/bin/env bash
# Puts programs of Countersign on the path of a job: those that belong to the very commit that
# this file is of. For each program, the first of these that has it:
#
#   seed     a folder with programs, named by INPUT_SEED or COUNTERSIGN_SEED
#   cache    RUNNER_TOOL_CACHE/countersign/VERSION-SOURCE/TARGET, filled by earlier runs
#   release  an archive whose SHA-256 stands in checksums.txt
#   build    cargo, from this checkout
#
# For bash 3.2 and later: that of macOS, and Git Bash on Windows.
set -euo pipefail

known="docset labels policy kb"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"

say() { printf '%s\n' "$*"; }

# Messages may quote inputs: a line end in them must not begin another command.
encoded() {
  local text="${1//'%'/%25}"
  text="${text//$'\r'/%0D}"
  printf '%s' "${text//$'\n'/%0A}"
}
warn() { say "::warning title=Countersign setup::$(encoded "$*")"; }
fail() {
  say "::error title=Countersign setup::$(encoded "$*")"
  exit 2
}

[[ -n "${GITHUB_OUTPUT:-}" && -n "${GITHUB_PATH:-}" && -n "${RUNNER_TEMP:-}" ]] ||
  fail "this is for a step of a workflow: GITHUB_OUTPUT, GITHUB_PATH and RUNNER_TEMP are not set"
# A line end in it would be another entry of the path, and another output.
[[ "$RUNNER_TEMP" != *[$'\n\r']* ]] || fail "the folder RUNNER_TEMP has a line end in its name: $RUNNER_TEMP"

# --- What is asked for, and for which machine

programs=()
# Any white space separates; `read -d ''` ends with 1, as there is no NUL to end with.
read -r -d '' -a asked <<<"${INPUT_PROGRAMS:-docset}" || true
for program in ${asked[@]+"${asked[@]}"}; do
  [[ " $known " == *" $program "* ]] ||
    fail "there is no program \`$program\`; the input \`programs\` takes any of: $known"
  # A program that is asked for twice is set up once.
  [[ " ${programs[*]-} " == *" $program "* ]] || programs+=("$program")
done
[[ ${#programs[@]} -gt 0 ]] || fail "the input \`programs\` names none; it takes any of: $known"

# For which machine, and from which source: `target`, `suffix`, `version`, `source_digest`.
# shellcheck source=actions/setup/origin.sh
. "$here/origin.sh"
key="$version-${source_digest:0:16}"

own="$RUNNER_TEMP/countersign-$key"
bin="$own/bin"
mkdir -p "$bin"
cache="${RUNNER_TOOL_CACHE:+$RUNNER_TOOL_CACHE/countersign/$key/$target}"

# Puts the file $2 into the folder of this job as the program $1: whole, or not at all.
place() {
  local new="$bin/.$1.$$"
  cp "$2" "$new"
  chmod +x "$new"
  mv -f "$new" "$bin/$1$suffix"
}

# --- Seed

seed="${INPUT_SEED:-${COUNTERSIGN_SEED:-}}"
# To `cp`, a folder with a hyphen before its name would be an option.
[[ "$seed" != -* ]] || seed="./$seed"
[[ -z "$seed" || -d "$seed" ]] || fail "the folder \`$seed\` of the input \`seed\` is not there"

from_seed() {
  [[ -n "$seed" && -f "$seed/$1$suffix" ]] || return 1
  place "$1" "$seed/$1$suffix"
}

# --- Cache. A program stands in a folder that is named by its SHA-256, and comes there by a
# rename: jobs that run at once on one machine each find it whole, or not at all.

from_cache() {
  [[ -n "$cache" ]] || return 1
  local folder digest copy="$bin/.$1.cached.$$"
  for folder in "$cache/$1"/*/; do
    # With the slash, `rm` of BSD would empty what a link leads to.
    folder="${folder%/}"
    digest="$(basename "$folder")"
    [[ ${#digest} -eq 64 ]] || continue
    # The copy is looked at, not what somebody may still change.
    if cp "$folder/$1$suffix" "$copy" 2>/dev/null && [[ "$(digest_of "$copy")" == "$digest" ]]; then
      chmod +x "$copy"
      mv -f "$copy" "$bin/$1$suffix"
      return 0
    fi
    warn "the cached $1 in \`$folder\` is not what was put there; it is removed and made anew"
    rm -rf "$folder" "$copy"
  done
  return 1
}

to_cache() {
  [[ -n "$cache" ]] || return 0
  local digest new
  digest="$(digest_of "$bin/$1$suffix")"
  [[ ! -d "$cache/$1/$digest" ]] || return 0
  new=""
  if ! mkdir -p "$cache/$1" || ! new="$(mktemp -d "$cache/$1/.new.XXXXXX")" ||
    ! cp "$bin/$1$suffix" "$new/" || ! chmod 755 "$new"; then
    [[ -z "$new" ]] || rm -rf "$new"
    warn "cannot write to \`$cache\`, so the next run makes $1 again"
    return 0
  fi
  # Another job may have been quicker: `mv` would then move ours into its folder.
  if [[ -d "$cache/$1/$digest" ]] || ! mv "$new" "$cache/$1/$digest" 2>/dev/null; then
    rm -rf "$new"
  fi
  rm -rf "$cache/$1/$digest"/.new.*
}

# --- Release. checksums.txt says where archives are, what they were built from, and their
# SHA-256; `release.yml` writes it.

sums="$here/checksums.txt"
sum_header() { sed -n "s/^# $1: //p" "$sums" 2>/dev/null | head -n 1; }
archive="countersign-$version-$target.tar.gz"
unpacked="$own/release"

# Once for all programs: 0 if the archive is unpacked.
fetch_release() {
  [[ ! -d "$unpacked" ]] || return 0
  local wanted base found part="$own/.archive.$$"
  [[ "$(sum_header source)" == "$source_digest" ]] || return 1
  wanted="$(awk -v name="$archive" '$2 == name { print $1; exit }' "$sums")"
  [[ -n "$wanted" ]] || return 1
  base="${COUNTERSIGN_RELEASES:-$(sum_header from)}"
  say "downloading $base/v$version/$archive"
  if ! curl --fail --location --silent --show-error --proto '=http,https' --retry 3 \
    --retry-connrefused --connect-timeout 20 --max-time 300 \
    --output "$part" "$base/v$version/$archive"; then
    rm -f "$part"
    warn "cannot download $archive; building instead"
    return 1
  fi
  found="$(digest_of "$part")"
  if [[ "$found" != "$wanted" ]]; then
    rm -f "$part"
    fail "$archive has the SHA-256 $found, and checksums.txt says $wanted: somebody replaced it, or it was damaged on its way"
  fi
  if ! mkdir -p "$unpacked.$$" || ! tar -xzf "$part" -C "$unpacked.$$"; then
    fail "cannot unpack $archive"
  fi
  rm -f "$part"
  # A step at the same time may have been quicker: `mv` would then move ours into its folder.
  [[ -d "$unpacked" ]] || mv "$unpacked.$$" "$unpacked"
  rm -rf "$unpacked.$$" "$unpacked"/release.*
}

from_release() {
  fetch_release || return 1
  [[ -f "$unpacked/$1$suffix" ]] || return 1
  # Built for another system library, it would fail in the middle of a job.
  if ! "$unpacked/$1$suffix" --version >/dev/null 2>&1; then
    warn "the released $1 does not start on this machine; building instead"
    return 1
  fi
  place "$1" "$unpacked/$1$suffix"
}

# --- Build

build() {
  local program packages=()
  for program in "$@"; do packages+=(-p "countersign-$program"); done
  command -v cargo >/dev/null || fail "there is no cargo to build $* with, and no seed, cache or release has them: install Rust $(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1) or later, or give a seed"
  say "::group::Building $* (a minute or two; later runs find them in the cache)"
  # From the folder of the checkout: where cargo is started it looks for .cargo/config.toml, and rustup
  # for rust-toolchain.toml. Those of a pull request would name programs to run, and what these make
  # would go into the cache. What a job sets for its own builds (`-D warnings`, another target) is not
  # meant for this one. Cargo takes turns with another one in the same folder.
  (
    cd "$root"
    unset CARGO_BUILD_TARGET RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS
    CARGO_TARGET_DIR="$own/target" CARGO_TERM_COLOR=never \
      cargo build --locked --release "${packages[@]}"
  ) || {
    say "::endgroup::"
    fail "cargo cannot build $*; the log above says why"
  }
  say "::endgroup::"
  for program in "$@"; do place "$program" "$own/target/release/$program$suffix"; done
}

# --- All of it

began=$SECONDS
source="" missing=()
came_from() {
  say "$1 $version from $2"
  case "$source-$2" in
    build-* | release-cache | release-seed | cache-seed) ;;
    *) source="$2" ;;
  esac
}
for program in "${programs[@]}"; do
  if from_seed "$program"; then
    came_from "$program" seed
  elif from_cache "$program"; then
    came_from "$program" cache
  elif from_release "$program"; then
    to_cache "$program"
    came_from "$program" release
  else
    missing+=("$program")
  fi
done
if [[ ${#missing[@]} -gt 0 ]]; then
  build "${missing[@]}"
  for program in "${missing[@]}"; do
    to_cache "$program"
    came_from "$program" build
  done
  say "built in $((SECONDS - began)) s"
fi

folder="$bin"
if command -v cygpath >/dev/null; then
  folder="$(cygpath -m "$bin")"
  bin="$(cygpath -w "$bin")"
fi
printf '%s\n' "$bin" >>"$GITHUB_PATH"
printf 'folder=%s\nsource=%s\n' "$folder" "$source" >>"$GITHUB_OUTPUT"
