// The words of a refusal.
#pragma once

#include <string>

#include "engine/error.h"

namespace grapevine {

/// The words of the InputError that `work` throws; "" when it throws none.
template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace grapevine
