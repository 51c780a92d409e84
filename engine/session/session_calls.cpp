// The calls of a session that any thread may make: commands are queued, questions answered.
#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/session/session.h"
#include "engine/session/session_command.h"
#include "engine/session/uuid.h"

namespace grapevine {

Session::Session(SessionPlan plan, StepperFactory factory, std::vector<Outlet> outlets)
    : plan_(std::move(plan)), factory_(std::move(factory)), outlets_(std::move(outlets)) {
  if (plan_.racers.empty()) throw InputError("a session needs at least one experiment");
  while (plan_.uuids.size() < plan_.racers.size()) plan_.uuids.push_back(make_uuid());
  if (plan_.group_uuid.empty() && plan_.racers.size() > 1) plan_.group_uuid = make_uuid();
  thread_ = std::thread([this] { work(); });
}

Session::~Session() {
  stop();
  join();
}

std::uint64_t Session::post(Command command) {
  std::uint64_t id = 0;
  bool late = false;
  {
    std::lock_guard lock(mutex_);
    id = command.id = next_id_++;
    late = closed_;
    if (!late) commands_.push_back(std::move(command));
  }
  if (late)
    for (const Outlet& outlet : outlets_)
      outlet.box->post([&](Observations& box) { box.acknowledgements.push_back({id, "the run is over"}); });
  wake_.notify_all();
  return id;
}

std::uint64_t Session::play() {
  return post({Command::Kind::play});
}
std::uint64_t Session::pause() {
  return post({Command::Kind::pause});
}
std::uint64_t Session::step(std::int64_t count) {
  return post({Command::Kind::step, count});
}
std::uint64_t Session::stop() {
  return post({Command::Kind::stop});
}
std::uint64_t Session::change(LiveChange change) {
  return post({Command::Kind::change, 0, std::move(change)});
}
std::uint64_t Session::undo() {
  return post({Command::Kind::undo});
}
std::uint64_t Session::note(StepNote note) {
  Command command{Command::Kind::note};
  command.note = std::move(note);
  return post(std::move(command));
}
std::uint64_t Session::inspect(InspectionRequest request) {
  return post({Command::Kind::inspect, 0, {}, std::move(request)});
}
std::uint64_t Session::rehearse(RehearsalRequest request) {
  return post({Command::Kind::rehearse, 0, {}, {}, request});
}

bool Session::done() const {
  const SessionState state = state_.load();
  return state == SessionState::finished || state == SessionState::failed;
}

bool Session::fell_before(std::size_t racer) const {
  if (!plan_.resume_from || racer >= plan_.resume_from->racers.size()) return false;
  const auto& numbers = plan_.resume_from->racers[racer].numbers;
  for (const char* why : {failed_number, done_number})
    if (const auto found = numbers.find(why); found != numbers.end() && found->second > 0) return true;
  return false;
}

void Session::join() {
  if (thread_.joinable()) thread_.join();
}

bool Session::wait_until_prepared() {
  std::unique_lock lock(mutex_);
  prepared_.wait(lock, [this] { return info_ || closed_; });
  return info_.has_value();
}

std::optional<RaceInfo> Session::info() const {
  std::lock_guard lock(mutex_);
  return info_;
}

std::string Session::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace grapevine
