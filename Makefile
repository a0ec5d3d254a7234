# Every target makes what it needs, and nothing twice: on a fresh checkout `make demo` or `make test`
# is the only command. Environments live in the checkout (.venv and .venv-*); `make clean` removes them.

# One environment holds all frameworks, and MXNet 1.9.1 keeps it on Python 3.12 at most.
SUITABLE = import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in [(3, 11), (3, 12)])
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	if $$p -c '$(SUITABLE)' 2>/dev/null; then echo $$p; break; fi; done)

SOURCES := pyproject.toml LICENSE $(wildcard README.md) $(shell find lrsched_core adapters \
	-name __pycache__ -prune -o \( -type d -o -name '*.py' -o -name '*.pyi' -o -name py.typed \) -print)

# The same examples every time; a plain .venv/bin/pytest looks for new ones.
REPRODUCIBLY := --hypothesis-profile=ci
# Two processes, whatever the machine has: each loads every framework, 3 GB.
TOGETHER := --numprocesses=2 --dist=worksteal

# What is installed must have the hashes that are written there. The CPU build of torch is on PyTorch's own index, where pip
# does not look by itself: PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make test. Where files differ, as those
# of another platform: make LOCKED=requirements, which takes the same versions.
LOCKED := requirements/locked
# torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl, which PyTorch's own index has, not the registry.
TORCH_CPU := 6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b

# The checkout must never shadow the wheel that is tested.
unexport PYTHONPATH PYTHONHOME
.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: demo
demo: .venv/wheel.stamp  ## train LeNet in three frameworks with one schedule; options: make demo ARGS="--epochs 1"
	.venv/bin/python notebooks/demo.py $(ARGS)

# Ray and what it needs have an environment of their own.
WHERE := $(if $(findstring --ray,$(ARGS)),.venv-cluster,.venv)

.PHONY: experiments
experiments: $(WHERE)/wheel.stamp  ## train five schedules in three frameworks for 30 epochs, go on where it was stopped; half an hour on two cores; on a Ray cluster: ARGS="--ray ADDRESS"
	$(WHERE)/bin/python notebooks/experiments.py $(ARGS)

.PHONY: cluster
cluster: .venv-cluster/wheel.stamp  ## test what runs on a Ray cluster, on one of two nodes on this machine
	.venv-cluster/bin/pytest ./tests/test_experiments_ray.py ./tests/recipes/test_sweeps.py

.PHONY: test
test: check .venv/wheel.stamp .venv-numpy2/wheel.stamp  ## all checks, then all tests on the built wheel
	.venv-numpy2/bin/pytest $(REPRODUCIBLY) $(TOGETHER) ./tests/core ./tests/laws \
		--doctest-modules --doctest-ignore-import-errors --pyargs lrsched_core
	LRSCHED_TEST_WHEEL="$$(echo dist/*.whl)" .venv/bin/pytest $(REPRODUCIBLY) $(TOGETHER) ./tests --doctest-modules --pyargs lrsched_core \
		lrsched_torch lrsched_keras lrsched_mxnet

.PHONY: notebooks
notebooks: .venv/wheel.stamp  ## execute the notebooks and store what they show; only some: make notebooks ARGS=tour
	.venv/bin/python notebooks/execution.py $(ARGS)

.PHONY: docs
docs: pages  ## make the pages in docs/_build, strictly: a broken link or reference is an error
	.venv/bin/python -m sphinx --fail-on-warning --keep-going --quiet --builder html docs docs/_build
	@echo 'Open docs/_build/index.html, or look at it by: make docs-serve'

# What pages, schema and golden forms take from the code and from tests/examples. Commit what it changes.
.PHONY: pages
pages: .venv/wheel.stamp  ## write anew what is generated: catalogue, parity, schema, forms
	.venv/bin/python docs/write_schema.py
	.venv/bin/python docs/write_catalogue.py
	.venv/bin/python docs/write_parity.py
	.venv/bin/python tests/golden/record.py

.PHONY: docs-serve
docs-serve: docs  ## make the pages and serve them on this machine
	.venv/bin/python -m http.server --bind 127.0.0.1 --directory docs/_build 8000

