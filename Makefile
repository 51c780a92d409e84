# Habits over CMake presets. ARGS="…" reaches the program: make run ARGS="--dark".
PRESET ?= dev
BUILD := build/$(PRESET)
ARGS ?=

.PHONY: help deps build run test bench package format lint asan tsan clean

help:
	@echo "make run      build and start Grapevine (without a display: its first race in the terminal)"
	@echo "make test     build and run all tests"
	@echo "make bench    speed of every rule beside plain LibTorch autograd, as ratios"
	@echo "make package  a Debian package and an archive in $(BUILD)"
	@echo "make deps | build | format | lint | asan | tsan | clean"

deps:
	@packaging/install-packages.sh

build: deps
	@test -f $(BUILD)/build.ninja || cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET)

run: build
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BUILD)/bin/grapevine $(ARGS); else $(BUILD)/bin/grapevine-cli race $(ARGS); fi

test: build
	@ctest --test-dir $(BUILD) --output-on-failure $(ARGS)

bench: build
	@$(BUILD)/bin/grapevine-bench $(ARGS)

package: build
	@cmake --build --preset $(PRESET) --target package

format:
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i

lint: deps
	@git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run -Werror

# The session and the store under the sanitizers: LibTorch itself is not built for them.
asan tsan: deps
	@test -f build/$@/build.ninja || cmake --preset $@ >/dev/null
	@cmake --build --preset $@ --target sanitized_tests
	@ctest --test-dir build/$@ --output-on-failure -R '^(experiment|plans|session|runs|data|launch)_'

clean:
	@rm -rf build
