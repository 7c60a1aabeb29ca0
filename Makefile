# make run    set up .venv, run the default config, write the report
# make verify run a config (CONFIG=...) and hold its figures against results/reference
# make archive run a config, then pack its results into results/<name>.zip
# make check  before each commit: lint, types and the fast tests, in a minute
# make test   before each merge: lint, types and all tests but the slow ones
# make lint-page   check the playground's JavaScript; needs Node
# make test-slow   the slow tests
# make coverage   which lines and branches of the library the tests reach
# make bench  the comparisons of speed that need no download: the CRF, the training loop
# make bench-all  all comparisons of speed, in one table
# make bench-device  speed and memory of training on this machine's GPU, or else its processor
# make docs   build the site from docs/ and the docstrings into build/site
# make dist   build the wheel and the source package into dist/
# make constraints   write constraints.txt anew: the newest versions that pyproject.toml allows
# make test-reproduction   run the default config twice and compare every byte: five minutes
# make test-slurm   submit to a real Slurm on this machine: needs root, slurm-wlm and munge
PYTHON ?= python3
CORES ?= all
EXTRAS ?= archive,docs,onnx,test,workflow
BIN := .venv/bin
CONFIG ?= config/config.yaml
NAME = $$($(BIN)/python -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["name"])' $(CONFIG))
SNAKEMAKE = $(BIN)/snakemake --logger nlpflow --configfile $(CONFIG) --cores $(CORES)

.PHONY: run report verify archive check test lint lint-fast lint-page unit coverage bench bench-all bench-device docs dist constraints \
    test-slow test-reproduction test-slurm clean
run: .venv/ready
	@$(SNAKEMAKE)
	@$(MAKE) --no-print-directory report

report: .venv/ready
	@$(SNAKEMAKE) --report results/$(NAME).html
	@$(BIN)/nlpflow summary $(CONFIG)

verify: .venv/ready
	$(SNAKEMAKE)
	$(BIN)/nlpflow verify $(NAME)

archive: run
	$(BIN)/nlpflow archive $(CONFIG)

check: lint-fast
	$(BIN)/pytest -n 2 -m "not long and not slow"

test: lint unit

lint: lint-fast
	$(BIN)/snakemake --lint

lint-fast: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/Snakefile rules
	$(BIN)/mypy
	$(BIN)/lint-imports

# ESLint is the usual linter of JavaScript; npx fetches this version from npm.
lint-page:
	npx --yes eslint@9.39.1 --no-config-lookup --config tools/eslint.config.mjs workflow/nlpflow/playground/web

unit: .venv/ready
	$(BIN)/pytest -n 2 -m "not slow"

coverage: .venv/ready
	$(BIN)/pytest -n 2 --cov --cov-report=term

bench: .venv/ready
	$(BIN)/python benchmarks/crf_speed.py --turns 40
	$(BIN)/snakemake --cores $(CORES) data/encoded/sample
	$(BIN)/python benchmarks/loop_overhead.py

bench-all: .venv/ready
	$(BIN)/python benchmarks/everything.py --cores $(CORES) $(if $(MIRROR),--mirror $(MIRROR)) \
	    $(if $(JOEYNMT),--joeynmt $(JOEYNMT))

bench-device: .venv/ready
	$(BIN)/python benchmarks/device.py

docs: .venv/ready
	$(BIN)/python tools/site_pages.py build/pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python tools/site_check.py build/site
	@echo "site: build/site/index.html"

dist: .venv/ready
	$(BIN)/python -m build --no-isolation --outdir dist

# GPUs need other builds of torch and its companions: those stay free, and so does the build in +cpu.
constraints:
	rm -rf build/fresh && $(PYTHON) -m venv build/fresh
	build/fresh/bin/python -m pip install --quiet --disable-pip-version-check --editable \
	    '.[archive,bench,docs,glove,japanese,korean,onnx,slurm,test,workflow]'
	(sed '/^[^#]/d' constraints.txt; build/fresh/bin/python -m pip freeze --all --exclude-editable | \
	    sed -e '/^\(pip\|nvidia-.*\|cuda-.*\|triton\)==/d' -e 's/+[a-z0-9.]*$$//') > build/constraints.txt
	mv build/constraints.txt constraints.txt

test-slow: .venv/ready
	$(BIN)/pytest -n 2 -m slow

test-reproduction: .venv/ready
	$(BIN)/pytest tests/reproduction

test-slurm: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint constraints.txt --editable '.[$(EXTRAS),slurm]'
	$(BIN)/pytest tests/slurm

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nlpflow needs Python 3.11 or newer; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint constraints.txt --editable '.[$(EXTRAS)]'
	touch $@

clean:
	rm -rf build dist .snakemake data/raw data/prepared data/vocabularies data/encoded logs results/[!r]* results/.checkpoints
