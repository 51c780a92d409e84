// The thread that writes checkpoint files.
#include "engine/runs/checkpoint_task.h"

#include <utility>

namespace grapevine {

void CheckpointTask::start(const std::string& folder, const std::vector<std::string>& uuids,
                           CheckpointSet set) {
  clear();
  set_ = std::move(set);
  thread_ = std::thread([this, folder, uuids] {
    WrittenSet written;
    std::exception_ptr error;
    try {
      written = write_set(folder, uuids, set_);
    } catch (...) {
      error = std::current_exception();
    }
    {
      std::lock_guard lock(mutex_);
      written_ = std::move(written);
      error_ = error;
      done_ = true;
    }
    finished_.notify_all();
    ring_();
  });
}

bool CheckpointTask::done() {
  std::lock_guard lock(mutex_);
  return done_;
}

void CheckpointTask::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  finished_.wait_for(lock, patience, [&] { return done_; });
}

const WrittenSet& CheckpointTask::result() {
  std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
  return written_;
}

CheckpointSet CheckpointTask::take_back() {
  thread_.join();
  CheckpointSet set = std::exchange(set_, {});
  clear();
  return set;
}

void CheckpointTask::clear() {
  if (thread_.joinable()) thread_.join();
  std::lock_guard lock(mutex_);
  done_ = false;
  error_ = nullptr;
  written_ = {};
  set_ = {};
}

}  // namespace grapevine
