// The state of a run. Its words are in the database: none is ever renamed.
#pragma once

#include "engine/session/open_word.h"

namespace grapevine {

enum class RunStatus {
  none,  ///< not known yet
  running,
  paused,
  finished,
  stopped,
  failed,
  interrupted,  ///< noted as in progress, but no program holds its lock
  other
};

inline std::span<const char* const> vocabulary(RunStatus) {
  static constexpr const char* words[] = {"",        "running", "paused",     "finished",
                                          "stopped", "failed",  "interrupted"};
  return words;
}

using StatusWord = OpenWord<RunStatus>;

/// Noted as in progress; its lock shows whether it is.
inline bool is_going_on(const StatusWord& status) {
  return status == RunStatus::running || status == RunStatus::paused;
}

}  // namespace grapevine
