// The writer's thread: waits for news, takes it, commits it in batches, tries again when the disk refuses.
#include "engine/runs/run_writer.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/runs/checkpoint_task.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/write_queue.h"

namespace grapevine {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds commit_every{200};  // the contract promises 250
constexpr milliseconds heartbeat_every{10000};
constexpr milliseconds patience_at_end{5000};  // with a disk that refuses
constexpr milliseconds patience_for_lock{2000};
constexpr std::size_t batch = 20000;  // samples a transaction: readers and other writers get their turn

/// What wakes the writer. Shared with the mailbox's wake-up, which may come when the writer is gone.
struct Bell {
  std::mutex mutex;
  std::condition_variable rung;
  bool news = false;
  bool finish = false;

  void ring(bool Bell::*reason) {
    {
      std::lock_guard lock(mutex);
      this->*reason = true;
    }
    rung.notify_all();
  }
};

/// Something that the disk refused, tried again after longer and longer pauses. No words = all is well.
struct Retry {
  std::string words;
  milliseconds pause{0};
  Clock::time_point at{};

  bool failing() const { return !words.empty(); }
  bool due() const { return !failing() || Clock::now() >= at; }
  void fail(std::string why) {
    pause = std::clamp(pause * 2, milliseconds(250), milliseconds(2000));
    at = Clock::now() + pause;
    words = std::move(why);
  }
  void clear() { *this = {}; }
};

std::string words_of(const std::exception& error) {
  if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error)) return explain(*sqlite);
  return error.what();
}

}  // namespace

class RunWriter::Impl {
 public:
  Impl(std::string path, StoredRace race, std::shared_ptr<ObservationBox> filled);
  ~Impl() { finish("", ""); }

  void finish(const std::string& status, const std::string& failure);
  std::string trouble() const {
    std::lock_guard lock(mutex_);
    return trouble_;
  }

  const std::shared_ptr<ObservationBox> box;
  std::vector<std::int64_t> ids;
  std::atomic<std::int64_t> rows_waiting{0};

 private:
  void take_over(const StoredRace& race);
  void work();
  bool wait_for_work();
  void drain();
  void attempt();
  void commit_all();
  void serve_checkpoints();
  void finish_checkpoint();
  void tell_trouble();
  void give_up();
  void keep_what_was_asked();
  bool everything_stored() const { return queue_.empty() && !queue_.has_checkpoint() && !checkpoint_.busy(); }

  const std::string path_;
  std::vector<std::string> uuids_;
  std::vector<bool> best_alone_;  ///< a racer each: checkpoint.keep=best
  std::optional<RunLock> lock_;
  const std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();

  // The thread's own.
  std::optional<RunStore> store_;
  WriteQueue queue_;
  CheckpointTask checkpoint_;
  bool first_samples_stored_ = false;
  Clock::time_point last_commit_ = Clock::now();
  Retry rows_, files_;        ///< rows go on being committed while checkpoint files fail
  std::int64_t covered_ = 0;  ///< commands in the set that is being written

  mutable std::mutex mutex_;  ///< guards what follows
  std::string trouble_;
  std::string final_status_, final_failure_;
  std::mutex finishing_;  ///< one caller joins, the others wait for it
  std::thread thread_;
};

RunWriter::Impl::Impl(std::string path, StoredRace race, std::shared_ptr<ObservationBox> filled)
    : box(filled ? std::move(filled) : std::make_shared<ObservationBox>()),
      path_(std::move(path)),
      queue_(race.racers.size()),
      checkpoint_([bell = bell_] { bell->ring(&Bell::news); }) {
  try {
    store_.emplace(path_);
    take_over(race);
  } catch (const SQLite::Exception& error) {
    throw cannot_write(path_, explain(error));
  } catch (const std::filesystem::filesystem_error& error) {
    throw cannot_write(path_, error.code().message());
  }
  box->on_wake([bell = bell_] { bell->ring(&Bell::news); });
  bell_->ring(&Bell::news);  // for what lay in the box before
  thread_ = std::thread([this] { work(); });
}

