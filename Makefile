# make demo and make test each work alone on a fresh clone: Python >= 3.11 and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MUTATION := $(VENV)/mutation
MUTATION_PROCESSES ?= 2

.PHONY: demo test test-full lint schemas catalogues benchmarks eval mutation clean help

help:
	@echo "make demo        set up, import the sample programme, print suggestions, write JSON and CSV"
	@echo "make test        set up, lint, type-check and run the tests"
	@echo "make test-full   the same with the slow suites"
	@echo "make schemas     write the JSON Schemas and generated pages under docs/"
	@echo "make catalogues  collect every sentence for translation and compile the translations"
	@echo "make benchmarks  measure speed and memory as ratios; results go to benchmarks/results/"
	@echo "make eval        run the experiments on real data (needs MATCHENGINE_DATA)"
	@echo "make mutation    change the code in small ways and count what the tests notice (minutes)"

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP)
	$(BIN)/matchengine demo

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Two processes share the machine: more threads would only wait for each other.
test test-full: export OPENBLAS_NUM_THREADS := 1
test test-full: export OMP_NUM_THREADS := 1

test: lint
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-full: lint
	$(BIN)/python -m pytest -n 2

schemas: $(STAMP)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/plugin_reference.py

catalogues: $(STAMP)
	$(BIN)/python docs/catalogue.py

benchmarks: $(STAMP)
	$(BIN)/python -m benchmarks.run

eval: $(STAMP)
	$(BIN)/python -m eval.run

# mutmut has an environment of its own, which sees the packages of the other one; nothing else needs it.
$(MUTATION)/.installed: $(STAMP)
	$(BIN)/python -m venv $(MUTATION)
	$(MUTATION)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt mutmut==3.8.1
	$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
	  > "$$($(MUTATION)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/beside.pth"
	@touch $@

# From the start: mutmut keeps what it found about a function until the function changes, whatever tests were added.
mutation: export OPENBLAS_NUM_THREADS := 1
mutation: export OMP_NUM_THREADS := 1
mutation: $(MUTATION)/.installed
	rm -rf mutants
	$(MUTATION)/bin/python -m mutmut run --max-children $(MUTATION_PROCESSES) > mutation.log \
	  || { tail -n 20 mutation.log; exit 1; }
	$(MUTATION)/bin/python tools/mutation.py

clean:
	rm -rf $(VENV) demo-output mutants mutation.log
