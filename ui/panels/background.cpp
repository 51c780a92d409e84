// The thread next to the window's.
#include "ui/panels/background.h"

#include <exception>
#include <utility>

namespace grapevine {

Background::Background(QObject* parent) : QObject(parent) {}

Background::~Background() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  filled_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Background::run(Work work, Then then) {
  ++outstanding_;
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(work), std::move(then), {}});
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
    try {
      job.work();
    } catch (const std::exception& error) {
      job.error = QString::fromUtf8(error.what());
      if (job.error.isEmpty()) job.error = tr("Something went wrong");
    }
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

void Background::deliver() {
  std::deque<Job> done;
  {
    std::lock_guard lock(mutex_);
    std::swap(done, done_);
  }
  for (Job& job : done) {
    --outstanding_;
    if (job.then) job.then(job.error);
  }
}

}  // namespace grapevine
