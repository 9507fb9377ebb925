#!/usr/bin/env bash
# Fail when a text of the screen is missing from the English catalogue, untranslated or marked as uncertain.
set -euo pipefail
cd "$(dirname "$0")/.."
catalogue=locale/en/LC_MESSAGES/django.po
kept=$(mktemp)
trap 'cp "$kept" "$catalogue"; rm -f "$kept"' EXIT
cp "$catalogue" "$kept"
scripts/collect_messages.sh
untranslated=$(msgattrib --untranslated --no-obsolete "$catalogue" | grep '^msgid' | grep -v '^msgid ""$' || true)
uncertain=$(msgattrib --only-fuzzy --no-obsolete "$catalogue" | grep '^msgid' | grep -v '^msgid ""$' || true)
if [[ -n $untranslated || -n $uncertain ]]; then
  printf 'Not in English yet:\n%s\n%s\nRun `make messages` and translate them in %s.\n' \
    "$untranslated" "$uncertain" "$catalogue" >&2
  exit 1
fi
