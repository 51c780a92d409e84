#include "ui/panels/stored_sweeps.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <map>
#include <set>

#include "engine/runs/run_words.h"
#include "ui/panels/counted.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString tr(const char* text, int n = -1) {
  return QCoreApplication::translate("StoredSweeps", text, nullptr, n);
}

/// What a sweep is about, as far as the list of runs says.
struct Swept {
  std::set<std::string> names, rules, models, data;
  std::set<std::int64_t> seeds;

  void add(const RunSummary& run) {
    names.insert(run.name);
    rules.insert(run.rule);
    models.insert(run.model);
    data.insert(run.data);
    seeds.insert(run.seed);
  }
  /// Its own name, else "3 rules × 3 seeds, mlp, shapes".
  QString title() const {
    if (names.size() == 1 && !names.begin()->empty()) return QString::fromStdString(*names.begin());
    const auto one_or = [](const std::set<std::string>& all, const QString& several) {
      return all.size() == 1 ? QString::fromStdString(*all.begin()) : several;
    };
    QString first =
        rules.size() == 1 ? name_of_rule(*rules.begin()) : tr("%n rules", static_cast<int>(rules.size()));
    if (seeds.size() > 1) first = tr("%1 × %2").arg(first, tr("%n seeds", static_cast<int>(seeds.size())));
    return QStringList{first, one_or(models, tr("%n models", static_cast<int>(models.size()))),
                       one_or(data, tr("%n data sets", static_cast<int>(data.size())))}
        .join(QStringLiteral(", "));
  }
};

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
  std::map<std::string, Swept> swept;
  for (const RunSummary& run : runs) {
    if (run.group_kind != run_group::sweep || run.group_uuid.empty()) continue;
    StoredSweep& sweep = by_group[run.group_uuid];
    sweep.group = run.group_uuid;
    swept[run.group_uuid].add(run);
    sweep.started = std::max(sweep.started, run.started);
    if (run.status == RunStatus::finished)
      sweep.finished.push_back(run.id);
    else
      ++(run.status == RunStatus::failed ? sweep.failed : sweep.others);
  }
  std::vector<StoredSweep> all;
  for (auto& [group, sweep] : by_group) {
    sweep.name = swept[group].title().toStdString();
    all.push_back(std::move(sweep));
  }
  std::stable_sort(all.begin(), all.end(), [](const StoredSweep& one, const StoredSweep& other) {
    return one.started > other.started;
  });
  return all;
}

}  // namespace grapevine
