#!/usr/bin/env bash
# Collect every text of the screen into locale/en: the texts are written in bokmål, the catalogue translates to English.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p locale/en/LC_MESSAGES
.venv/bin/python manage.py makemessages --locale en --no-location --no-wrap --no-obsolete --verbosity=0 \
  --ignore .venv --ignore var --ignore staticfiles --ignore tests --ignore benchmarks --ignore scripts
# The time of collecting says nothing and would make every run a change.
sed -i '/^"POT-Creation-Date:/d' locale/en/LC_MESSAGES/django.po
