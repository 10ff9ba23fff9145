# Everything sets itself up: a fresh machine needs python3.11+; the tests need node too (.ci/run brings it).
PYTHON ?= python3
BIN := .venv/bin
NPM := tests/miniprogram/node_modules/.package-lock.json

.PHONY: run index test check eval check-policies bench-calculator train clean million mutations

run: .venv/ready-run              ## 启动政策问答
	$(BIN)/python app.py

index: .venv/ready-run            ## 更新索引
	$(BIN)/python app.py index

test: check $(NPM)                ## 全部检查和测试
	$(BIN)/pytest

check: .venv/ready-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

eval: .venv/ready-run             ## 问一遍全部评测问题;make eval ARGS=--failures 列出开发部分的错
	$(BIN)/python -m eval $(ARGS)

million: .venv/ready-run          ## 问法×情况×日子,每个答复都和计算器、核验程序对一遍;make million ARGS="-n 20000"
	$(BIN)/python -m eval.million $(ARGS)

mutations: .venv/ready-run        ## 改坏的答复,核验程序一个都不放过;make mutations ARGS="-n 100000"
	$(BIN)/python -m eval.mutations $(ARGS)

check-policies: .venv/ready-run   ## 用中文说出政策数据哪里不对
	$(BIN)/python -m knowledge.programs

bench-calculator: .venv/ready-run ## 一个核一秒算多少次
	$(BIN)/python -m bot.calculator.bench

train: .venv/ready-test           ## 重新训练编码器:make train DATA=文件夹
	$(BIN)/python -m embeddings.train $(DATA)

$(NPM): tests/miniprogram/package-lock.json
	cd tests/miniprogram && npm ci --silent --no-audit --no-fund
	touch $@

clean:
	rm -rf .venv tests/miniprogram/node_modules .mypy_cache .ruff_cache .pytest_cache

.venv/ready-run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/ready-test: requirements-dev.txt .venv/ready-run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
