// What only the terminal's program writes of runs (pages, figures, parameters): it is started for it, one
// file at a time. The window's thread only.
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <cstdint>
#include <vector>

namespace grapevine {

class TerminalExport : public QObject {
  Q_OBJECT

 public:
  explicit TerminalExport(QObject* parent = nullptr);
  ~TerminalExport() override;

  void set_program(const QString& file) { program_ = file; }
  /// In the format that the file's name ends in.
  void start(const QString& database, const std::vector<std::int64_t>& ids, const QString& file);
  bool at_work() const { return process_.state() != QProcess::NotRunning; }
  /// An older file of that name stays as it was.
  void stop();

 Q_SIGNALS:
  void written(const QString& file);
  void trouble(const QString& sentence);
  void ended();

 private:
  void end(int status);

  QString program_, file_;
  bool stopping_ = false;
  QProcess process_;
};

}  // namespace grapevine
