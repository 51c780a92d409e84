// What kinds of events there are. Their words are in the database: none is ever renamed.
#pragma once

#include "engine/session/open_word.h"

namespace grapevine {

enum class EventKind {
  started,
  calibration,
  setting,
  command,
  epoch,
  warning,
  replay,
  checkpoint,
  resumed,
  finished,
  stopped,
  failed,
  lesion,
  freeze,
  undo,
  note,
  alert,
  other
};

inline std::span<const char* const> vocabulary(EventKind) {
  static constexpr const char* words[] = {
      "started",  "calibration", "setting", "command", "epoch",  "warning", "replay", "checkpoint", "resumed",
      "finished", "stopped",     "failed",  "lesion",  "freeze", "undo",    "note",   "alert"};
  return words;
}

}  // namespace grapevine