/// Lock first, rows then: whoever sees the row marked running finds the lock held.
void RunWriter::Impl::take_over(const StoredRace& race) {
  const bool resumes = !race.resumed_ids.empty();
  if (race.racers.empty() || (resumes ? race.resumed_ids.size() : race.uuids.size()) != race.racers.size()) {
    throw InputError("the store needs one uuid or one row for each of the " +
                     std::to_string(race.racers.size()) + " racers");
  }
  const RunIdentity first = resumes ? store_->identity(race.resumed_ids.front())
                                    : RunIdentity{race.uuids.front(), race.group_uuid, race.group_kind};
  lock_.emplace(path_, first.uuid, first.group_uuid, first.group_kind);
  if (!lock_->take(patience_for_lock)) {
    throw InputError(
        "run " + (resumes ? std::to_string(race.resumed_ids.front()) : first.uuid) + " is in use by " +
        (resumes ? store_->holder(race.resumed_ids.front()) : "another program") + ": stop it there first");
  }
  if (resumes) {
    ids = race.resumed_ids;
    for (const std::int64_t id : ids) uuids_.push_back(store_->identity(id).uuid);
    store_->resume_runs(ids, race.from_start          ? RunStore::before_all_steps
                             : race.resumed_step >= 0 ? race.resumed_step
                                                      : store_->latest_step(ids));
    store_->remove_orphans(uuids_);
  } else {
    uuids_ = race.uuids;
    ids = store_->insert_runs(race);
  }
  for (const Experiment& racer : race.racers)
    best_alone_.push_back(CheckpointSettings::of(racer).keep == KeptCheckpoints::best);
  store_->use(ids);
  const auto statuses = store_->statuses();
  for (std::size_t racer = 0; racer < ids.size(); ++racer) {
    queue_.start_with(racer, statuses[racer].first, statuses[racer].second);
  }
}

/// Of a finished run; until then the last state is what it would be resumed from.
void RunWriter::Impl::keep_what_was_asked() {
  try {
    for (std::size_t racer = 0; racer < ids.size(); ++racer)
      if (best_alone_[racer] && queue_.status(racer) == "finished") store_->keep_the_best_alone(ids[racer]);
  } catch (const std::exception&) {
    // More is kept than was asked for.
  }
}

void RunWriter::Impl::finish(const std::string& status, const std::string& failure) {
  {
    std::lock_guard lock(mutex_);
    final_status_ = status;
    final_failure_ = failure;
  }
  bell_->ring(&Bell::finish);
  std::lock_guard lock(finishing_);
  if (thread_.joinable()) thread_.join();
}

void RunWriter::Impl::work() {
  while (!wait_for_work()) {
    drain();
    attempt();
  }
  drain();
  {
    std::lock_guard lock(mutex_);
    if (!final_status_.empty()) {
      queue_.close(final_status_, final_failure_);
    } else if (!queue_.ended()) {
      queue_.close("interrupted", "");  // nobody said how it ended
    }
  }
  const auto deadline = Clock::now() + patience_at_end;
  for (;;) {
    attempt();
    if (everything_stored()) break;
    if (checkpoint_.busy() && !rows_.failing()) {
      checkpoint_.wait(commit_every);
      continue;
    }
    const auto next = rows_.failing() ? rows_.at : files_.at;
    if (next > deadline) {
      give_up();
      break;
    }
    std::this_thread::sleep_until(next);
  }
  if (everything_stored()) keep_what_was_asked();
  store_.reset();
  lock_.reset();
}

/// Sleeps until there is something to write and it is time for it. True when the session is over.
bool RunWriter::Impl::wait_for_work() {
  std::unique_lock lock(bell_->mutex);
  const auto rung = [&] { return bell_->news || bell_->finish; };
  if (rows_.failing()) {
    bell_->rung.wait_until(lock, rows_.at, [&] { return bell_->finish; });
  } else {
    const auto next_beat = last_commit_ + heartbeat_every;
    bell_->rung.wait_until(lock, files_.failing() ? std::min(files_.at, next_beat) : next_beat, rung);
    // What comes in quick succession is committed together.
    if (first_samples_stored_) {
      bell_->rung.wait_until(lock, last_commit_ + commit_every, [&] { return bell_->finish; });
    }
  }
  bell_->news = false;
  return bell_->finish;
}

