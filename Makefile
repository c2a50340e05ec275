# Everything here is relative and goes through `.venv/bin/python -m`: a checkout whose path has spaces or Chinese
# characters works (the scripts a package installs do not, their first line breaks at the space).
.DEFAULT_GOAL := help
.PHONY: help run test setup check bench lock stale
SHELL := /bin/sh
PY := .venv/bin/python
PORT ?= 8000
# An environment whose Python has gone (an upgrade, a copied folder) is made anew.
STALE := $(shell $(PY) -c "" 2>/dev/null || echo stale)
# What a machine sets for other projects must not move the demo to another database or mail server; `.env` may.
ALONE := unset DATABASE_URL REDIS_URL EMAIL_URL EVIDENCE_DIR;

help:  ## prints this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 14

run: .venv/.run  ## starts the demo on 127.0.0.1 (PORT=8000); Ctrl-C stops it, its data stays in var/
	@if [ "$$LUOSHI_ENV" = production ]; then \
		echo "make run is the demo and refuses in production; docker-compose.yml shows what runs there." >&2; exit 1; fi
	@$(ALONE) PORT="$(PORT)" exec $(PY) manage.py run

test: .venv/.dev  ## installs what the tests need and runs them once
	@$(PY) -m pytest -n 3 --dist worksteal $(TESTS)

setup: .venv/.dev  ## the environment alone: .venv/bin/python manage.py … works after it
	@umask 077; mkdir -p var/evidence var/static var/broker var/broker-control
	@$(PY) manage.py compilemessages
	@echo "Ready: .venv/bin/python manage.py help"

check: .venv/.dev  ## lint, types, floors, missing migrations, production settings, locks free of addresses
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy config accounts notifications workflow manage.py
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --no-logo
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	LUOSHI_ENV=demo LUOSHI_VAR="$$tmp" DATABASE_URL= REDIS_URL= $(PY) manage.py makemigrations --check --dry-run && \
	LUOSHI_ENV=production LUOSHI_VAR="$$tmp" ALLOWED_HOSTS=luoshi.example REDIS_URL=redis://127.0.0.1/0 \
	DATABASE_URL=postgres://nobody@127.0.0.1/nothing SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_hex(40))") \
	$(PY) manage.py check --deploy --fail-level WARNING
	@# The brackets keep this file from finding itself.
	@! grep -nE '[:]//|^ *--(extra-)?index-url|^ *--find-links' requirements.lock requirements-dev.lock
	@! git grep --untracked -nIE '[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs|[p]ypi\.tuna|[m]irrors\.(aliyun|ustc|cloud)' -- .
	@echo "All checks passed."

bench: .venv/.dev  ## every benchmark, one JSON line each (QUICK=1: within 30 s each)
	@for file in $$(grep -l __main__ benchmarks/*.py); do $(PY) "$$file" $(if $(QUICK),--quick) || exit 1; done

LOCK := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml
lock: .venv/.dev  ## writes both locks from pyproject.toml (UPGRADE=1: newest versions)
	$(PY) -m $(LOCK) $(if $(UPGRADE),--upgrade) -o requirements.lock
	$(PY) -m $(LOCK) $(if $(UPGRADE),--upgrade) --group dev -o requirements-dev.lock

# --- the environment; the stamps are newer than the lock they were installed from ---------------------------------------
.venv/.run: requirements.lock $(STALE)
	@$(environment)
	@$(call install,requirements.lock)
	@touch $@

.venv/.dev: requirements-dev.lock requirements.lock $(STALE)
	@$(environment)
	@$(call install,requirements-dev.lock)
	@touch $@ .venv/.run

define environment
if $(PY) -c "" 2>/dev/null; then exit 0; fi; \
for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if "$$python" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then found=$$python; break; fi; \
done; \
if [ -z "$$found" ]; then echo "Luoshi needs Python 3.11 or newer, and none was found (PYTHON=/path/to/python names one)." >&2; exit 1; fi; \
if ! "$$found" -c "import ensurepip, venv" 2>/dev/null; then \
	echo "Luoshi needs Python's venv module, which $$found lacks (on Debian and Ubuntu: the package python3-venv)." >&2; exit 1; fi; \
echo "Creating .venv with $$("$$found" --version)"; "$$found" -m venv --clear .venv
endef

define install
echo "Installing $(1)"; $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) \
	|| { echo "The packages of $(1) could not be installed; pip says above why." >&2; exit 1; }
endef
