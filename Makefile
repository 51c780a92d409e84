# Habits over CMake presets. ARGS="…" reaches the program: make run ARGS="--dark".
PRESET ?= dev
BUILD := build/$(PRESET)
ARGS ?=
# More for CMake when a build folder is made, as CONFIGURE=-DGRAPEVINE_LINES_ONLY=ON.
CONFIGURE ?=
# Tests at a time: one more than cores, as many of them wait for the disk or for a clock.
AT_ONCE ?= $(shell expr $$(nproc) + 1)
# The rooms whose tests `make check` runs, as T=rules or T="runs launch": the folders of tests/ that hold tests.
T ?=
ROOMS := $(sort $(patsubst tests/%/,%,$(dir $(wildcard tests/*/test_*.cpp tests/*/test_*.py))) fuzz)
comma_or = $(subst $(eval) ,|,$(strip $(1)))

.PHONY: help deps configure programs build run check test soak bench screenshot book package package-check format lint tidy asan tsan fuzz headless clean

help:
	@echo "make run          build and start Grapevine (without a display: its first race in the terminal)"
	@echo "make check T=ROOM build and run the tests of one room or several, as T=rules or T=\"runs launch\""
	@echo "make test         build and run all tests"
	@echo "make soak         the tests of hours: 100 kills, 1,000 mutated databases, a fault at every single call, lessons with three seeds"
	@echo "make bench        speed of every rule against plain LibTorch autograd, as ratios"
	@echo "make screenshot   pictures of all views, light and dark, in $(BUILD)/screenshots"
	@echo "make book         docs/ as web pages in build/book (needs Debian's mkdocs)"
	@echo "make package      a Debian package and an archive in $(BUILD); make package-check looks at it with lintian and similar tools"
	@echo "make asan | tsan  tests of what needs no LibTorch under the sanitizers"
	@echo "make fuzz         libFuzzer on every parser; SECONDS=60 each, T=NAME for one"
	@echo "make headless     engine, terminal and their tests without Qt Widgets"
	@echo "make deps | build | format | lint | tidy | clean"

deps:
	@packaging/install-packages.sh

configure: deps
	@test -f $(BUILD)/build.ninja || cmake --preset $(PRESET) $(CONFIGURE) >/dev/null

programs: configure
	@cmake --build --preset $(PRESET) --target programs

build: configure
	@cmake --build --preset $(PRESET)

run: programs
	@if $(BUILD)/bin/grapevine --has-display; then $(BUILD)/bin/grapevine $(ARGS); else $(BUILD)/bin/grapevine-cli race $(ARGS); fi

check: configure
	@test -n "$(strip $(T))" -a -z "$(filter-out $(ROOMS),$(T))" || { echo "make check T=ROOM takes one or several of: $(ROOMS)"; exit 2; }
	@cmake --build --preset $(PRESET) --target $(addprefix check_,$(T))
	@ctest --test-dir $(BUILD) --output-on-failure -R '^($(call comma_or,$(T)))_' $(ARGS)

test: build
	@ctest --test-dir $(BUILD) --output-on-failure -j $(AT_ONCE) -LE slow $(ARGS)

# What takes longer than CI allows; the seed of a kill test is printed, GRAPEVINE_SEED repeats it.
soak: build
	@GRAPEVINE_KILLS=100 GRAPEVINE_FAULTS=all GRAPEVINE_MUTATIONS=1000 GRAPEVINE_LESSON_SEEDS="0 1 2" ctest --test-dir $(BUILD) --output-on-failure --timeout 7200 -R '^(app_test_kills|app_test_bad_databases|desktop_test_mutated_databases|runs_test_faults|launch_test_memory_faults|.*_slow)$$' $(ARGS)

bench: build
	@$(BUILD)/bin/grapevine-bench $(ARGS)
	@$(BUILD)/bin/grapevine-bench-library
	@tests/bench/sweep.sh $(BUILD)/bin/grapevine-cli

screenshot: programs
	@packaging/screenshots.sh $(BUILD)/bin/grapevine $(BUILD)/screenshots

book:
	@command -v mkdocs >/dev/null || { echo "make book needs mkdocs: apt install mkdocs"; exit 2; }
	@mkdocs build --quiet --strict && echo "build/book/index.html"

package: programs
	@cmake --build --preset $(PRESET) --target man_pages package

package-check: programs
	@cmake --build --preset $(PRESET) --target man_pages
	@packaging/check-package.sh $(BUILD)

format:
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i

lint: deps
	@git ls-files '*.h' '*.cpp' | xargs -n 40 -P $$(nproc) clang-format --dry-run -Werror

# Slow: clang reads LibTorch's headers again for every file. FILES="engine/runs/*.cpp" looks at some.
FILES ?= $(shell git ls-files 'engine/*.cpp' 'app/*.cpp' 'ui/*.cpp')
tidy: configure
	@clang-tidy --quiet -p $(BUILD) $(FILES)

# What needs no LibTorch under the sanitizers: LibTorch itself is not built for them. SANITIZED=sanitized_core leaves out
# the rooms of ui, SANITIZED=sanitized_figures looks at ui's figures alone.
SANITIZED ?= sanitized
asan tsan: deps
	@test -f build/$@/build.ninja || cmake --preset $@ $(CONFIGURE) >/dev/null
	@cmake --build --preset $@ --target $(SANITIZED)_tests
	@ctest --test-dir build/$@ --output-on-failure -j $(AT_ONCE) -L '^$(SANITIZED)$$' -LE slow $(ARGS)

# libFuzzer, SECONDS of it for each fuzzer or those of T="idx pickle"; what is found lies in build/fuzz/found.
SECONDS ?= 60
fuzz: deps
	@tests/fuzz/run.sh $(SECONDS) $(T)

headless: deps
	@test -f build/headless/build.ninja || cmake --preset headless >/dev/null
	@cmake --build --preset headless
	@ctest --preset headless -j $(AT_ONCE) $(ARGS)

clean:
	@rm -rf build
