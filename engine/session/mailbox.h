// Where two threads meet: the writer appends, the reader swaps everything out. Neither ever waits for the
// other's work, only for the few instructions under the mutex. The wake-up carries no payload.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace grapevine {

/// T needs empty() and clear(). Any thread may call anything here.
template <class T>
class Mailbox {
 public:
  /// `wake` is called, without the lock, when a post makes the box non-empty; it must return at once.
  void on_wake(std::function<void()> wake) {
    std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }

  /// Runs `append(content)` under the lock: keep it to a few push_backs.
  template <class Append>
  void post(Append&& append) {
    std::function<void()> wake;
    {
      std::lock_guard lock(mutex_);
      const bool was_empty = content_.empty();
      append(content_);
      if (was_empty && !content_.empty()) wake = wake_;
    }
    filled_.notify_one();
    if (wake) wake();
  }

  /// Exchanges the content for `out`, which is cleared first; returns false when there was nothing.
  bool take(T& out) {
    out.clear();
    std::lock_guard lock(mutex_);
    if (content_.empty()) return false;
    std::swap(content_, out);
    return true;
  }

  /// As take, but waits up to `patience` for something to come.
  bool wait_and_take(T& out, std::chrono::milliseconds patience) {
    out.clear();
    std::unique_lock lock(mutex_);
    filled_.wait_for(lock, patience, [&] { return !content_.empty(); });
    if (content_.empty()) return false;
    std::swap(content_, out);
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  T content_;
  std::function<void()> wake_;
};

}  // namespace grapevine
