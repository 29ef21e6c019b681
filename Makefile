# `make` alone lists what can be done. The first use of a target makes .venv and installs the lock it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
DOCS := $(VENV)/docs.stamp
COMPILE := $(BIN)/uv pip compile --quiet --no-config --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-strip-extras --python-version 3.11 \
	--custom-compile-command 'make lock' --group build pyproject.toml

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test portable glance coverage quick check lab docs bench fix lock clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s%s\n", $$1, $$2 }' Makefile

demo: $(RUN) ## joue un programme fictif et écrit ses rapports dans reports/demo
	$(BIN)/qgdr demo reports/demo/fichiers
	$(BIN)/qgdr report reports/demo/fichiers/programme.yml --out reports/demo
	$(BIN)/qgdr form culture_securite --out reports/formulaire.html --replace
	@echo 'À lire : ouvrez reports/demo/index.html dans un navigateur.'
	@echo 'À essayer : reports/formulaire.html, un questionnaire qui n’enregistre rien.'

test: check ## vérifie tout : style, types, sens des imports, tests, carnets
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs --durations=30
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs --nbval-lax --nbval-current-env --nbval-cell-timeout=120 notebooks

# What another Python could break, in minutes: all but browsers and the files that search, kill or wait for long.
LONG := tests/browser tests/disclosure/test_attack.py tests/disclosure/test_integer_attack.py \
	$(patsubst %,tests/press/test_%.py,dask leaks programme resume workers) \
	$(patsubst %,tests/asking/test_%.py,attack entry_lab firefox hosts kills kills_desk networks orders served_browser states turns_lab) \
	$(patsubst %,tests/workshop/test_%.py,lab screens)

portable: $(DEV) ## essaie un autre Python : make portable PYTHON=python3.13 VENV=.venv-3.13
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(LONG:%=--ignore=%)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --nbval-lax --nbval-current-env --nbval-cell-timeout=120 notebooks

glance: $(DEV) ## essaie un autre Python en peu de minutes : exemples de la documentation et carnets
	$(BIN)/python -m pytest -q -n 2 --dist loadfile qgdr_eval
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --nbval-lax --nbval-current-env --nbval-cell-timeout=120 notebooks

# The rooms that decide what is computed and what is shown, and the percentage of their lines and branches
# that tests must go through: just under what is measured (99.5, 98.4, 99.5), so that a rule added without
# a test falls below. BESIDE: what else proves the stored results and the register of publications.
FLOORS := scoring:99 disclosure:98 comparison:99
MEASURED := $(foreach floor,$(FLOORS),$(firstword $(subst :, ,$(floor))))
BESIDE := tests/campaigns tests/reporting/test_view.py tests/press/test_register.py tests/region/test_sending.py

coverage: export QGDR_THOROUGH := 1
coverage: $(DEV) ## mesure ce que parcourent les tests des pièces qui calculent et protègent
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --cov --cov-report= $(LONG:%=--ignore=%) \
		$(foreach room,$(MEASURED),qgdr_eval/$(room) tests/$(room)) $(BESIDE)
	@for floor in $(FLOORS); do \
		$(BIN)/coverage report --include="qgdr_eval/$${floor%:*}/*" --fail-under="$${floor#*:}" || exit 1; \
	done

# Rooms with files that are not committed as they stand; `make quick ROOMS=scoring` names others.
ROOMS ?= $(sort $(shell git status --porcelain | sed -nE 's,.* (qgdr_eval|tests)/([a-z]+)/.*,\2,p'))

quick: $(DEV) ## essaie les seules pièces que touche le travail en cours (ROOMS=… pour d’autres)
	@test -n "$(ROOMS)" || { echo 'Rien n’a changé : nommez des pièces, « make quick ROOMS=scoring ».'; exit 1; }
	$(BIN)/python -m pytest -q -n 2 $(wildcard $(foreach room,$(ROOMS),qgdr_eval/$(room) tests/$(room)))

check: $(DEV) ## vérifie le style, les types et le sens des imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# In French the first time, and never asking for news on the network; who chooses otherwise there keeps it.
LAB := build/lab
LANGUAGE := $(LAB)/@jupyterlab/translation-extension/plugin.jupyterlab-settings
NEWS := $(LAB)/@jupyterlab/apputils-extension/notification.jupyterlab-settings

lab: $(RUN) ## ouvre les carnets dans JupyterLab, en français
	@test -e $(LANGUAGE) || { mkdir -p $(dir $(LANGUAGE)) && echo '{"locale": "fr_FR"}' > $(LANGUAGE); }
	@test -e $(NEWS) || { mkdir -p $(dir $(NEWS)) && echo '{"fetchNews": "false"}' > $(NEWS); }
	JUPYTERLAB_SETTINGS_DIR=$(CURDIR)/$(LAB) $(BIN)/jupyter lab notebooks

# Made anew each time: a page kept from the last run would hide its own dead links.
docs: $(DOCS) ## écrit la documentation en pages, sans réseau, dans build/docs
	rm -rf build/docs
	$(BIN)/sphinx-build --quiet -W -n --keep-going -d build/doctrees --fresh-env docs build/docs
	@echo 'À lire : ouvrez build/docs/index.html dans un navigateur.'

# The others (calibration, funnel, coverage, signals, recognition) measure how often we are wrong: up to an hour each.
BENCH ?= scoring press

bench: $(DEV) ## mesure la vitesse (benchmarks/ ; BENCH=calibration… pour un autre)
	@for name in $(BENCH); do $(BIN)/python "benchmarks/$$name.py" || exit 1; done

fix: $(DEV) ## corrige ce qui peut l’être : style, ordre des imports, sorties des carnets
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	find notebooks -name '*.ipynb' -exec $(BIN)/nbstripout --keep-id {} +

lock: $(DEV) ## refait requirements/*.txt d’après pyproject.toml (LOCK=--upgrade : versions récentes)
	$(COMPILE) $(LOCK) -o requirements/run.txt
	$(COMPILE) $(LOCK) --extra test --extra dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) $(LOCK) --extra docs -c requirements/run.txt -c requirements/dev.txt -o requirements/docs.txt

clean: ## efface .venv, les caches et la démonstration
	rm -rf .venv .venv-* .coverage reports/demo reports/formulaire.html build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache docs/reference/rooms
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# No prerequisite: made once, and again when the Python behind the link is gone.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo 'Il faut Python 3.11 ou plus récent : installez-le, ou indiquez-le par « make PYTHON=python3.12 … ».'; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo 'Il manque à Python son module venv : installez-le (Debian, Ubuntu : apt install python3-venv).'; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo 'Installation des bibliothèques (une fois, une à deux minutes)…'
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# The development lock holds the run lock: `make demo` after `make test` has nothing left to install.
$(DEV): requirements/dev.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo 'Installation des bibliothèques et des outils (une fois, une à deux minutes)…'
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(RUN) $@

$(DOCS): requirements/docs.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo 'Installation des bibliothèques et de Sphinx (une fois, une à deux minutes)…'
	$(PIP) install --require-hashes -r requirements/docs.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(RUN) $@
