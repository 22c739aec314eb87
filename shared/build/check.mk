# Lint, tests, fuzzing, benchmarks.
test:
	@$(STACK) packages test
	@$(MAKE) --no-print-directory lint-fast
	@$(MAKE) --no-print-directory MODE=asan BUILD=.build/asan -j$(JOBS) build unit-build
	@$(MAKE) --no-print-directory MODE=asan BUILD=.build/asan unit
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=5
	@cd tests && npm ci --silent --no-audit --no-fund
	@BUILD=.build/asan bash tests/run.sh

# The part of lint that needs no database and no second compiler.
lint-fast:
	@bash shared/build/lint.sh fast

lint:
	@$(STACK) packages test
	@bash shared/build/lint.sh all

unit-build: $(UNIT)

routes: build
	@for p in $(SERVICES); do $(BUILD)/bin/$$p --routes; done

clean:
	@[ ! -d .run ] || $(STACK) down
	@for r in .test*; do [ ! -d $$r ] || RUN=$$r $(STACK) down; done
	rm -rf .build .run .test* tests/node_modules

help:
	@echo '永就业365 的命令：'
	@echo '  make run        安装所缺、构建、起库、装载示例城市、演示主流程并持续服务'
	@echo '  make demo       同上，演示完即停'
	@echo '  make up|down    启动、停止（数据保留在 .run/）'
	@echo '  make status     各程序状态      make logs     跟踪日志'
	@echo '  make reload     逐个平滑更换程序（PROGRAM=gateway 只换一个），不丢请求'
	@echo '  make run TLS=1  前置 HAProxy 终止 TLS（开发证书在 .run/secrets）'
	@echo '  make sign-in    各角色登录方式（示例城市）'
	@echo '  make test       全部测试（自带独立服务器）'
	@echo '  make unit       单元测试        make fuzz FUZZ_SECONDS=60'
	@echo '  make test-security 攻击用例与模糊测试'
	@echo '  make lint       依赖方向、SQL、格式、两种编译器'
	@echo '  make bench-core 运行时的基准    make bench-gateway 网关与登录的基准'
	@echo '  make check-index 核对内存索引与数据库'
	@echo '  make check-figures 由各服务事件日志重算全部指标并逐格核对；make rebuild-figures 就地重建'
	@echo '  make bench-jobs 检索与匹配的基准（并与 groonga、PostgreSQL 比较）'
	@echo '  make routes     全部接口'
	@echo '  make clean      删除构建与运行数据'
	@echo '变量：PEOPLE EMPLOYERS SEED GATEWAY_HOST GATEWAY_PORT MODE CC BUILD RUN'
.PHONY: test lint lint-fast unit-build routes clean help

-include shared/build/fuzz.mk shared/build/bench.mk shared/build/fault.mk shared/build/security.mk
