// load_engine() of engine_api.h: opens libgrapevine_engine.so once.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/files/memory.h"

namespace grapevine {
namespace {

constexpr const char* library_name = "libgrapevine_engine.so";
constexpr std::size_t size_of_libtorch = std::size_t{1} << 30;  // of its addresses, roughly

// The environment's choice, then next to this library (libgrapevine_core.so lies in the same folder, in the
// build tree and when installed), then where the system's loader looks. An address within this library, for
// dladdr.
void landmark() {}

std::vector<std::string> candidates() {
  if (const char* chosen = std::getenv("GRAPEVINE_ENGINE"); chosen && *chosen) return {chosen};
  std::vector<std::string> places;
  Dl_info here{};
  if (dladdr(reinterpret_cast<const void*>(&landmark), &here) && here.dli_fname) {
    std::error_code none;
    const auto folder = std::filesystem::weakly_canonical(here.dli_fname, none).parent_path();
    places.push_back((folder / library_name).string());
  }
  places.emplace_back(library_name);
  return places;
}

const EngineApi* open_engine() {
  std::string tried;
  for (const std::string& place : candidates()) {
    void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      tried += "\n  " + place + ": " + dlerror();
      continue;
    }
    using Entry = const EngineApi* (*)();
    const auto entry = reinterpret_cast<Entry>(dlsym(library, engine_symbol));
    const EngineApi* api = entry ? entry() : nullptr;
    if (api && api->version == EngineApi{}.version) return api;
    tried += "\n  " + place + ": is of another version of Grapevine";
  }
  if (std::filesystem::exists(candidates().front()) && !has_addresses_for(size_of_libtorch))
    throw RunError(
        "there is too little memory to open the engine, so nothing can be computed; close other programs, or "
        "raise the limit on memory (ulimit -v). Tried:" +
        tried);
  throw RunError("the engine can't be opened, so nothing can be computed; reinstall Grapevine. Tried:" +
                 tried);
}

}  // namespace

void prepare_engine_environment(char** words) {
  // A few microseconds of counting cost nothing measurable and save most of the naps on an idle machine.
  constexpr const char* counted = "1000";
  if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT")) return;
  setenv("GOMP_SPINCOUNT", counted, 0);
  // Qt brings the library along (by way of libb2), and it reads the environment once, before main().
  if (!dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD)) return;
  std::error_code none;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none);  // its name, for top and ps
  if (!none) execv(program.c_str(), words);
}

namespace {

std::mutex mutex;
const EngineApi* api = nullptr;
void (*opened)() = nullptr;

}  // namespace

const EngineApi& load_engine() {
  std::lock_guard lock(mutex);
  if (api) return *api;
  api = open_engine();
  if (opened) opened();
  return *api;
}

void when_engine_opened(void (*then)()) {
  std::lock_guard lock(mutex);
  opened = then;
  if (api && then) then();
}

StepperFactory engine_steppers() {
  return [](const std::vector<Experiment>& racers) { return load_engine().make_stepper(racers); };
}

}  // namespace grapevine
