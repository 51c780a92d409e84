#include "ui/panels/stored_sweeps.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/experiment/settings.h"
#include "engine/runs/run_words.h"
#include "engine/runs/stored_values.h"
#include "ui/panels/counted.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString tr(const char* text, int n = -1) {
  return QCoreApplication::translate("StoredSweeps", text, nullptr, n);
}

QString shortened(const QString& text, int most) {
  return text.size() <= most ? text : text.left(most - 1) + QStringLiteral("\u2026");
}

/// Reasons that differ in their numbers alone, as a step's, are one.
int different_reasons(const std::vector<StoredSweep::Failed>& failed) {
  static const QRegularExpression number(QStringLiteral("[0-9][0-9.,]*"));
  std::set<QString> reasons;
  for (const StoredSweep::Failed& one : failed)
    if (!one.why.empty()) reasons.insert(QString::fromStdString(one.why).replace(number, QString()));
  return static_cast<int>(reasons.size());
}

QString line_of(const StoredSweep::Failed& failed) {
  const QString why = failed.why.empty() ? tr("no reason is stored") : QString::fromStdString(failed.why);
  return failed.run == 0 ? why : tr("Run %1: %2").arg(failed.run).arg(why);
}

}  // namespace

QString StoredSweep::title() const {
  const auto runs = static_cast<int>(finished.size() + failed.size() + others.size());
  return QStringList{QString::fromStdString(name), counted(runs, tr("1 run"), tr("%n runs", runs)),
                     local_time(QString::fromStdString(started))}
      .join(QStringLiteral(" \u00b7 "));
}

QString StoredSweep::left_out() const {
  QStringList parts;
  if (!failed.empty()) parts << tr("%n failed", static_cast<int>(failed.size()));
  if (!others.empty()) parts << tr("%n not finished", static_cast<int>(others.size()));
  if (parts.isEmpty()) return {};
  QString text = tr("Left out: %1.").arg(parts.join(QStringLiteral(", ")));
  const auto first =
      std::find_if(failed.begin(), failed.end(), [](const Failed& one) { return !one.why.empty(); });
  if (first == failed.end()) return text;
  constexpr int readable = 70;
  text += QLatin1Char(' ') + shortened(line_of(*first), readable);
  const int more = different_reasons(failed) - 1;
  return more > 0 ? text + QLatin1Char(' ') +
                        counted(more, tr("(and another reason)"), tr("(and %n other reasons)", more))
                  : text;
}

QString StoredSweep::reasons() const {
  constexpr std::size_t most = 12;
  constexpr int longest = 300;
  QStringList lines;
  for (std::size_t i = 0; i < failed.size() && i < most; ++i) lines << shortened(line_of(failed[i]), longest);
  if (failed.size() > most) lines << QStringLiteral("\u2026");
  return lines.join(QLatin1Char('\n'));
}

StoredSweep StoredSweep::cell_by_cell(const std::map<std::int64_t, std::string>& cells) const {
  const auto cell_of_run = [&](std::int64_t run) {
    const auto known = cells.find(run);
    return known == cells.end() ? std::to_string(run) : known->second;
  };
  std::set<std::string> done;
  for (const std::int64_t run : finished) done.insert(cell_of_run(run));
  std::map<std::string, std::int64_t> newest;
  const auto look = [&](std::int64_t run) {
    std::int64_t& last = newest[cell_of_run(run)];
    last = std::max(last, run);
  };
  for (const Failed& one : failed) look(one.run);
  for (const std::int64_t run : others) look(run);
  const auto is_past = [&](std::int64_t run) {
    const std::string cell = cell_of_run(run);
    return done.contains(cell) || newest[cell] != run;
  };
  StoredSweep once = *this;
  std::erase_if(once.failed, [&](const Failed& one) { return is_past(one.run); });
  std::erase_if(once.others, is_past);
  return once;
}

std::string cell_of(const std::string& experiment) {
  nlohmann::json settings = parse_stored_json(experiment);
  if (!settings.is_object()) return experiment;
  for (const Setting& setting : experiment_settings())
    if (setting.scope == Scope::machine) settings.erase(setting.key);
  return settings.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
    else if (run.status == RunStatus::failed)
      sweep.failed.push_back({run.id, run.failure});
    else
      sweep.others.push_back(run.id);
  }
  std::vector<StoredSweep> all;
  for (auto& [group, sweep] : by_group) all.push_back(std::move(sweep));
  std::stable_sort(all.begin(), all.end(), [](const StoredSweep& one, const StoredSweep& other) {
    return one.started > other.started;
  });
  return all;
}

}  // namespace grapevine
