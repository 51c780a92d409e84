// Drives grapevine-cli as its users do: arguments, streams, signals and exit status, in a home of its own.
#pragma once

#include <signal.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <memory>

using namespace Qt::StringLiterals;

/// What a call came to.
struct Outcome {
  int status = -1;
  QString out, err;
  /// Standard output as the one JSON document that --json promises; null when it is anything else.
  QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

class Terminal {
 public:
  QString path(const QString& name) const { return home_.filePath(name); }
  QString database() const { return path("data/grapevine/grapevine.db"); }
  QString write(const QString& name, const QByteArray& content) const {
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly)) qFatal("can't write %s", qPrintable(name));
    file.write(content);
    return file.fileName();
  }
  QByteArray read(const QString& name) const {
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }

  std::unique_ptr<QProcess> start(const QStringList& arguments) const {
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HOME", home_.path());
    environment.insert("XDG_DATA_HOME", path("data"));
    environment.insert("XDG_CACHE_HOME", path("cache"));
    process->setProcessEnvironment(environment);
    process->setWorkingDirectory(home_.path());
    process->start(GRAPEVINE_BIN_DIR "/grapevine-cli", arguments);
    return process;
  }
  static Outcome end_of(QProcess& process) {
    Outcome outcome;
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(120000)) return outcome;
    if (process.exitStatus() == QProcess::NormalExit) outcome.status = process.exitCode();
    outcome.out = QString::fromUtf8(process.readAllStandardOutput());
    outcome.err = QString::fromUtf8(process.readAllStandardError());
    return outcome;
  }
  Outcome run(const QStringList& arguments) const { return end_of(*start(arguments)); }

  /// The same with a small network on synthetic data, one thread, ten steps an epoch.
  static QStringList small(QStringList arguments, int epochs = 2) {
    arguments += {"--threads", "1",
                  "--set",     "data.name=shapes",
                  "--set",     "data.train_limit=640",
                  "--set",     "data.test_limit=100",
                  "--set",     "model.hidden=16,16",
                  "--set",     "train.batch=64",
                  "--set",     "probe.every=5",
                  "--set",     "probe.batch=32",
                  "--set",     "train.epochs=" + QString::number(epochs)};
    return arguments;
  }

 private:
  QTemporaryDir home_;
};

/// A message on standard error: the program's name and one line.
inline bool is_one_line(const QString& message) {
  return message.startsWith("grapevine-cli: ") && message.endsWith('\n') && message.count('\n') == 1;
}

/// A run's samples without their times: "measure,point,step,epoch,value" lines, sorted.
inline QStringList samples_of(const QByteArray& csv) {
  QStringList lines;
  for (const QByteArray& line : csv.split('\n')) {
    const QList<QByteArray> cells = line.split(',');
    if (cells.size() != 6 || cells[0] == "measure" || cells[0].endsWith("_seconds")) continue;
    lines += cells[0] + "," + cells[1] + "," + cells[2] + "," + cells[3] + "," + cells[5];
  }
  lines.sort();
  return lines;
}
