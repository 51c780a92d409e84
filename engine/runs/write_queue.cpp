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
}

/// Nobody's best is lost with the older one.
bool supersedes(const CheckpointSet& later, const CheckpointSet& older) {
  for (std::size_t racer = 0; racer < older.racers.size(); ++racer)
    if (older.racers[racer].best && !(racer < later.racers.size() && later.racers[racer].best)) return false;
  return true;
}

}  // namespace

void WriteQueue::start_with(std::size_t racer, const std::string& status, const std::string& failure) {
  now_.status[racer] = status;
  now_.failure[racer] = failure;
  now_.left[racer] = status == "finished";
}

void WriteQueue::add(Observations& news) {
  for (const Event& event : news.events) follow_event(event);
  for (const SessionState state : news.states) {
    for (std::size_t racer = 0; racer < now_.status.size(); ++racer) {
      if (state == SessionState::failed && now_.status[racer] != "failed") now_.failure[racer] = news.failure;
      now_.status[racer] = status_after(state, stopped_, now_.status[racer]);
    }
  }
  changed_ =
      changed_ || !news.events.empty() || !news.commands.empty() || !news.states.empty() || news.step >= 0;
  if (news.step >= 0) {
    step_ = now_.step = news.step;
    epoch_ = now_.epoch = news.epoch;
  }
  append(samples_, news.samples);
  append(now_.events, news.events);
  append(now_.commands, news.commands);
  for (CheckpointSet& set : news.checkpoints) add_checkpoint(std::move(set));
}

void WriteQueue::add_checkpoint(CheckpointSet set) {
  std::erase_if(checkpoints_, [&](const CheckpointSet& older) { return supersedes(set, older); });
  checkpoints_.push_back(std::move(set));
}

void WriteQueue::follow_event(const Event& event) {
  stopped_ = stopped_ || event.kind == "stopped";
  if (event.racer >= now_.status.size()) return;
  if (event.kind == "finished" && now_.status[event.racer] != "failed") {
    now_.status[event.racer] = "finished";
    now_.left[event.racer] = true;
  }
  if (event.kind != "failed") return;
  failure_told_ = true;
  if (now_.status[event.racer] == "failed") return;  // the first reason counts
  now_.status[event.racer] = "failed";
  now_.failure[event.racer] = event.cause;
}

void WriteQueue::close(const std::string& status, const std::string& failure) {
  for (std::size_t racer = 0; racer < now_.status.size(); ++racer) {
    if ((now_.status[racer] == "failed" && !now_.failure[racer].empty()) || now_.left[racer]) continue;
    now_.status[racer] = status;
    if (status != "failed") continue;
    now_.failure[racer] = failure;
    if (failure_told_) continue;
    now_.events.push_back({static_cast<std::uint16_t>(racer), step_, epoch_, "failed", failure, "{}"});
  }
  changed_ = true;
}

bool WriteQueue::ended() const {
  return std::none_of(now_.status.begin(), now_.status.end(),
                      [](const std::string& status) { return status == "running" || status == "paused"; });
}

std::span<const Sample> WriteQueue::samples(std::size_t most) const {
  return std::span<const Sample>(samples_).first(std::min(most, samples_.size()));
}

void WriteQueue::drop(std::size_t most) {
  const bool all = samples_.size() <= most;
  samples_.erase(samples_.begin(),
                 samples_.begin() + static_cast<std::ptrdiff_t>(std::min(most, samples_.size())));
  if (!all) return;
  now_.events.clear();
  now_.commands.clear();
  now_.step = -1;
  changed_ = false;
}

std::int64_t WriteQueue::rows() const {
  return static_cast<std::int64_t>(samples_.size() + now_.events.size() + now_.commands.size());
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
