#include "engine/launch/launch.h"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/launch/check.h"
#include "engine/launch/resume.h"
#include "engine/launch/timed_commands.h"
#include "engine/runs/database_identity.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_words.h"
#include "engine/runs/run_writer.h"
#include "engine/session/interruption.h"
#include "engine/session/progress.h"
#include "engine/session/uuid.h"

namespace grapevine {
namespace {

/// Of a new run, before its rows: what is known without the store.
std::vector<RunData> unborn(const ExperimentPlan& plan, const StoredRace& race) {
  std::vector<RunData> runs;
  for (std::size_t i = 0; i < plan.racers.size(); ++i) {
    RunData run;
    run.uuid = race.uuids[i];
    run.group_uuid = race.group_uuid;
    run.name = RunSettings::of(plan.racers[i]).name;
    run.rule = plan.racers[i].rule();
    run.status = RunStatus::running;
    if (i < race.origins.size()) run.origin = race.origins[i];
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

class Launch::Impl {
 public:
  Impl(LaunchRequest request, std::string database, StepperFactory factory, std::function<void()> wake);
  ~Impl();

  template <class Command>
  std::uint64_t command(Command command, void (*remember)(LaunchRequest&, bool& stop) = nullptr);
  const Observations* look(std::chrono::milliseconds patience);

  // What the launch's thread leaves for others.
  mutable std::mutex mutex_;           ///< guards what follows, up to the display's part
  LaunchRequest request_;              ///< what is still to be done with it
  bool stop_asked_ = false;            ///< before there was a session
  std::unique_ptr<RunWriter> writer_;  ///< the session ends before the writer does
  std::unique_ptr<Session> session_;
  std::optional<RaceInfo> info_;
  LaunchEnd end_;
  struct Delivery {
    bool waits = false;
    ExperimentPlan plan;
    std::vector<RunData> runs;    ///< new ones, or a resumed run's past
    std::vector<RunData> stored;  ///< rows that are there now
    std::int64_t step = 0;
    StatusWord ended_as;  ///< where the rows say something else than the session
  } delivery_;
  std::atomic<LaunchPhase> phase_{LaunchPhase::preparing};

  // The display's.
  LiveRuns runs_;
  ExperimentPlan plan_;
  std::vector<std::string> labels_;
  std::int64_t resumed_step_ = 0;
  bool identity_changed_ = false;
  StatusWord ended_as_;
  Observations news_;  ///< kept for its memory

 private:
  void work();
  bool stop_asked() const {
    std::lock_guard lock(mutex_);
    return stop_asked_;
  }
  void check();
  bool prepare();
  void make_rows();
  void go();
  void store();
  void close_down();
  void enter(LaunchPhase phase);
  void deliver(std::vector<RunData> runs, std::vector<RunData> stored);
  bool receive();

  const std::string database_;
  const StepperFactory factory_;
  const std::function<void()> wake_;
  const std::shared_ptr<ObservationBox> store_box_ = std::make_shared<ObservationBox>();
  const std::shared_ptr<ObservationBox> display_box_ = std::make_shared<ObservationBox>();
  // The launch's thread alone.
  ExperimentPlan checked_;
  StoredRace race_;
  std::optional<Continuation> continued_;
  std::optional<DatabaseIdentity> identity_;
  std::thread thread_;
};

Launch::Impl::Impl(LaunchRequest request, std::string database, StepperFactory factory,
                   std::function<void()> wake)
    : request_(std::move(request)),
      database_(std::move(database)),
      factory_(std::move(factory)),
      wake_(std::move(wake)) {
  plan_ = request_.plan;
  labels_ = racer_labels(plan_.racers);
  if (wake_) display_box_->on_wake(wake_);
  thread_ = std::thread([this] { work(); });
}

Launch::Impl::~Impl() {
  command([](Session& session) { return session.stop(); }, [](LaunchRequest&, bool& stop) { stop = true; });
  thread_.join();
}

/// The whole way, on the launch's own thread.
void Launch::Impl::work() {
  try {
    {
      const Interruptible guard([this] { return stop_asked(); });  // reading a large checkpoint
      check();
    }
    if (prepare()) {
      make_rows();
      go();
    }
    store();
  } catch (const WorkStopped&) {
    std::lock_guard lock(mutex_);
    end_.status = RunStatus::stopped;
  } catch (const InputError& error) {
    std::lock_guard lock(mutex_);
    end_.status = RunStatus::failed;
    end_.failure = error.what();
    end_.wrong_input = true;
  } catch (const std::exception& error) {
    std::lock_guard lock(mutex_);
    end_.status = RunStatus::failed;
    end_.failure = error.what();
  }
  close_down();
  enter(LaunchPhase::over);
}

/// Ends the session first, where the rows could not be made; the last rows go to disk before the writer is
/// gone.
void Launch::Impl::close_down() {
  std::unique_ptr<RunWriter> writer;
  std::unique_ptr<Session> session;
  std::lock_guard lock(mutex_);
  session = std::move(session_);
  writer = std::move(writer_);
}

void Launch::Impl::check() {
  identity_.emplace(database_);
  if (!request_.database_id.empty() && !identity_->is_of(request_.database_id))
    throw RunError("the database " + database_ + " is not the one that was begun with: nothing was stored");
  if (request_.fork) {
    continued_ = read_fork(database_, *request_.fork, request_.device, request_.threads);
    checked_ = continued_->plan;
    race_ = continued_->race;
  } else if (request_.resumed_id != 0) {
    continued_ = request_.further.empty()
                     ? read_continuation(database_, request_.resumed_id, request_.device, request_.threads)
                     : read_further_training(database_, request_.resumed_id, request_.further,
                                             request_.device, request_.threads);
    checked_ = continued_->plan;
    race_ = continued_->race;
  } else {
    checked_ = request_.plan;
  }
  race_.script = read_timed(request_.at, checked_);
  check_database(database_);
  if (!race_.resumed_ids.empty()) {
    deliver(continued_->past, {});
    return;
  }
  for (Experiment& racer : checked_.racers) {
    make_folders_absolute(racer);
    racer.check();
  }
  for (std::size_t i = 0; i < checked_.racers.size(); ++i) race_.uuids.push_back(make_uuid());
  race_.group_uuid = checked_.is_race ? make_uuid() : request_.sweep_uuid;
  race_.group_kind = checked_.is_race ? run_group::race : request_.sweep_uuid.empty() ? "" : run_group::sweep;
  deliver(unborn(checked_, race_), {});
}

/// Data and networks. False when somebody stopped it on the way; throws what was wrong with it.
bool Launch::Impl::prepare() {
  SessionPlan plan;
  plan.racers = checked_.racers;
  plan.uuids = race_.uuids;
  plan.group_uuid = race_.group_uuid;
  plan.start_paused = true;  // until the rows are there
  plan.script = race_.script;
  if (continued_) {
    plan.resume_from = std::move(continued_->checkpoint);
    plan.replay = std::move(continued_->replay);
    plan.begins_from = continued_->begins_from;
    plan.beginnings = continued_->beginnings;
  }
  Session* session = nullptr;
  {
    std::lock_guard lock(mutex_);
    session_ = std::make_unique<Session>(std::move(plan), factory_,
                                         std::vector<Outlet>{{store_box_, true}, {display_box_, false}});
    session = session_.get();
    if (stop_asked_) session->stop();
  }
  if (session->wait_until_prepared()) {
    if (continued_) check_data(*continued_, *session->info());
    std::lock_guard lock(mutex_);
    info_ = session->info();
    if (continued_)
      if (std::string unknown = unknown_data(*continued_); !unknown.empty())
        info_->notes.push_back(std::move(unknown));
    if (!stop_asked_) return true;
  }
  session->join();
  if (session->state() != SessionState::failed) return false;
  if (session->failed_on_input()) throw InputError(session->failure());
  throw RunError(session->failure());
}

void Launch::Impl::make_rows() {
  // Preparing may take long: by now another database may be in its place.
  std::error_code none;
  if (const std::string fate = identity_->fate(); !fate.empty() && std::filesystem::exists(database_, none))
    throw RunError("the database " + database_ + " " + fate +
                   " while the run was being prepared: nothing was stored");
  race_.racers = checked_.racers;
  for (Experiment& racer : race_.racers)
    racer.set(key_of(&RunSettings::threads), std::int64_t{info_->threads});
  auto writer = std::make_unique<RunWriter>(database_, race_, store_box_);
  RunReader reader(database_);  // names and colours are the store's to say
  std::vector<RunData> stored;
  for (const std::int64_t id : writer->ids()) stored.push_back(reader.load(id));
  deliver({}, std::move(stored));
  std::lock_guard lock(mutex_);
  writer_ = std::move(writer);
  end_.has_rows = true;
}

void Launch::Impl::go() {
  {
    std::lock_guard lock(mutex_);
    if (request_.inspection.point > 0) session_->inspect(request_.inspection);
    if (request_.steps > 0)
      session_->step(request_.steps);
    else if (!request_.start_paused)
      session_->play();
    phase_ = LaunchPhase::going;  // from here on commands reach the session itself
  }
  if (wake_) wake_();
  session_->join();
}

/// Success is reported when all that it stands for is on disk.
void Launch::Impl::store() {
  enter(LaunchPhase::storing);
  const bool failed = session_->state() == SessionState::failed;
  const StatusWord status = failed                    ? RunStatus::failed
                            : session_->was_stopped() ? RunStatus::stopped
                                                      : RunStatus::finished;
  if (writer_) writer_->finish(status, session_->failure());
  const bool incomplete = writer_ && !failed && !writer_->whole();
  std::lock_guard lock(mutex_);
  end_.status = incomplete ? RunStatus::interrupted : status;
  if (incomplete) {
    delivery_.waits = true;
    delivery_.plan = checked_;
    delivery_.step = race_.resumed_step;
    delivery_.ended_as = end_.status;
  }
  end_.failure = session_->failure();
  end_.wrong_input = session_->failed_on_input();
  if (writer_) end_.store_trouble = writer_->trouble();
}

void Launch::Impl::enter(LaunchPhase phase) {
  phase_ = phase;
  if (wake_) wake_();
}

void Launch::Impl::deliver(std::vector<RunData> runs, std::vector<RunData> stored) {
  {
    std::lock_guard lock(mutex_);
    delivery_.waits = true;
    delivery_.plan = checked_;
    delivery_.step = race_.resumed_step;
    if (!runs.empty()) delivery_.runs = std::move(runs);
    if (!stored.empty()) delivery_.stored = std::move(stored);
  }
  if (wake_) wake_();
}

/// What the launch's thread found out, into the display's hands. Before the mailbox: what lies there came
/// later.
bool Launch::Impl::receive() {
  Delivery delivery;
  {
    std::lock_guard lock(mutex_);
    if (!delivery_.waits) return false;
    delivery = std::exchange(delivery_, {});
  }
  plan_ = std::move(delivery.plan);
  labels_ = racer_labels(plan_.racers);
  resumed_step_ = std::max<std::int64_t>(0, delivery.step);
  if (!delivery.runs.empty()) runs_ = LiveRuns(std::move(delivery.runs));
  for (std::size_t i = 0; i < delivery.stored.size(); ++i) runs_.identify(i, delivery.stored[i]);
  if (delivery.ended_as != RunStatus::none) ended_as_ = delivery.ended_as;
  return true;
}

const Observations* Launch::Impl::look(std::chrono::milliseconds patience) {
  const bool over = phase_ == LaunchPhase::over;  // read first: nothing comes after it
  identity_changed_ = receive();
  const bool news = patience.count() > 0 && !identity_changed_ && !over
                        ? display_box_->wait_and_take(news_, patience)
                        : display_box_->take(news_);
  if (news) {
    identity_changed_ = receive() || identity_changed_;  // the rows may have come while it waited
    runs_.absorb(news_);
  }
  if (ended_as_ != RunStatus::none) runs_.end_as(ended_as_);
  return news || identity_changed_ ? &news_ : nullptr;
}

template <class Command>
std::uint64_t Launch::Impl::command(Command command, void (*remember)(LaunchRequest&, bool& stop)) {
  std::lock_guard lock(mutex_);
  // Until the rows are there the session waits; what is to happen then is the request's.
  if (session_ && phase_ != LaunchPhase::preparing) return command(*session_);
  if (!remember) return 0;
  remember(request_, stop_asked_);
  return session_ && stop_asked_ ? session_->stop() : 0;
}

Launch::Launch(LaunchRequest request, std::string database, StepperFactory factory,
               std::function<void()> wake)
    : impl_(std::make_unique<Impl>(std::move(request), std::move(database), std::move(factory),
                                   std::move(wake))) {}
Launch::~Launch() = default;

std::uint64_t Launch::play() {
  return impl_->command(
      [](Session& session) { return session.play(); },
      [](LaunchRequest& request, bool&) { request.start_paused = false, request.steps = 0; });
}
std::uint64_t Launch::pause() {
  return impl_->command(
      [](Session& session) { return session.pause(); },
      [](LaunchRequest& request, bool&) { request.start_paused = true, request.steps = 0; });
}
std::uint64_t Launch::step(std::int64_t count) {
  return impl_->command([count](Session& session) { return session.step(count); });
}
std::uint64_t Launch::stop() {
  return impl_->command([](Session& session) { return session.stop(); },
                        [](LaunchRequest&, bool& stop) { stop = true; });
}
std::uint64_t Launch::change(LiveChange change) {
  return impl_->command([&](Session& session) { return session.change(std::move(change)); });
}
std::uint64_t Launch::undo() {
  return impl_->command([](Session& session) { return session.undo(); });
}

std::uint64_t Launch::note(StepNote note) {
  return impl_->command([&](Session& session) { return session.note(std::move(note)); });
}

std::uint64_t Launch::inspect(InspectionRequest request) {
  return impl_->command([&](Session& session) { return session.inspect(std::move(request)); });
}

std::uint64_t Launch::rehearse(RehearsalRequest request) {
  return impl_->command([&](Session& session) { return session.rehearse(request); });
}

LaunchPhase Launch::phase() const {
  return impl_->phase_;
}
std::optional<RaceInfo> Launch::info() const {
  std::lock_guard lock(impl_->mutex_);
  return impl_->info_;
}
std::string Launch::store_trouble() const {
  std::lock_guard lock(impl_->mutex_);
  return impl_->writer_ ? impl_->writer_->trouble() : impl_->end_.store_trouble;
}
std::int64_t Launch::rows_waiting() const {
  std::lock_guard lock(impl_->mutex_);
  return impl_->writer_ ? impl_->writer_->rows_waiting() : 0;
}
LaunchEnd Launch::end() const {
  std::lock_guard lock(impl_->mutex_);
  return impl_->end_;
}
const Observations* Launch::look(std::chrono::milliseconds patience) {
  return impl_->look(patience);
}
const LiveRuns& Launch::runs() const {
  return impl_->runs_;
}
bool Launch::identity_changed() const {
  return impl_->identity_changed_;
}
const ExperimentPlan& Launch::plan() const {
  return impl_->plan_;
}
const std::vector<std::string>& Launch::labels() const {
  return impl_->labels_;
}
std::int64_t Launch::resumed_step() const {
  return impl_->resumed_step_;
}

}  // namespace grapevine
