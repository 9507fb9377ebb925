#!/usr/bin/env bash
# Fail when a text of the screen is missing from the English catalogue, untranslated or marked as uncertain, or when a
# text in the catalogue is no longer on the screen.
set -euo pipefail
cd "$(dirname "$0")/.."
catalogue=locale/en/LC_MESSAGES/django.po
kept=$(mktemp)
trap 'cp "$kept" "$catalogue"; rm -f "$kept"' EXIT
cp "$catalogue" "$kept"
scripts/collect_messages.sh
if ! cmp -s "$kept" "$catalogue"; then
  printf 'The English catalogue is not what stands on the screen. Run `make messages`:\n' >&2
  diff "$kept" "$catalogue" >&2 || true
  exit 1
fi
unfinished=$(LC_ALL=C msgfmt --statistics --check-format -o /dev/null "$catalogue" 2>&1 | grep -E 'fuzzy|untranslated' || true)
if [[ -n $unfinished ]]; then
  printf 'The English catalogue is not complete: %s\nRun `make messages` and translate in %s:\n' "$unfinished" "$catalogue" >&2
  msgattrib --untranslated --no-obsolete --no-wrap "$catalogue" | grep -v '^#' >&2 || true
  msgattrib --only-fuzzy --no-obsolete --no-wrap "$catalogue" | grep -v '^#' >&2 || true
  exit 1
fi
