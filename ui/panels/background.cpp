// The thread next to the window's.
#include "ui/panels/background.h"

#include <exception>
#include <functional>
#include <utility>

#include "engine/session/interruption.h"
#include "engine/session/progress.h"

namespace grapevine {

Background::Background(QObject* parent) : QObject(parent) {}

Background::~Background() {
  stop();
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  filled_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Background::run(Work work, Then then) {
  add({std::move(work), std::move(then)});
}

void Background::carry_out(Work work, Then then) {
  add({std::move(work), std::move(then), false});
}

void Background::add(Job job) {
  ++outstanding_;
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  filled_.notify_one();
}

void Background::loop() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work_at(job);
    bool first = false;
    {
      std::lock_guard lock(mutex_);
      first = done_.empty();
      done_.push_back(std::move(job));
      first = first && !ending_;
    }
    if (first) QMetaObject::invokeMethod(this, "deliver", Qt::QueuedConnection);
  }
}

void Background::work_at(Job& job) const {
  const Interruptible guard(job.may_stop ? [this] { return stopping_.load(); } : std::function<bool()>());
  try {
    interruption_point();
    job.work();
  } catch (const WorkStopped&) {
    job.stopped = true;
  } catch (const std::exception& error) {
    job.error = QString::fromUtf8(error.what());
    if (job.error.isEmpty()) job.error = tr("Something went wrong");
  }
}

void Background::deliver() {
  std::deque<Job> done;
  {
    std::lock_guard lock(mutex_);
    std::swap(done, done_);
  }
  for (Job& job : done) {
    --outstanding_;
    if (job.then && !job.stopped) job.then(job.error);
  }
  done.clear();
  if (idle()) Q_EMIT idled();
}

}  // namespace grapevine
