# make run and make test do everything, on a fresh machine too. make help lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Settings, with their defaults; README, "Settings".
export TANDEM_PORT ?= 8080
export TANDEM_RASA_PORT ?= 5005
export TANDEM_ACTIONS_PORT ?= 5055
export TANDEM_KNOWLEDGE_URL ?= sqlite:///var/knowledge.db
export TANDEM_TRACKER_URL ?= sqlite:///var/tracker.db
export TANDEM_RASA_URL ?= http://127.0.0.1:$(TANDEM_RASA_PORT)

# Rasa and its dependencies are chatty on Python 3.10: none of it is news to whoever runs this.
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONUNBUFFERED := 1
# The action server listens where this says; strangers reach the front door only.
export SANIC_HOST := 127.0.0.1

UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
PYTHON := .venv/bin/python
MODEL := models/tandem.tar.gz
QUESTIONS := $(wildcard knowledge/questions/*.yml)
WORDS := knowledge/goals.yml knowledge/vocabulary.yml
WIDGET := $(shell npm --version >/dev/null 2>&1 && test -f widget/package-lock.json && echo widget/dist/tandem.js)

.PHONY: run telegram slack chat train knowledge test lint score bench calibrate clean help

run: .venv/ready knowledge $(MODEL) $(WIDGET) ## set up, build, train what has changed, and serve
	@$(PYTHON) -m tools.prepare
	@mkdir -p var/log
	@exec $(PYTHON) -m tools.start

telegram: ## the same, with Telegram by long polling, from a laptop: needs TANDEM_TELEGRAM_TOKEN
	@: $${TANDEM_TELEGRAM_TOKEN:?must be the token that @BotFather gives (README, Telegram)}
	@TANDEM_TELEGRAM_SECRET= TANDEM_TELEGRAM_WEBHOOK= exec $(MAKE) run

slack: ## the same, with Slack, from a laptop: needs TANDEM_SLACK_BOT_TOKEN and TANDEM_SLACK_APP_TOKEN
	@: $${TANDEM_SLACK_BOT_TOKEN:?must be the Bot User OAuth Token, xoxb-… (README, Slack)}
	@: $${TANDEM_SLACK_APP_TOKEN:?must be an App-Level Token with connections:write, xapp-… (README, Slack)}
	@exec $(MAKE) run

chat: .venv/ready knowledge $(MODEL) ## the same, but talk here in the terminal
	@$(PYTHON) -m tools.prepare chat
	@exec $(PYTHON) -m tools.chat

train: .venv/ready $(MODEL) ## train what has changed
	@echo "The model is up to date: $(MODEL)"

knowledge: .venv/ready ## check the question files and build the database they are answered from
	@$(PYTHON) -m knowledge build

test: .venv/ready knowledge $(MODEL) $(WIDGET) ## everything that must hold
	@$(MAKE) lint
	@$(PYTHON) -m pytest

lint: .venv/ready ## formatting, lint, types, and the question files
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m knowledge check

score: .venv/ready knowledge $(MODEL) ## held-out questions against the trained model
	@$(PYTHON) -m bench.understanding

bench: .venv/ready knowledge $(MODEL) ## every figure of bench/RESULTS.md (two hours; see there for one at a time)
	@$(PYTHON) -m bench

calibrate: .venv/ready knowledge $(MODEL) ## fit components/scope.json, by which Tandem tells what is its own; make train takes it up
	@$(PYTHON) -m bench.development --calibrate

clean: ## remove what was built; conversations in var/ stay
	rm -rf models .rasa .venv .uv widget/node_modules widget/dist var/knowledge.db var/phrasings.yml

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The model depends on how people ask, not on what is answered: this file changes only when a phrasing does.
var/phrasings.yml: $(QUESTIONS) | .venv/ready
	@mkdir -p var
	@$(PYTHON) -m knowledge export > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(MODEL): var/phrasings.yml $(WORDS) config.yml domain.yml $(wildcard data/*.yml components/*.py components/*.json) knowledge/search.py uv.lock
	@$(PYTHON) -m tools.train $@

.venv/ready: uv.lock pyproject.toml .python-version lean/pyproject.toml $(wildcard lean/*/*.py) | $(filter .uv/bin/uv,$(UV))
	@echo "Installing the libraries (about 500 MB the first time) ..."
	@$(UV) sync --frozen --quiet
	@touch $@

.uv/bin/uv:
	@echo "Bringing uv, the installer ..."
	@python3 -m venv .uv && .uv/bin/python -m pip install --quiet uv

widget/dist/tandem.js: widget/package-lock.json $(shell find widget/src -type f 2>/dev/null)
	@echo "Building the widget ..."
	@cd widget && npm ci --silent --no-audit --no-fund && npm run --silent build
