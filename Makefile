PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: help run test quick lint format bench site readme screenshots looks clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Serve the app (PORT=8501) and print its address
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/.dev ## Set up everything the tests need, a browser included, and run them all
	$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.node
	$(BIN)/python -m pytest -m "not browser" -n 2 --dist loadfile
	$(BIN)/python -m pytest -m browser tests/test_browser_*.py

quick: $(VENV)/.dev ## Test what is fast of the core and a few pages in about a minute, without a browser
	$(BIN)/python -m pytest -m "not browser and not slow" -n 2 --dist loadfile --hypothesis-profile=quick

lint: $(VENV)/.dev ## Check the code and its format with ruff, and the JavaScript with oxlint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxlint --deny-warnings

format: $(VENV)/.dev ## Format the code with ruff
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure speed as ratios within one run
	$(BIN)/python -m tests.browser
	$(BIN)/python -m benchmarks

site: $(VENV)/.dev ## Write the playground as a static site, which needs no server (folder: site)
	$(BIN)/python -m browser.site site

readme: $(VENV)/.dev ## Write the README's counts and tables of surfaces and optimizers
	$(BIN)/python -m tests.readme

screenshots: $(VENV)/.dev ## Take the README's screenshots from the running app
	$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.screenshots

looks: $(VENV)/.dev ## Save what every page and part looks like in windows of all sizes, for looking at (folder: looks)
	$(BIN)/python -m tests.browser
	$(BIN)/python -m tests.looks

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .hypothesis .ruff_cache

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.run
