#!/usr/bin/env bash
# Print the name of a Python that is new enough (3.11), or say plainly that there is none.
set -euo pipefail

for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$candidate"
    exit 0
  fi
done
echo "Kundeservice needs Python 3.11 or newer, and none was found. On Debian 12 or Ubuntu 24.04: apt-get install python3" >&2
exit 1
