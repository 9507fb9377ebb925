# What one does with Kundeservice. `make` alone lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
MUTANTS := .venv-mutants
PORT ?= 8000
CODE := kundeservice surveys shoppers scoring awards tests benchmarks scripts manage.py
CATALOGUE := locale/en/LC_MESSAGES/django
STATIC_SOURCES := $(shell find static -type f 2>/dev/null)

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-14s%s\n", $$1, $$2}'

# ---- install ---------------------------------------------------------------------------------------------------------

.PHONY: install
install: $(VENV)/installed ## Install what the product needs: system packages, Python packages

.PHONY: install-dev
install-dev: $(VENV)/installed-dev ## Install what the tests need on top

$(VENV)/python: apt.txt
	@python=$$(scripts/find_python.sh) && PYTHON=$$python scripts/install_packages.sh run && \
	  { test -x $(PY) || $$python -m venv $(VENV); }
	@touch $@

$(VENV)/installed: requirements.txt $(VENV)/python
	@echo "Installing Python packages …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/python
	@PYTHON=$(PY) scripts/install_packages.sh run test
	@echo "Installing Python packages for the tests …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/installed

# An environment of its own, which sees the tests' packages: nothing that changes code is installed beside the product.
$(MUTANTS)/installed: requirements-mutants.txt $(VENV)/installed-dev
	@echo "Installing Python packages that change the code …"
	@$(PY) -m venv $(MUTANTS)
	@$(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  > "$$($(MUTANTS)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tests.pth"
	@$(MUTANTS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mutants.txt
	@touch $@

# ---- run -------------------------------------------------------------------------------------------------------------

$(CATALOGUE).mo: $(CATALOGUE).po
	@msgfmt --check-format -o $@ $<

staticfiles/staticfiles.json: $(STATIC_SOURCES) requirements.txt kundeservice/settings.py
	@$(PY) manage.py collectstatic --noinput --verbosity=0
	@touch $@

demo serve dev: export SITE_URL ?= http://127.0.0.1:$(PORT)

.PHONY: ready
ready: install $(CATALOGUE).mo staticfiles/staticfiles.json ## Bring database, translations and static files up to date
	@$(PY) manage.py migrate --verbosity=0

.PHONY: demo
demo: ready ## Install, build the demo editions (once), print a log-in link per role, serve at 127.0.0.1:8000
	@$(PY) manage.py shell --no-imports -c \
	  'import sys; from surveys.models import Edition; sys.exit(not Edition.objects.exists())' \
	  || { echo "Building two demo editions: one published, and a smaller one in the middle of its field period …" \
	       && $(PY) manage.py demo --stage published --seed 1 \
	       && $(PY) manage.py demo --stage field --seed 2 --code demo-felt --participants 40 --shoppers 44; }
	@echo && $(PY) manage.py login_link --demo && echo
	@exec $(PY) manage.py serve --port $(PORT)

.PHONY: serve
serve: ready ## Serve the site, its worker and its scheduler
	@exec $(PY) manage.py serve --port $(PORT)

.PHONY: dev
dev: ready install-dev ## Serve for work on the code: what is changed shows at the next request (tasks: start anew)
	@DEBUG=yes exec $(PY) manage.py serve --port $(PORT) --reload

# ---- check -----------------------------------------------------------------------------------------------------------

.PHONY: test
test: install-dev lint $(CATALOGUE).mo ## Install and run everything: linters, types, contracts, all tests on SQLite and PostgreSQL
	@$(PY) -m tests.run

.PHONY: lint
lint: install-dev ## Check style, types, import contracts, templates, scripts and migrations
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check . || { echo "Some files are not formatted; run: make format"; exit 1; }
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(PY) -m djlint templates --lint --quiet
	@test ! -x $(VENV)/bin/biome && echo "Scripts are not checked: biome is not built for this machine." \
	  || $(VENV)/bin/biome check --error-on-warnings static/js >/dev/null || $(VENV)/bin/biome check static/js
	@$(PY) manage.py makemigrations --check --dry-run --verbosity=1
	@scripts/check_messages.sh
	@$(PY) scripts/check_newest_django.py

.PHONY: mutants
mutants: install-dev $(MUTANTS)/installed $(CATALOGUE).mo ## Do the tests notice small changes? ONLY=modules SAMPLE=100 SEED=1
	@nice $(MUTANTS)/bin/python -m scripts.mutants --only "$(ONLY)" --sample $(or $(SAMPLE),0) --seed $(or $(SEED),1)

.PHONY: format
format: install-dev ## Put the code into shape
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format .
	@test ! -x $(VENV)/bin/biome || $(VENV)/bin/biome format --write static/js

# ---- keep ------------------------------------------------------------------------------------------------------------

.PHONY: messages
messages: install ## Collect the texts of the screen into the English catalogue
	@scripts/collect_messages.sh

.PHONY: lock
lock: ## Pin all Python packages anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --upgrade --quiet -o requirements.txt requirements.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --upgrade --quiet -o requirements-dev.txt requirements-dev.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --upgrade --quiet -o requirements-mutants.txt requirements-mutants.in

.PHONY: clean
clean: ## Remove what can be made again; the data folder var/ stays
	rm -rf $(VENV) $(MUTANTS) staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(CATALOGUE).mo
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
