// One thread next to the window's for work that may take long: reading the library, writing exports, changing
// what is stored, estimates. Jobs run in order. The answer comes back by a wake-up without payload; what is
// passed lies behind a mutex.
#pragma once

#include <QObject>
#include <QString>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace grapevine {

/// Lives on one thread (the window's), where run() is called and every `then` runs.
class Background : public QObject {
  Q_OBJECT

 public:
  using Work = std::function<void()>;
  /// `error` is empty, or the message of what `work` threw.
  using Then = std::function<void(const QString& error)>;

  explicit Background(QObject* parent = nullptr);
  /// As stop(), and waits until all has ended; no `then` is called any more.
  ~Background() override;

  /// What stop() cuts short: an Interruptible is around it (session/interruption.h).
  void run(Work work, Then then);
  /// What is done whatever comes, also what is still queued at the end: a change that the user made.
  void carry_out(Work work, Then then);
  /// For the end of the program: run()'s work ends within a moment, or is not begun any more, and its `then`
  /// is not called.
  void stop() { stopping_ = true; }
  /// Nothing queued, nothing under way, nothing to deliver.
  bool idle() const { return outstanding_ == 0; }

 Q_SIGNALS:
  void idled();  ///< now idle

 private:
  struct Job {
    Work work;
    Then then;
    bool may_stop = true;
    bool stopped = false;
    QString error = {};
  };
  void add(Job job);
  void loop();
  void work_at(Job& job) const;
  Q_INVOKABLE void deliver();

  int outstanding_ = 0;  ///< the owner's thread only
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  ///< guards the three below
  std::condition_variable filled_;
  std::deque<Job> waiting_;
  std::deque<Job> done_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace grapevine
