// Sorting news into rows to be written.
#include "engine/runs/write_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/runs/run_data.h"

namespace grapevine {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

/// Before what was there.
template <class T>
void put_first(std::vector<T>& to, std::vector<T>& from) {
  append(from, to);
  to.swap(from);
}

bool is_success(const StatusWord& status) {
  return status == RunStatus::finished || status == RunStatus::stopped;
}

/// Nobody's best is lost with the older one.
bool supersedes(const CheckpointSet& later, const CheckpointSet& older) {
  for (std::size_t racer = 0; racer < older.racers.size(); ++racer)
    if (older.racers[racer].best && !(racer < later.racers.size() && later.racers[racer].best)) return false;
  return true;
}

}  // namespace

void WriteQueue::start_with(std::size_t racer, const StatusWord& status, const std::string& failure) {
  now_.status[racer] = end_[racer] = status;
  now_.failure[racer] = failure;
  now_.left[racer] = status == RunStatus::finished;
}

void WriteQueue::remember(StoredPast past) {
  samples_ = std::move(past.samples);
  stored_ = samples_.size();
  stored_events_ = std::move(past.events);
  stored_commands_ = std::move(past.commands);
}

void WriteQueue::add(Observations& news) {
  for (const Event& event : news.events) follow_event(event);
  for (const SessionState state : news.states) {
    for (std::size_t racer = 0; racer < now_.status.size(); ++racer) {
      if (state == SessionState::failed && now_.status[racer] != RunStatus::failed)
        now_.failure[racer] = news.failure;
      end_[racer] = status_after(state, stopped_, end_[racer]);
      if (!is_success(end_[racer])) now_.status[racer] = end_[racer];
    }
  }
  changed_ =
      changed_ || !news.events.empty() || !news.commands.empty() || !news.states.empty() || news.step >= 0;
  if (news.step >= 0) {
    step_ = now_.step = news.step;
    epoch_ = now_.epoch = news.epoch;
  }
  append(samples_, news.samples);
  for (Event& event : news.events) {
    const bool last = is_held_back(event);
    if (event.kind == EventKind::finished && !last && event.racer < now_.status.size())
      now_.status[event.racer] = end_[event.racer] = RunStatus::finished;
    (last ? held_back_ : now_.events).push_back(std::move(event));
  }
  append(now_.commands, news.commands);
  for (CheckpointSet& set : news.checkpoints) add_checkpoint(std::move(set));
  make_room();
}

/// The last success of a session. A racer that came to its end before the others is over at once: until they
/// have ended too, each checkpoint knows of it.
bool WriteQueue::is_held_back(const Event& event) const {
  if (event.kind == EventKind::stopped) return true;
  if (event.kind != EventKind::finished) return false;
  for (std::size_t racer = 0; racer < now_.status.size(); ++racer)
    if (!now_.left[racer] && now_.status[racer] != RunStatus::failed) return false;
  return true;
}

void WriteQueue::add_checkpoint(CheckpointSet set) {
  std::erase_if(checkpoints_, [&](const CheckpointSet& older) { return supersedes(set, older); });
  checkpoints_.push_back(std::move(set));
}

void WriteQueue::follow_event(const Event& event) {
  stopped_ = stopped_ || event.kind == EventKind::stopped;
  if (event.racer >= now_.status.size()) return;
  if (event.kind == EventKind::finished && now_.status[event.racer] != RunStatus::failed)
    now_.left[event.racer] = true;
  if (event.kind != EventKind::failed) return;
  failure_told_ = true;
  if (now_.status[event.racer] == RunStatus::failed) return;  // the first reason counts
  now_.status[event.racer] = end_[event.racer] = RunStatus::failed;
  now_.failure[event.racer] = event.cause;
}

/// What is stored goes first. Then samples that wait are thinned by age: every second one of the elder half.
/// Events and commands stay.
void WriteQueue::make_room() {
  if (samples_.size() <= room_) return;
  const std::size_t spare = samples_.size() - room_ + room_ / 4;  // not for every single one
  const std::size_t gone = std::min(stored_, spare);
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(gone));
  stored_ -= gone;
  while (samples_.size() > room_) {
    const std::size_t elder = samples_.size() / 2, before = samples_.size();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i)
      if (i >= elder || i % 2 == 1) samples_[kept++] = samples_[i];
    samples_.resize(kept);
    thinned_out_ += static_cast<std::int64_t>(before - kept);
  }
}

void WriteQueue::close(const StatusWord& status, const std::string& failure) {
  for (std::size_t racer = 0; racer < now_.status.size(); ++racer) {
    if (now_.status[racer] == RunStatus::failed && !now_.failure[racer].empty()) continue;
    if (now_.status[racer] == RunStatus::finished) continue;  // before the others
    const StatusWord said = is_going_on(end_[racer]) ? RunStatus::interrupted : end_[racer];
    now_.status[racer] = status == RunStatus::none ? said : status;
    if (status != RunStatus::failed) continue;
    now_.failure[racer] = failure;
    if (failure_told_) continue;
    now_.events.push_back({static_cast<std::uint16_t>(racer), std::max<std::int64_t>(0, step_), epoch_,
                           EventKind::failed, failure, "{}"});
  }
  append(now_.events, held_back_);
  changed_ = true;
}

void WriteQueue::close_as_interrupted() {
  held_back_.clear();
  close(RunStatus::interrupted, "");
}

std::span<const Sample> WriteQueue::samples(std::size_t most) const {
  return std::span<const Sample>(samples_).subspan(stored_, std::min(most, waiting()));
}

void WriteQueue::drop(std::size_t most) {
  const bool all = waiting() <= most;
  stored_ += std::min(most, waiting());
  if (!all) return;
  append(stored_events_, now_.events);
  append(stored_commands_, now_.commands);
  now_.step = -1;
  changed_ = false;
}

void WriteQueue::rewind() {
  stored_ = 0;
  put_first(now_.events, stored_events_);
  put_first(now_.commands, stored_commands_);
  now_.step = step_;
  now_.epoch = epoch_;
  changed_ = true;
}

std::int64_t WriteQueue::rows() const {
  return static_cast<std::int64_t>(waiting() + now_.events.size() + now_.commands.size());
}

std::int64_t WriteQueue::undone() const {
  const auto count = [](const std::vector<CommandRecord>& commands) {
    return std::count_if(commands.begin(), commands.end(),
                         [](const CommandRecord& one) { return one.undone; });
  };
  return count(stored_commands_) + count(now_.commands);
}

std::optional<CheckpointSet> WriteQueue::take_checkpoint() {
  if (checkpoints_.empty()) return std::nullopt;
  CheckpointSet first = std::move(checkpoints_.front());
  checkpoints_.pop_front();
  return first;
}

void WriteQueue::give_back(CheckpointSet set) {
  const bool needed = std::none_of(checkpoints_.begin(), checkpoints_.end(),
                                   [&](const CheckpointSet& later) { return supersedes(later, set); });
  if (needed) checkpoints_.push_front(std::move(set));
}

}  // namespace grapevine
