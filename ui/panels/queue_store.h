// The queue as the window sees it: read and changed off the window's thread, and the program that trains
// what waits (grapevine-cli queue run), which is started and stopped here. Public functions and signals: the
// window's thread.
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <functional>
#include <vector>

#include "engine/launch/queueing.h"
#include "engine/runs/run_queue.h"

namespace grapevine {

class Background;

class QueueStore : public QObject {
  Q_OBJECT

 public:
  /// `program`: path of grapevine-cli; "" where there is none.
  explicit QueueStore(QString program, QObject* parent = nullptr);
  /// Stops what it started and waits until that is stored.
  ~QueueStore() override;

  void set_database(const QString& file);
  const QString& database() const { return database_; }
  void refresh();

  void add(Queued queued);
  /// `then`: whether they are in the database now; before added().
  void add_and_tell(Queued queued, std::function<void(bool)> then);
  void skip(const std::vector<std::int64_t>& ids);
  void retry(const std::vector<std::int64_t>& ids);
  void remove(const std::vector<std::int64_t>& ids);
  void move_to_front(const std::vector<std::int64_t>& ids);

  bool at_work() const { return worker_.state() != QProcess::NotRunning; }
  void start(int at_once);  ///< 0 = as many as the cores allow
  void go_further();        ///< starts again where it ended because nothing waited
  void stop();              ///< what is being trained is stored, and continues at the next start
  void end();               ///< the same, and after a minute without more patience

 Q_SIGNALS:
  void listed(const std::vector<grapevine::QueueEntry>& entries);
  void added(const std::vector<std::int64_t>& ids);
  void trouble(const QString& sentence);
  void at_work_changed();

 private:
  void change(std::function<void(RunQueue&)> work);

  QString program_, database_;
  Background* background_;
  QProcess worker_;
  bool refreshing_ = false, stopping_ = false;
  int at_once_ = 1;       ///< of the last start
  bool further_ = false;  ///< to be started again at its end
  bool ran_out_ = false;  ///< it has ended because nothing waited any more
};

}  // namespace grapevine
