#include "ui/panels/queue_store.h"

#include <signal.h>
#include <sys/prctl.h>

#include <QTimer>
#include <memory>
#include <utility>

#include "engine/runs/run_reader.h"
#include "ui/panels/background.h"

namespace grapevine {
namespace {

constexpr int a_minute = 60000;  // for a checkpoint; a run interrupted then continues at the next start

}  // namespace

QueueStore::QueueStore(QString program, QObject* parent)
    : QObject(parent), program_(std::move(program)), background_(new Background(this)), worker_(this) {
  // A window that is killed takes the training along: it is stored, and waits in the queue again.
  worker_.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
  worker_.setStandardOutputFile(QProcess::nullDevice());
  worker_.setStandardErrorFile(QProcess::nullDevice());
  connect(&worker_, &QProcess::stateChanged, this, &QueueStore::at_work_changed);
  connect(&worker_, &QProcess::finished, this, [this](int, QProcess::ExitStatus how) {
    ran_out_ = !stopping_ && how == QProcess::NormalExit;
    stopping_ = false;
    refresh();
    if (std::exchange(further_, false) && ran_out_) start(at_once_);
  });
  connect(&worker_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart)
      Q_EMIT trouble(tr("The queue can't be trained: %1 does not start.").arg(program_));
  });
}

QueueStore::~QueueStore() {
  disconnect(&worker_, nullptr, this, nullptr);
  if (!at_work()) return;
  worker_.terminate();
  if (!worker_.waitForFinished(a_minute)) worker_.kill();
}

void QueueStore::set_database(const QString& file) {
  if (at_work() && file != database_) stop();
  if (file != database_) ran_out_ = false;
  database_ = file;
  refresh();
}

void QueueStore::refresh() {
  if (database_.isEmpty() || refreshing_) return;
  refreshing_ = true;
  auto entries = std::make_shared<std::vector<QueueEntry>>();
  background_->run(
      [entries, file = database_.toStdString()] {
        if (database_exists(file)) *entries = RunQueue::look(file);
      },
      [this, entries](const QString& error) {
        refreshing_ = false;
        if (error.isEmpty())
          Q_EMIT listed(*entries);
        else
          Q_EMIT trouble(error);
      });
}

void QueueStore::change(std::function<void(RunQueue&)> work) {
  background_->carry_out(
      [work = std::move(work), file = database_.toStdString()] {
        RunQueue queue(file);
        work(queue);
      },
      [this](const QString& error) {
        if (!error.isEmpty()) Q_EMIT trouble(error);
        refresh();
      });
}

void QueueStore::add(Queued queued) {
  add_and_tell(std::move(queued), [](bool) {});
}

void QueueStore::add_and_tell(Queued queued, std::function<void(bool)> then) {
  auto ids = std::make_shared<std::vector<std::int64_t>>();
  background_->carry_out(
      [queued = std::move(queued), ids, file = database_.toStdString()] {
        RunQueue queue(file);
        *ids = add_to_queue(queue, queued);
      },
      [this, ids, then = std::move(then)](const QString& error) {
        then(error.isEmpty());
        if (error.isEmpty())
          Q_EMIT added(*ids);
        else
          Q_EMIT trouble(error);
        refresh();
      });
}

void QueueStore::skip(const std::vector<std::int64_t>& ids) {
  change([ids](RunQueue& queue) { queue.skip(ids); });
}
void QueueStore::retry(const std::vector<std::int64_t>& ids) {
  change([ids](RunQueue& queue) { queue.retry(ids); });
}
void QueueStore::remove(const std::vector<std::int64_t>& ids) {
  change([ids](RunQueue& queue) { queue.remove(ids); });
}
void QueueStore::move_to_front(const std::vector<std::int64_t>& ids) {
  change([ids](RunQueue& queue) { queue.move_to_front(ids); });
}

void QueueStore::start(int at_once) {
  if (at_work()) return;
  if (program_.isEmpty())
    return Q_EMIT trouble(
        tr("The queue is trained by grapevine-cli, which is not in this program's folder."));
  at_once_ = at_once;
  ran_out_ = false;
  worker_.start(program_,
                {QStringLiteral("queue"), QStringLiteral("run"), QStringLiteral("--quiet"),
                 QStringLiteral("--jobs"), QString::number(at_once), QStringLiteral("--db"), database_});
}

void QueueStore::go_further() {
  if (at_work())
    further_ = !stopping_;  // it may have looked for the last time already
  else if (ran_out_)
    start(at_once_);
}

void QueueStore::stop() {
  if (!at_work() || stopping_) return;
  stopping_ = true;
  further_ = false;
  worker_.terminate();
}

void QueueStore::end() {
  stop();
  QTimer::singleShot(a_minute, &worker_, &QProcess::kill);
}

}  // namespace grapevine
