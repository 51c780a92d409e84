// The writer's thread: waits for news, takes it, and has it stored (storing.h).
#include "engine/runs/run_writer.h"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/runs/database.h"
#include "engine/runs/new_database.h"
#include "engine/runs/storing.h"

namespace grapevine {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds commit_every{200};      // the contract promises 250
constexpr milliseconds patience_at_end{5000};  // with a disk that refuses

/// What wakes the writer. Shared with the mailbox's wake-up, which may come when the writer is gone.
struct Waker {
  std::mutex mutex;
  std::condition_variable woken;
  bool news = false;
  bool finish = false;

  void wake(bool Waker::*reason) {
    {
      std::lock_guard lock(mutex);
      this->*reason = true;
    }
    woken.notify_all();
  }
};

}  // namespace

class RunWriter::Impl {
 public:
  Impl(const std::string& path, StoredRace race, std::shared_ptr<ObservationBox> filled);
  ~Impl() { finish(RunStatus::none, ""); }

  void finish(const StatusWord& status, const std::string& failure);
  const std::vector<std::int64_t>& ids() const { return storing_.ids(); }
  std::string trouble() const {
    std::lock_guard lock(mutex_);
    return trouble_;
  }

  const std::shared_ptr<ObservationBox> box;
  std::atomic<std::int64_t> rows_waiting{0};
  std::atomic<bool> whole{false};

 private:
  void work();
  bool wait_for_work();
  void drain();
  void tell();

  const std::shared_ptr<Waker> waker_ = std::make_shared<Waker>();
  NewDatabase made_;  ///< until there is a run in it
  Storing storing_;   ///< the thread's own

  mutable std::mutex mutex_;  ///< guards what follows
  std::string trouble_;
  StatusWord final_status_;
  std::string final_failure_;
  std::mutex finishing_;  ///< one caller joins, the others wait for it
  std::thread thread_;
};

RunWriter::Impl::Impl(const std::string& path, StoredRace race, std::shared_ptr<ObservationBox> filled)
    : box(filled ? std::move(filled) : std::make_shared<ObservationBox>()),
      made_(path),
      storing_(path, race.racers.size(), [waker = waker_] { waker->wake(&Waker::news); }) {
  storing_.take_over(std::move(race));
  made_.keep();
  box->on_wake([waker = waker_] { waker->wake(&Waker::news); });
  waker_->wake(&Waker::news);  // for what lay in the box before
  thread_ = std::thread([this] { work(); });
}

void RunWriter::Impl::finish(const StatusWord& status, const std::string& failure) {
  {
    std::lock_guard lock(mutex_);
    final_status_ = status;
    final_failure_ = failure;
  }
  waker_->wake(&Waker::finish);
  std::lock_guard lock(finishing_);
  if (thread_.joinable()) thread_.join();
}

void RunWriter::Impl::work() {
  while (!wait_for_work()) {
    drain();
    storing_.attempt();
    tell();
  }
  drain();
  StatusWord status;
  std::string failure;
  {
    std::lock_guard lock(mutex_);
    status = final_status_;
    failure = final_failure_;
  }
  storing_.finish(status, failure, patience_at_end);
  whole = storing_.whole();
  tell();
}

/// Sleeps until there is something to write and it is time for it. True when the session is over.
bool RunWriter::Impl::wait_for_work() {
  std::unique_lock lock(waker_->mutex);
  const auto woken = [&] { return (waker_->news && !storing_.failing()) || waker_->finish; };
  waker_->woken.wait_until(lock, storing_.next_attempt(), woken);
  // What comes in quick succession is committed together.
  if (storing_.first_samples_stored() && !storing_.failing()) {
    waker_->woken.wait_until(lock, storing_.last_commit() + commit_every, [&] { return waker_->finish; });
  }
  waker_->news = false;
  return waker_->finish;
}

void RunWriter::Impl::drain() {
  Observations news;
  if (box->take(news)) storing_.add(news);
  rows_waiting = storing_.rows_waiting();
}

void RunWriter::Impl::tell() {
  rows_waiting = storing_.rows_waiting();
  std::string trouble = storing_.trouble();
  std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

RunWriter::RunWriter(const std::string& database, StoredRace race, std::shared_ptr<ObservationBox> box) {
  try {
    impl_ = std::make_unique<Impl>(database, std::move(race), std::move(box));
  } catch (const SQLite::Exception& error) {
    refuse_writing(database, error);
  } catch (const std::filesystem::filesystem_error& error) {
    refuse_writing(database, error.code());
  }
}
RunWriter::~RunWriter() = default;
Outlet RunWriter::outlet() const {
  return {impl_->box, true};
}
const std::vector<std::int64_t>& RunWriter::ids() const {
  return impl_->ids();
}
void RunWriter::finish(const StatusWord& status, const std::string& failure) {
  impl_->finish(status, failure);
}
std::int64_t RunWriter::rows_waiting() const {
  return impl_->rows_waiting.load();
}
std::string RunWriter::trouble() const {
  return impl_->trouble();
}
bool RunWriter::whole() const {
  return impl_->whole;
}

}  // namespace grapevine
