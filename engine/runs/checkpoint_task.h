// Writes one checkpoint set at a time on a thread of its own: syncing hundreds of megabytes must not keep
// samples from being committed. Private to runs/; called from the writer's thread only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/runs/checkpoint_store.h"

namespace grapevine {

class CheckpointTask {
 public:
  /// `ring` is called from the task's thread when a set is written or failed to be.
  explicit CheckpointTask(std::function<void()> ring) : ring_(std::move(ring)) {}
  ~CheckpointTask() { clear(); }
  CheckpointTask(const CheckpointTask&) = delete;
  CheckpointTask& operator=(const CheckpointTask&) = delete;

  /// Into `folder`, which is there.
  void start(const std::string& folder, const std::vector<std::string>& uuids, CheckpointSet set);
  bool busy() const { return thread_.joinable(); }  ///< from start() to clear()
  bool done();
  void wait(std::chrono::milliseconds patience);
  /// What was written; throws what went wrong. Only when done().
  const WrittenSet& result();
  /// The set itself, to be tried again; clears. Only when done().
  CheckpointSet take_back();
  void clear();  ///< waits for the thread

 private:
  std::function<void()> ring_;
  CheckpointSet set_;
  std::thread thread_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable finished_;
  bool done_ = false;
  WrittenSet written_;
  std::exception_ptr error_;
};

}  // namespace grapevine
