// The program's own operator new, which refuses the n-th request; for one test, which includes it once.
// Where it is not armed it is malloc.
#pragma once

#include <dlfcn.h>
#include <execinfo.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace failing_new {

inline std::atomic<long> calls = 0, fails_at = 0;
inline std::atomic<bool> struck = false;

/// Libraries ask for memory where they may not throw: JSON's constructors and its destructor, which takes
/// nested values apart without recursion; libstdc++'s ways through folders; the copy of settings' values, for
/// libstdc++ 12 takes apart a variant of strings whose copy failed as if it had been made. No refusal can be
/// survived there; the programs' reserve (hold_memory_reserve) serves such small requests.
inline bool where_nothing_may_be_thrown() {
  void* frames[64];
  const int count = backtrace(frames, 64);
  for (int i = 0; i < count; ++i) {  // the innermost first
    Dl_info where{};
    if (dladdr(frames[i], &where) == 0 || !where.dli_sname) continue;
    for (const char* library :
         {"json_value7destroy", "external_constructor", "directory_iterator", "remove_all",
          "9grapevine10Experiment", "9grapevine9make_plan", "9grapevine10make_sweep"})
      if (std::strstr(where.dli_sname, library)) return true;
    if (std::strstr(where.dli_sname, "14parse_document")) return false;
  }
  return false;
}

/// The n-th request from now on fails, once.
inline void arm(long n) {
  void* once[1];
  backtrace(once, 1);  // takes memory the first time
  calls = 0;
  struck = false;
  fails_at = n;
}
/// How many requests there were.
inline long disarm() {
  fails_at = 0;
  return calls;
}

inline void* give(std::size_t size) {
  if (fails_at > 0 && ++calls >= fails_at && !struck && !where_nothing_may_be_thrown()) {
    struck = true;
    throw std::bad_alloc();
  }
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

}  // namespace failing_new

void* operator new(std::size_t size) {
  return failing_new::give(size);
}
void* operator new[](std::size_t size) {
  return failing_new::give(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