void RunWriter::Impl::drain() {
  Observations news;
  if (box->take(news)) queue_.add(news);
  rows_waiting = queue_.rows();
}

/// Whatever the disk says, nothing is thrown and nothing forgotten: what was not committed stays in the
/// queue.
void RunWriter::Impl::attempt() {
  try {
    if (!store_) {
      store_.emplace(path_);
      store_->use(ids);
    }
    commit_all();
    serve_checkpoints();
    rows_.clear();
  } catch (const std::exception& error) {
    store_.reset();  // its cached row numbers may be of the transaction that was undone
    rows_.fail(words_of(error));
  }
  rows_waiting = queue_.rows();
  tell_trouble();
}

void RunWriter::Impl::commit_all() {
  const bool beat = Clock::now() - last_commit_ >= heartbeat_every;
  if (!beat && queue_.empty()) return;
  if (queue_.empty()) store_->write({}, nullptr);
  while (!queue_.empty()) {
    const auto samples = queue_.samples(batch);
    first_samples_stored_ = first_samples_stored_ || !samples.empty();
    store_->write(samples, queue_.rest(batch));
    queue_.drop(batch);
    rows_waiting = queue_.rows();
  }
  last_commit_ = Clock::now();
}

/// After commit_all: every sample up to a checkpoint's step is stored before the checkpoint is.
void RunWriter::Impl::serve_checkpoints() {
  if (checkpoint_.done()) finish_checkpoint();
  if (checkpoint_.busy() || !files_.due()) return;
  auto set = queue_.take_checkpoint();
  if (!set || set->racers.empty()) return;
  // A command is carried out before a checkpoint of its step, and commit_all has stored what came with the
  // set.
  covered_ = store_->last_command();
  std::string folder;
  try {
    folder = store_->checkpoint_folder();
  } catch (const Error& error) {
    files_.fail(words_of(error));
    queue_.give_back(std::move(*set));
    return;
  }
  checkpoint_.start(folder, uuids_, std::move(*set));
}

void RunWriter::Impl::finish_checkpoint() {
  WrittenSet written;
  try {
    written = checkpoint_.result();
  } catch (const std::exception& error) {
    files_.fail(words_of(error));
    queue_.give_back(checkpoint_.take_back());
    return;
  }
  written.covered = covered_;
  store_->add_checkpoint(written);
  checkpoint_.clear();
  files_.clear();
}

void RunWriter::Impl::tell_trouble() {
  const std::string& words = rows_.failing() ? rows_.words : files_.words;
  std::lock_guard lock(mutex_);
  trouble_ =
      words.empty() ? "" : "The run can't be stored: " + words + ". It is kept in memory and tried again.";
}

void RunWriter::Impl::give_up() {
  const std::string lost =
      rows_.failing() ? std::to_string(queue_.rows()) + " rows" : std::string("the last checkpoint");
  const std::string& words = rows_.failing() ? rows_.words : files_.words;
  std::lock_guard lock(mutex_);
  trouble_ = "Run " + std::to_string(ids.front()) + " could not be stored to its end (" + lost +
             " lost): " + words + ".";
}

RunWriter::RunWriter(const std::string& database, StoredRace race, std::shared_ptr<ObservationBox> box)
    : impl_(std::make_unique<Impl>(database, std::move(race), std::move(box))) {}
RunWriter::~RunWriter() = default;
Outlet RunWriter::outlet() const {
  return {impl_->box, true};
}
const std::vector<std::int64_t>& RunWriter::ids() const {
  return impl_->ids;
}
void RunWriter::finish(const std::string& status, const std::string& failure) {
  impl_->finish(status, failure);
}
std::int64_t RunWriter::rows_waiting() const {
  return impl_->rows_waiting.load();
}
std::string RunWriter::trouble() const {
  return impl_->trouble();
}

}  // namespace grapevine
