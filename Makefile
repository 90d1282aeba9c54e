PYTHON ?= python3.11
VENV := .venv
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.ready-dev
BIN := $(VENV)/bin
LLM_READY := .cache/llm/.ready-$(shell sha256sum requirements-llm.lock | cut -c1-12)

.PHONY: run test test-slow fuzz check llm xgboost-ray lock docs clean

run: $(READY)
	@exec $(BIN)/groundswell run $(ARGS)

# Two processes share the tests; a -m in ARGS takes the place of the one here.
PYTEST := $(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

test: $(DEV_READY) check
	$(PYTEST) -m "not slow" $(ARGS)

# The fuzzers of tests/fuzz for a minute in all; SEED names the cases.
fuzz: $(DEV_READY)
	GROUNDSWELL_FUZZ_SECONDS=20 GROUNDSWELL_FUZZ_SEED=$(or $(SEED),14) $(BIN)/pytest -q tests/fuzz $(ARGS)

test-slow: $(DEV_READY)
	$(PYTEST) -m slow $(ARGS)

check: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The older distributed trainer holds xgboost at 2.0.3, so that it lives in an environment of its own.
xgboost-ray: .cache/xgboost-ray/.ready
	RAY_USAGE_STATS_ENABLED=0 PYTHONPATH=. .cache/xgboost-ray/bin/python tests/environments/check_xgboost_ray.py

.cache/xgboost-ray/.ready: requirements-xgboost-ray.lock
	$(PYTHON) -m venv .cache/xgboost-ray
	.cache/xgboost-ray/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-xgboost-ray.lock
	@touch $@

$(READY): requirements.lock requirements-uv.lock requirements-npm.lock pyproject.toml package-lock.json
	@command -v $(PYTHON) >/dev/null || { echo "Groundswell needs Python 3.11: install it or say PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m cli.set_up requirements.lock
	@touch $@

# What only tests and linters need comes on top, when they are first run.
$(DEV_READY): $(READY) requirements-dev.lock
	$(BIN)/python -m cli.set_up requirements-dev.lock
	@touch $@

# The language model has an environment of its own as well: vLLM holds many packages at releases of its choice. What its package for
# CPUs asks for does not fit together, so that the lock is installed as it stands; PyTorch comes from wherever pip finds the build for CPUs.
llm: $(LLM_READY) .cache/weights/SmolLM2-135M-Instruct/config.json
	@echo "The language model is set up: \`make run\` hosts it, \`$(BIN)/groundswell llm\` hosts it alone."

$(LLM_READY):
	$(PYTHON) -m venv --clear .cache/llm
	.cache/llm/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-llm.lock
	.cache/llm/bin/pip install --quiet --disable-pip-version-check --no-deps torch==2.13.0
	.cache/llm/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.cache/weights/SmolLM2-135M-Instruct/config.json: | $(LLM_READY)
	HF_HUB_OFFLINE=1 .cache/llm/bin/python -m serve.hosting.language_model_weights $(@D)

COMPILE := .cache/lock/bin/uv pip compile --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet

lock:
	$(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv
	$(COMPILE) pyproject.toml --group build -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group installer -o requirements-uv.lock
	$(COMPILE) --group npm -o requirements-npm.lock
	printf '%s\n' 'ray[train]==2.60.0' xgboost-ray==0.1.19 xgboost==2.0.3 'numpy>=2.4,<3' 'polars>=2.1,<3' 'scikit-learn>=1.7,<2' | \
		$(COMPILE) - -o requirements-xgboost-ray.lock
	grep -o '^[^ ]*==[^ ]*' requirements-llm.lock > .cache/llm.in
	$(COMPILE) .cache/llm.in --no-deps --no-annotate -o requirements-llm.lock

docs: $(READY)
	$(BIN)/python -m cli.write_docs

clean:
	rm -rf $(VENV) .cache build *.egg-info serve/pages/static/vendor
