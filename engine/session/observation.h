// What a session reports about its run: samples, events, changes of state. Plain data that is passed through
// mailboxes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/session/checkpoint.h"
#include "engine/session/event_kind.h"
#include "engine/session/inspection.h"
#include "engine/session/progress.h"
#include "engine/session/rehearsal.h"

namespace grapevine {

enum class SessionState { idle, running, paused, stopping, finished, failed };
const char* to_text(SessionState state);

/// One value of one series. NaN and infinities are allowed (stored as NULL).
struct Sample {
  std::uint16_t racer = 0;
  std::uint16_t measure = 0;  ///< index in measures()
  std::uint16_t point = 0;    ///< feedback point or segment from 1; 0 = the whole run
  std::int64_t step = 0;
  double epoch = 0;    ///< fractional epochs done
  double seconds = 0;  ///< training time since the run began, pauses left out
  double value = 0;
};

/// Something that happened. `data` is one JSON object as text.
struct Event {
  std::uint16_t racer = 0;
  std::int64_t step = 0;
  double epoch = 0;
  OpenWord<EventKind> kind = EventKind::other;
  std::string cause;  ///< one sentence for people
  std::string data = "{}";
};

/// A command as it was carried out: with the experiment, these replay a run.
struct CommandRecord {
  std::int64_t step = 0;
  std::string command;  ///< "set", "lesion" (live_change.h); pauses change no number and are not recorded
  std::string value;    ///< "optimizer.lr=0.001"
  bool undone = false;  ///< the reverse: the last one is undone, as if it had not been given
};

/// The answer to a command, in the order given. `message` is empty when it was carried out.
struct Acknowledgement {
  std::uint64_t command_id = 0;
  std::string message;
};

/// Everything since the reader last looked. Order within each vector is the order in which things happened.
struct Observations {
  std::vector<Sample> samples;
  std::vector<Event> events;
  std::vector<CommandRecord> commands;
  std::vector<Acknowledgement> acknowledgements;
  std::vector<CheckpointSet> checkpoints;  ///< only for outlets that ask for them (the store)
  std::vector<SessionState> states;        ///< in order; the last is the present one
  std::int64_t step = -1;                  ///< the latest step, -1 = unchanged
  double epoch = 0;
  double steps_per_second = 0;  ///< over about the last second
  /// What undo would take back, in words, since it changed; "" = nothing.
  std::optional<std::string> undoable;
  std::optional<WorkProgress> preparing;  ///< the progress of long work before the first step; the latest
  std::string failure;                    ///< why, when the last state is failed
  // Of an inspection; the latest, nullptr = nothing new.
  std::shared_ptr<const InspectionSet> inspection;
  std::shared_ptr<const Rehearsal> rehearsal;

  bool empty() const;
  void clear();  ///< keeps the vectors' memory
  /// Adds what came later. Checkpoints, which are large, go only to outlets that ask for them.
  void append(const Observations& later, bool with_checkpoints);
};

}  // namespace grapevine
