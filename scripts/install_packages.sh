#!/usr/bin/env bash
# Install the system packages of apt.txt that are missing.
#   scripts/install_packages.sh run          what the product needs
#   scripts/install_packages.sh run test     … and what the tests need on top
# Debian and Ubuntu, as root or with sudo: installs. Elsewhere: says plainly what is missing and ends with 1.
# SKIP_SYSTEM_PACKAGES=1 goes on without looking.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-python3}

is_there() {
  local kind=${1%%:*} name=${1#*:}
  case $kind in
    command) command -v "$name" >/dev/null ;;
    library) [[ $libraries == *"$name"* ]] ;;
    file) compgen -G "$name" >/dev/null ;;
    module) "$PYTHON" -c "import $name" 2>/dev/null ;;
    *) echo "apt.txt: unknown probe $1" >&2; exit 2 ;;
  esac
}

libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)

missing_packages() {
  local package needed probe wanted
  while read -r package needed probe; do
    for wanted in "$@"; do
      if [[ $needed == "$wanted" ]] && ! is_there "$probe"; then echo "$package"; fi
    done
  done < <(grep -v -e '^#' -e '^[[:space:]]*$' apt.txt)
}

explain_and_stop() {
  echo >&2
  echo "$1" >&2
  echo "Missing (names as in Debian and Ubuntu): ${missing[*]}" >&2
  echo "Install them, or run again with SKIP_SYSTEM_PACKAGES=1 to go on without." >&2
  exit 1
}

if [[ ${SKIP_SYSTEM_PACKAGES:-} == 1 ]]; then exit 0; fi
mapfile -t missing < <(missing_packages "$@")
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

command -v apt-get >/dev/null || explain_and_stop "This is neither Debian nor Ubuntu, so nothing was installed."
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || explain_and_stop "Installing packages needs root or sudo."
  if ! sudo -n true 2>/dev/null && [[ ! -t 0 ]]; then explain_and_stop "Installing packages needs sudo's password."; fi
  as_root=(sudo)
fi

echo "Installing system packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
