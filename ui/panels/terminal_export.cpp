#include "ui/panels/terminal_export.h"

#include <signal.h>
#include <sys/prctl.h>

namespace grapevine {
namespace {

constexpr int time_to_stop = 5000;  // ms; it looks between two pieces of work

}  // namespace

TerminalExport::TerminalExport(QObject* parent) : QObject(parent), process_(this) {
  process_.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
  process_.setStandardOutputFile(QProcess::nullDevice());
  connect(&process_, &QProcess::finished, this, &TerminalExport::end);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    Q_EMIT trouble(tr("%1 does not start.").arg(program_));
    Q_EMIT ended();
  });
}

TerminalExport::~TerminalExport() {
  disconnect(&process_, nullptr, this, nullptr);
  if (!at_work()) return;
  process_.terminate();
  if (!process_.waitForFinished(time_to_stop)) process_.kill();
}

void TerminalExport::start(const QString& database, const std::vector<std::int64_t>& ids,
                           const QString& file) {
  if (at_work()) return Q_EMIT trouble(tr("Another export is in progress: export this when it has ended."));
  if (program_.isEmpty())
    return Q_EMIT trouble(
        tr("%1 would be written by grapevine-cli, which is not in this program's folder.").arg(file));
  file_ = file;
  stopping_ = false;
  QStringList words{QStringLiteral("export"), QStringLiteral("--quiet")};
  for (const std::int64_t id : ids) words << QString::number(id);
  words << QStringLiteral("--db") << database << QStringLiteral("-o") << file;
  process_.start(program_, words);
}

void TerminalExport::stop() {
  if (!at_work()) return;
  stopping_ = true;
  process_.terminate();
}

void TerminalExport::end(int status) {
  const bool done = process_.exitStatus() == QProcess::NormalExit && status == 0;
  QString why = QString::fromUtf8(process_.readAllStandardError()).trimmed().section(QLatin1Char('\n'), -1);
  why.remove(0, why.startsWith(QLatin1String("grapevine-cli: ")) ? 15 : 0);
  if (done)
    Q_EMIT written(file_);
  else if (!stopping_)
    Q_EMIT trouble(why.isEmpty() ? tr("%1 was not written.").arg(file_) : why);
  Q_EMIT ended();
}

}  // namespace grapevine