.PHONY: bench
bench: .venv-bench/wheel.stamp  ## measure speed beside other libraries, write docs/benchmarks.md; options: make bench ARGS=--quick
	.venv-bench/bin/python -m benchmarks $(ARGS)

.PHONY: matrix
matrix: .venv/wheel.stamp  ## try other versions of Python and the frameworks, write docs/versions.md; half an hour and 15 GB of downloads; some: make matrix ARGS="--only torch"
	.venv/bin/python -m tests.versions dist/*.whl $(ARGS)

# Sorted in itself: only what changed shows in a diff. Of torch only the CPU build: what the registry has needs gigabytes of
# CUDA, and pip prefers a file whose hash it knows beforehand to one that it finds elsewhere.
.PHONY: pins
pins: .venv-release/requirements.stamp  ## write the hashes of what requirements/ asks for into requirements/locked
	@for file in $(notdir $(wildcard requirements/*.txt)); do \
		{ echo '# Written by make pins.'; grep '^-r' requirements/$$file; \
		grep -v '^-r' requirements/$$file | .venv-release/bin/uv pip compile --no-config --quiet --no-deps \
			--no-header --no-annotate --generate-hashes --python-version 3.11.7 - | \
			sed '/^torch==/,/[^\\]$$/{/^torch==/!d;s/$$/\n    --hash=sha256:$(TORCH_CPU)/}'; } > requirements/locked/$$file || exit 1; \
	done

.PHONY: sbom
sbom: .venv/wheel.stamp .venv-release/requirements.stamp  ## write dist/sbom.cdx.json: what the tested environment is made of, by CycloneDX
	.venv-release/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type library \
		--output-reproducible --output-format JSON --output-file dist/sbom.cdx.json .venv

.PHONY: check
check: .venv/requirements.stamp  ## lint, format, types, spelling and workflows, without changing a file
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/codespell
	.venv/bin/zizmor --offline --quiet .github/workflows
	.venv/bin/basedpyright --pythonpath .venv/bin/python

.PHONY: format
format: .venv/requirements.stamp  ## format, and fix what the linter can fix
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

.PHONY: clean
clean:  ## remove all that make has made, environments included
	rm -rf .venv .venv-* dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

# A stamp is written last, so that an interrupted set-up is taken up again by the next make.

.venv/requirements.stamp: $(LOCKED)/all.txt $(LOCKED)/test.txt
	$(call environment,.venv,all.txt,3 minutes and 4 GB)

.venv-numpy2/requirements.stamp: $(LOCKED)/numpy2.txt $(LOCKED)/test.txt
	$(call environment,.venv-numpy2,numpy2.txt,half a minute)

.venv-bench/requirements.stamp: $(LOCKED)/bench.txt $(LOCKED)/all.txt $(LOCKED)/test.txt
	$(call environment,.venv-bench,bench.txt,4 minutes and 4 GB)

.venv-cluster/requirements.stamp: $(LOCKED)/cluster.txt $(LOCKED)/all.txt $(LOCKED)/test.txt
	$(call environment,.venv-cluster,cluster.txt,4 minutes and 4 GB)

.venv-release/requirements.stamp: requirements/release.txt
	$(call environment,.venv-release,release.txt,half a minute)

%/wheel.stamp: dist/stamp %/requirements.stamp
	$*/bin/pip install --quiet --no-deps --force-reinstall dist/*.whl
	@touch $@

# The wheel is built from the sdist: what the sdist lacks, the wheel lacks, and the tests notice.
dist/stamp: $(SOURCES) .venv/requirements.stamp
	rm -rf dist
	.venv/bin/python -m build --no-isolation
	@touch $@

.PRECIOUS: %/requirements.stamp %/wheel.stamp

define environment
@if ! $(or $(PYTHON),false) -c '$(SUITABLE)'; then \
	echo 'This needs Python 3.11 or 3.12 with its venv module (on Debian: python3-venv).' >&2; \
	echo 'Where it has another name: make PYTHON=/path/to/python3.11' >&2; exit 1; fi
@echo 'Setting up $(1) with $(PYTHON), once: about $(3).'
@$(PYTHON) -m venv $(1)
@$(1)/bin/pip install --disable-pip-version-check --no-deps --requirement $(LOCKED)/$(2)
@touch $@
endef
