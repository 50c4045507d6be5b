#!/usr/bin/env bash
set -euo pipefail
printf 'Hello, %s\n' "$1"
