#include "ui/panels/stored_sweeps.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <map>

#include "engine/runs/run_words.h"
#include "ui/panels/counted.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString tr(const char* text, int n = -1) {
  return QCoreApplication::translate("StoredSweeps", text, nullptr, n);
}

}  // namespace

QString StoredSweep::title() const {
  const auto runs = static_cast<int>(finished.size()) + failed + others;
  return QStringList{QString::fromStdString(name), counted(runs, tr("1 run"), tr("%n runs", runs)),
                     local_time(QString::fromStdString(started))}
      .join(QStringLiteral(" \u00b7 "));
}

QString StoredSweep::left_out() const {
  QStringList parts;
  if (failed > 0) parts << tr("%n failed", failed);
  if (others > 0) parts << tr("%n not finished", others);
  return parts.isEmpty() ? QString() : tr("Left out: %1.").arg(parts.join(QStringLiteral(", ")));
}

std::vector<StoredSweep> stored_sweeps(const std::vector<RunSummary>& runs) {
  std::map<std::string, StoredSweep> by_group;
  for (const RunSummary& run : runs) {
    if (run.group_kind != run_group::sweep || run.group_uuid.empty()) continue;
    StoredSweep& sweep = by_group[run.group_uuid];
    if (sweep.group.empty()) {
      sweep.group = run.group_uuid;
      sweep.name = run.name.empty() ? run.rule + ", " + run.model + ", " + run.data : run.name;
    }
    sweep.started = std::max(sweep.started, run.started);
    if (run.status == RunStatus::finished)
      sweep.finished.push_back(run.id);
    else
      ++(run.status == RunStatus::failed ? sweep.failed : sweep.others);
  }
  std::vector<StoredSweep> all;
  for (auto& [group, sweep] : by_group) all.push_back(std::move(sweep));
  std::stable_sort(all.begin(), all.end(), [](const StoredSweep& one, const StoredSweep& other) {
    return one.started > other.started;
  });
  return all;
}

}  // namespace grapevine
