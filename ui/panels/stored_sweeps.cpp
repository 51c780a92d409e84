#include "ui/panels/stored_sweeps.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/settings.h"
#include "engine/runs/run_name.h"
#include "engine/runs/run_words.h"
#include "engine/runs/setting_differences.h"
#include "engine/runs/stored_settings.h"
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

/// What a sweep is about, as far as the list of runs says.
struct Swept {
  std::set<std::string> names, rules, models, data;
  std::set<std::int64_t> seeds;

  void add(const RunSummary& run) {
    names.insert(run.name == automatic_name(run.rule, run.model, run.data) ? std::string() : run.name);
    rules.insert(run.rule);
    models.insert(run.model);
    data.insert(run.data);
    seeds.insert(run.seed);
  }
  /// Its own name, else "3 rules × 3 seeds, mlp, shapes"; other settings belong behind the rules.
  void name(StoredSweep& sweep) const {
    if (names.size() == 1 && !names.begin()->empty()) {
      sweep.name = *names.begin();
      return;
    }
    const auto one_or = [](const std::set<std::string>& all, const QString& several) {
      return all.size() == 1 ? QString::fromStdString(*all.begin()) : several;
    };
    QString first =
        rules.size() == 1 ? name_of_rule(*rules.begin()) : tr("%n rules", static_cast<int>(rules.size()));
    sweep.varied_at = static_cast<int>(first.size());
    if (seeds.size() > 1) first = tr("%1 × %2").arg(first, tr("%n seeds", static_cast<int>(seeds.size())));
    sweep.name = QStringList{first, one_or(models, tr("%n models", static_cast<int>(models.size()))),
                             one_or(data, tr("%n data sets", static_cast<int>(data.size())))}
                     .join(QStringLiteral(", "))
                     .toStdString();
  }
};

}  // namespace

std::vector<std::int64_t> StoredSweep::runs() const {
  std::vector<std::int64_t> all = finished;
  all.insert(all.end(), others.begin(), others.end());
  for (const Failed& one : failed) all.push_back(one.run);
  return all;
}

QString StoredSweep::title(const QString& varied) const {
  const auto runs = static_cast<int>(finished.size() + failed.size() + others.size());
  constexpr int widest = 60;  // letters
  QString what = QString::fromStdString(name);
  if (varied_at >= 0 && !varied.isEmpty())
    what.insert(varied_at, QStringLiteral(" × ") + shortened(varied, widest));
  return QStringList{what, counted(runs, tr("1 run"), tr("%n runs", runs)),
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
  text += QLatin1Char(' ') + line_of(*first);
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

QString varied_settings(const std::vector<std::string>& experiments) {
  constexpr qsizetype most = 4;  // values of a setting
  std::vector<std::string> rules;
  for (const std::string& experiment : experiments)
    rules.push_back(StoredSettings::of(experiment).given(&RuleName::name).value_or(""));
  QStringList settings;
  for (const SettingDifference& difference : setting_differences(experiments)) {
    const bool is_in_the_name = difference.is_the_seed() || difference.is_the_rule() ||
                                difference.key == key_of(&ModelSettings::name) ||
                                difference.key == key_of(&DataSettings::name);
    if (is_in_the_name || !difference.tells_apart(rules)) continue;
    QStringList values;
    for (std::size_t i = 0; i < experiments.size(); ++i)
      if (const QString words = QString::fromStdString(difference.words_of(i)); !words.isEmpty())
        values << words.section(QLatin1Char(' '), 1);
    values.removeDuplicates();
    if (values.size() > most) values = values.mid(0, most) << QStringLiteral("\u2026");
    settings << QStringLiteral("%1: %2").arg(label_of_key(difference.key), values.join(QStringLiteral(", ")));
  }
  return settings.join(QStringLiteral(" × "));
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
    else if (run.status == RunStatus::failed)
      sweep.failed.push_back({run.id, run.failure});
    else
      sweep.others.push_back(run.id);
  }
  std::vector<StoredSweep> all;
  for (auto& [group, sweep] : by_group) {
    swept[group].name(sweep);
    all.push_back(std::move(sweep));
  }
  std::stable_sort(all.begin(), all.end(), [](const StoredSweep& one, const StoredSweep& other) {
    return one.started > other.started;
  });
  return all;
}

}  // namespace grapevine
