# 常用命令；make help 列出全部。
PYTHON ?= python3
BIN := .venv/bin/python
# 只跑一部分测试：make test t=tests/domain
t ?=
# 杀进程的测试重复多少遍：make fuzz rounds=20
rounds ?= 100
# 性能测试的件数和其他选项：make bench n=1000000 o="--jobs list"
n ?=
o ?=
PYTEST := $(BIN) -m pytest --numprocesses=auto --maxprocesses=8 --dist=worksteal

.DEFAULT_GOAL := help
.PHONY: help run test check check-static test-16 fuzz bench bench-record demo flask migration openapi openapi-release packages dev-packages python

help: ## 列出这些命令
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: packages ## 在本机启动整个产品（GUANJIA_HOME、PORT、DATABASE_URL 可指定）
	@exec $(BIN) -m tools.run

test: dev-packages ## 运行全部测试；t=路径 只运行一部分
	@$(PYTEST) $(t)

check: check-static test ## 合并之前要通过的全部检查：格式、规范、类型、引用关系、测试

check-static: dev-packages ## 同上，不含测试
	$(BIN) -m ruff format --check
	$(BIN) -m ruff check
	$(BIN) -m mypy
	.venv/bin/lint-imports

test-16: dev-packages ## 在 PostgreSQL 16 上运行迁移和故事测试
	@GUANJIA_TEST_PG=16 $(PYTEST) tests/migrations tests/stories

fuzz: dev-packages ## 反复杀掉发送消息的进程、随机调用全部接口、随机办理诉求；rounds=次数
	@GUANJIA_FUZZ_ROUNDS=$(rounds) $(PYTEST) tests/jobs/test_killed_sender.py tests/jobs/test_killed_texter.py tests/contract $(wildcard tests/*/test_model.py tests/*/*/test_model.py)

bench: dev-packages ## 装载、驱动产品和底线，打印比值；n="1000 100000" 件数，o="--jobs list,show --rounds 1" 其他选项
	@$(BIN) -m bench $(foreach size,$(n),--size $(size)) $(o)

bench-record: dev-packages ## 同上，并把结果写入 docs/performance.md
	@$(BIN) -m bench $(foreach size,$(n),--size $(size)) $(o) --write docs/performance.md

demo: packages ## 对正在运行的产品讲一遍完整的故事
	@exec $(BIN) -m tools.demo

flask: packages ## 对正在运行的产品执行 flask 命令：do="import housekeepers 名册.xlsx"
	@exec $(BIN) -m tools.command $(do)

migration: dev-packages ## 生成新的数据库迁移：m="add bulletins"
	@$(BIN) -m tools.migration "$(m)"

openapi: dev-packages ## 按代码重写 docs/openapi.json，供审阅差异
	@$(BIN) -m tools.openapi

openapi-release: dev-packages ## 发布时：把现在的接口约定记为 docs/openapi.published.json
	@$(BIN) -m tools.openapi release

packages: python
	@$(PYTHON) tools/packages.py requirements.txt

dev-packages: python
	@$(PYTHON) tools/packages.py requirements-dev.txt

python:
	@command -v $(PYTHON) >/dev/null || { echo "找不到 $(PYTHON)：需要 Python 3.11 或更新，可用 PYTHON= 指定。" >&2; exit 1; }
