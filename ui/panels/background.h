// One thread next to the window's for work that may take long: opening and finishing a run's store, reading
// the library, estimates. Jobs run in order. The answer comes back by a wake-up without payload; what is
// passed lies behind a mutex.
#pragma once

#include <QObject>
#include <QString>
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
  /// Carries out what is still queued (a run must reach the disk), then ends; no `then` is called any more.
  ~Background() override;

  void run(Work work, Then then);
  /// Nothing queued, nothing under way, nothing to deliver.
  bool idle() const { return outstanding_ == 0; }

 private:
  struct Job {
    Work work;
    Then then;
    QString error;
  };
  void loop();
  Q_INVOKABLE void deliver();

  int outstanding_ = 0;  ///< the owner's thread only
  std::mutex mutex_;     ///< guards the three below
  std::condition_variable filled_;
  std::deque<Job> waiting_;
  std::deque<Job> done_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace grapevine
