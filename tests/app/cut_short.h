// A program that a signal reaches before its end, however quick the machine is.
#pragma once

#include <QElapsedTimer>
#include <functional>

#include "tests/app/terminal.h"

struct CutShort {
  std::unique_ptr<Terminal> terminal;
  int epochs = 0;
  QStringList arguments;
  Outcome outcome;
};

/// Sends `signal` once `begun`; where all runs were finished before it came, the same with four times the
/// epochs.
inline CutShort cut_short(int epochs, int signal,
                          const std::function<QStringList(const Terminal&, int epochs)>& arguments,
                          const std::function<bool(const Terminal&)>& begun) {
  for (;; epochs *= 4) {
    CutShort all{std::make_unique<Terminal>(), epochs, {}, {}};
    all.arguments = arguments(*all.terminal, epochs);
    const auto process = all.terminal->start(all.arguments);
    QElapsedTimer since;
    since.start();
    while (!begun(*all.terminal) && since.elapsed() < 60000) QTest::qWait(5);
    const auto pid = static_cast<pid_t>(process->processId());
    if (pid > 0) ::kill(pid, signal);
    all.outcome = Terminal::end_of(*process);
    const QJsonArray runs = all.terminal->run({"list", "--json"}).json()["runs"_L1].toArray();
    const bool finished = std::all_of(runs.begin(), runs.end(), [](const auto& run) {
      return run.toObject()["status"_L1] == "finished"_L1;
    });
    if (!finished || runs.isEmpty() || epochs > 100000) return all;
  }
}
