// What LibTorch throws, in words for people: its first line, without the stack of calls, and what to do where
// memory ran out. Any thread.
#pragma once

#include <c10/util/Exception.h>

#include <string>

#include "engine/error.h"

namespace grapevine {

/// RunError with the plain words of LibTorch's error.
inline RunError plain_error(const c10::Error& error) {
  std::string words = error.what_without_backtrace();
  words = words.substr(0, words.find('\n'));
  for (const char* sign : {"alloc_cpu", "not enough memory", "out of memory", "can't allocate memory"})
    if (words.find(sign) != std::string::npos)
      return RunError(
          "out of memory; use a smaller train.batch, probe.batch or model, fewer racers, or "
          "data.train_limit");
  return RunError("LibTorch: " + words);
}

/// What `work` returns; LibTorch's errors leave it as RunErrors.
template <class Work>
auto in_plain_words(Work work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    throw plain_error(error);
  }
}

}  // namespace grapevine
