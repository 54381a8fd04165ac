# make run     everything on this machine, and the report       make run ONCE=1   ends when the report is written
# make test    all tests, with lint                             make bench        how fast it is, beside its peers
# make format  puts the code in the house's form                make scale        fold and report of a large synthetic city
# make demo    example years on the real policies, into var-demo, and their pages into demo
# make torture  the tests that search for faults, long; LONG=1 longer (ONLY=regex: some of them)
# make sanitize  what runs on threads, under ThreadSanitizer and AddressSanitizer
# make mutants  breaks the rules on purpose and sees that a test turns red (ONLY="name name": some of them)
# make install DESTDIR=DIR  what runs on a machine without Swift, into DIR (Packaging/install)     PREFIX=/usr
# make clean
.PHONY: run install demo test torture sanitize mutants lint format bench scale build clean
SHELL = /bin/bash
.SHELLFLAGS = -eu -o pipefail -c
# Through a pipe on purpose: on a terminal Swift 6.3's `swift build` was seen to hang while it draws its progress.
PLAIN = 2>&1 | cat
# Linked dynamically on purpose: the processes share Swift's libraries in memory (Docs/decisions/0003-first-details.md).
RELEASE = swift build -c release
# Test targets that start processes or wait for sockets: beside tests that take every core they would wait for their turn, and call it a
# failure. `make test` runs them by themselves, in lanes.
WITH_PROCESSES = ^(EndToEndTests|BrokerTests|SpreadsheetsTests|ZeroMQTests)[.]

run:
	@.ci/install
	@echo "building (the first time takes some minutes) …"
	@$(RELEASE) $(PLAIN)
	@.build/release/pejling up $(if $(ONCE),--once) $(ARGS)

demo:
	@.ci/install
	@echo "building (the first time takes some minutes) …"
	@$(RELEASE) $(PLAIN)
	@.build/release/pejling demo --again $(ARGS)

build:
	@.ci/install
	$(RELEASE) $(PLAIN)

PREFIX = /usr
install:
	@.ci/install install
	@echo "building for release …"
	@$(RELEASE) $(PLAIN)
	@Packaging/install .build/release $(PREFIX) $(DESTDIR)

test:
	@.ci/install test
	@$(MAKE) --no-print-directory lint
	@echo "building the tests …"
	swift build --build-tests $(PLAIN)
	@echo "tests that wait for nobody, side by side …"
	swift test --skip-build --skip '$(WITH_PROCESSES)' $(PLAIN)
	@echo "tests that start processes and wait for them, in lanes …"
	@Tests/lanes '$(WITH_PROCESSES)'

# The suites named …Torture, in a release build (seeds count, not seconds). One line of the table per test.
torture:
	@.ci/install test
	@echo "building the tests for release …"
	@swift build -c release --build-tests -Xswiftc -enable-testing --scratch-path .build-torture $(PLAIN)
	@rm -f .build-torture/table.md
	@failed=0; PEJLING_TORTURE=$(if $(LONG),long,torture) PEJLING_TORTURE_TABLE=$$PWD/.build-torture/table.md \
	  swift test -c release --skip-build -Xswiftc -enable-testing --scratch-path .build-torture --no-parallel --filter '$(or $(ONLY),Torture/)' $(PLAIN) || failed=1; \
	  printf '\n| test | figure | time |\n|---|---|---|\n'; cat .build-torture/table.md; exit $$failed

# libzmq and Swift's libraries are not built for it, so what they synchronise by themselves is named in the suppressions.
SANITIZED = ^(WireTests|ZeroMQTests|LedgerTests|BrokerTests|PluginKitTests|LogLinesTests)[.]
sanitize:
	@.ci/install test
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/thread-sanitizer.txt halt_on_error=0 exitcode=66" \
	  swift test --sanitize=thread --scratch-path .build-thread --no-parallel --filter '$(or $(ONLY),$(SANITIZED))' $(PLAIN)
	@echo "two suites bound the memory of a process, which AddressSanitizer multiplies: they are left out"
	ASAN_OPTIONS="detect_leaks=0" \
	  swift test --sanitize=address --scratch-path .build-address --no-parallel --filter '$(or $(ONLY),$(SANITIZED))' \
	  --skip 'FloodTorture|PluginTableTorture' $(PLAIN)

mutants:
	@.ci/install test
	@Tests/Mutants/run $(ONLY)

lint:
	@echo "lint: swift format lint --strict"
	@swift format lint --strict --recursive --parallel Package.swift Sources Plugins Tests

format:
	swift format --in-place --recursive --parallel Package.swift Sources Plugins Tests

bench:
	@.ci/install bench
	@echo "building everything for release, and the benchmark …"
	@$(RELEASE) $(PLAIN)
	@swift build -c release --package-path Tests/Performance --scratch-path .build-bench $(PLAIN)
	@.build-bench/release/pejling-bench $(ARGS)

scale:
	@.ci/install
	@echo "building the benchmark …"
	@swift build -c release --product pejling-scale --package-path Tests/Performance --scratch-path .build-bench $(PLAIN)
	@.build-bench/release/pejling-scale $(ARGS)

clean:
	rm -rf .build .build-bench .build-torture .build-mutants .build-thread .build-address .venv
