#include "ui/panels/study_result.h"

#include <QCollator>
#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/door/theory_studies.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/plan.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

class Words {
  Q_DECLARE_TR_FUNCTIONS(grapevine::StudyView)
};

constexpr const char* times_of_a_step = "table5";

/// What is drawn of Table 5, which the bench computes.
const StudyPicture& picture_of_times() {
  static const StudyPicture picture{"depth",
                                    QT_TRANSLATE_NOOP("grapevine::StudyView", "Time of a step (ms)"),
                                    "rule",
                                    "%1",
                                    {{"median_ms", ""}, {"published_ms", ""}}};
  return picture;
}

const std::vector<StudyColumn>& columns_of_times() {
  static const std::vector<StudyColumn> columns{
      {"depth", QT_TRANSLATE_NOOP("grapevine::StudyView", "Depth (blocks)")},
      {"rule", QT_TRANSLATE_NOOP("grapevine::StudyView", "Rule")},
      {"median_ms", QT_TRANSLATE_NOOP("grapevine::StudyView", "Median on this machine"), "ms"},
      {"p10_ms", QT_TRANSLATE_NOOP("grapevine::StudyView", "10th percentile"), "ms"},
      {"p90_ms", QT_TRANSLATE_NOOP("grapevine::StudyView", "90th percentile"), "ms"},
      {"ratio_to_first", QT_TRANSLATE_NOOP("grapevine::StudyView", "Time / the first rule's")},
      {"flops", QT_TRANSLATE_NOOP("grapevine::StudyView", "Work of a step"), "FLOP"},
      {"published_ms", QT_TRANSLATE_NOOP("grapevine::StudyView", "Published, on an A100"), "ms"}};
  return columns;
}

const std::vector<StudyColumn>& columns_of(const Study& study) {
  const TheoryStudy* of_theory = find_study(study.key.toStdString());
  return of_theory ? of_theory->columns : columns_of_times();
}

/// As the table's head and the axes have it, with its unit.
QString title_of(const Study& study, const std::string& key) {
  return Words::tr(column_title(columns_of(study), key).c_str());
}

/// As a legend has it.
QString name_of(const Study& study, const std::string& key) {
  return Words::tr(column_name(columns_of(study), key).c_str());
}

/// A row is told by these, in whichever study it is.
bool says_which_row(const std::string& key) {
  static const std::set<std::string> all = [] {
    std::set<std::string> columns{"name", "depth", "rule"};
    for (const TheoryStudy& study : theory_studies())
      columns.insert(study.row_columns.begin(), study.row_columns.end());
    return columns;
  }();
  return all.contains(key);
}

QString number_text(const Json& value) {
  if (value.is_string()) return QString::fromStdString(value.get<std::string>());
  if (value.is_number_integer()) return QLocale().toString(value.get<qlonglong>());
  if (!value.is_number()) return QStringLiteral("–");
  const double number = value.get<double>();
  const bool whole = std::floor(number) == number && std::abs(number) < 1e9;
  return whole ? QLocale().toString(static_cast<qlonglong>(number)) : QLocale().toString(number, 'g', 4);
}

double number_in(const Json& row, const std::string& key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_number() ? found->get<double>() : std::nan("");
}

/// bench table5 has rules within depths; the others rows.
Json rows_of(const Json& answer) {
  if (answer.contains("rows")) return answer["rows"];
  Json rows = Json::array();
  if (!answer.contains("depths")) return rows;
  for (const Json& depth : answer["depths"])
    for (Json row : depth.at("rules")) {
      row["depth"] = depth.at("depth");
      rows.push_back(row);
    }
  return rows;
}

/// Lines take the hues of rules that have one of their own, one after the other, or that of the rule that
/// they are of.
std::string hue_of(const std::string& name, std::size_t place) {
  if (find_rule(name)) return name;
  std::vector<std::string> own;
  for (const RuleDescriptor& rule : rules())
    if (rule.look.family.empty()) own.push_back(rule.key);
  return own[place % own.size()];
}

/// Of the value that a line is of: "a = 0.1", "8 layers", "GrAPE".
QString words_of_group(const StudyPicture& picture, const std::string& group) {
  const RuleDescriptor* rule = picture.by == "rule" ? find_rule(group) : nullptr;
  return Words::tr(picture.by_words.c_str()).arg(QString::fromStdString(rule ? rule->name : group));
}

SweepPlot plot_of(const Study& study, const StudyPicture& picture, const Json& rows) {
  SweepPlot plot;
  plot.kind = SweepPlot::Kind::curve;
  plot.x_title = title_of(study, picture.x);
  plot.y_title = Words::tr(picture.y_title.c_str());
  std::set<double> ticks;
  std::vector<std::string> groups;  // each has a hue, its further columns are dashed
  for (const auto& [column, deviation] : picture.columns) {
    for (const Json& row : rows) {
      const double x = number_in(row, picture.x), y = number_in(row, column);
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      const std::string group =
          !picture.by.empty() && row.contains(picture.by) ? number_text(row[picture.by]).toStdString() : "";
      QString name = name_of(study, column);
      if (!group.empty()) name += QStringLiteral(", ") + words_of_group(picture, group);
      auto line = std::find_if(plot.lines.begin(), plot.lines.end(),
                               [&](const SweepPlot::Line& known) { return known.name == name; });
      if (line == plot.lines.end()) {
        auto place = std::find(groups.begin(), groups.end(), group);
        if (place == groups.end()) place = groups.insert(place, group);
        const std::size_t hue =
            group.empty() ? plot.lines.size() : static_cast<std::size_t>(place - groups.begin());
        line = plot.lines.insert(line, {name, hue_of(group, hue), {}});
      }
      const double known = !deviation.empty() ? number_in(row, deviation) : std::nan("");
      const double reach = std::isfinite(known) ? known : 0;
      line->dots.push_back({x, y, y - reach, y + reach, 1});
      ticks.insert(x);
    }
  }
  plot.x_ticks.assign(ticks.begin(), ticks.end());
  plot.log_x = ticks.size() > 1 && *ticks.begin() > 0 && *ticks.rbegin() / *ticks.begin() >= 30;
  if (ticks.size() < 2) plot.kind = SweepPlot::Kind::none;
  return plot;
}

}  // namespace

const std::vector<Study>& studies() {
  static const std::vector<Study> all = [] {
    std::vector<Study> list{{QString::fromLatin1(times_of_a_step),
                             Words::tr("Table 5: time of a step"),
                             Words::tr("A step of BP next to one of GrAPE on Transformers of depth 2, 4 "
                                       "and 8, on this machine; the text's are "
                                       "of its A100. Some minutes."),
                             {QStringLiteral("bench"), QString::fromLatin1(times_of_a_step)},
                             false}};
    for (const TheoryStudy& study : theory_studies()) {
      const QString key = QString::fromStdString(study.key);
      list.push_back({key,
                      Words::tr(study.title.c_str()),
                      QString::fromStdString(study.help),
                      {QStringLiteral("theory"), key},
                      study.of_a_network});
    }
    return list;
  }();
  return all;
}

QStringList words_of(const Study& study, const ExperimentPlan* form) {
  QStringList words = study.command;
  words << QStringLiteral("--json");
  if (!study.of_the_form || !form) return words;
  const TheoryStudy* of_theory = find_study(study.key.toStdString());
  const bool of_a_rule = !of_theory || !of_theory->compares_rules;  // else the program names the rules
  const Experiment &own = form->racers.front(), usual(own.rule());
  const auto set = [&](const std::string& assignment) {
    words << QStringLiteral("--set") << QString::fromStdString(assignment);
  };
  if (of_a_rule) set("rule.name=" + own.rule());
  for (const auto& [key, value] : own.entries())
    if ((key.starts_with("model.") || key.starts_with("data.") || (of_a_rule && key.starts_with("rule."))) &&
        usual.value(key) != value)
      set(key + "=" + to_text(value));
  return words;
}

StudyResult read_study(const Study& study, const Json& answer) {
  StudyResult result;
  const Json rows = rows_of(answer);
  std::vector<std::string> keys;
  for (const Json& row : rows)
    for (const auto& [key, value] : row.items())
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  // k4 before k16; what a row is of comes first.
  QCollator by_number(QLocale(QLocale::English));  // the C locale knows no numbers
  by_number.setNumericMode(true);
  std::stable_sort(keys.begin(), keys.end(), [&](const std::string& one, const std::string& other) {
    return by_number.compare(QString::fromStdString(one), QString::fromStdString(other)) < 0;
  });
  std::stable_partition(keys.begin(), keys.end(), says_which_row);
  for (const std::string& key : keys) result.headings << (key == "name" ? QString() : title_of(study, key));
  for (const Json& row : rows) {
    QStringList cells;
    for (const std::string& key : keys) cells << (row.contains(key) ? number_text(row[key]) : QString());
    result.rows.push_back(std::move(cells));
  }
  const TheoryStudy* of_theory = find_study(study.key.toStdString());
  const StudyPicture& picture = of_theory ? of_theory->picture : picture_of_times();
  if (!picture.columns.empty()) result.plot = plot_of(study, picture, rows);
  if (answer.contains("notes"))
    for (const Json& note : answer["notes"]) {
      QString sentence = QString::fromStdString(note.get<std::string>());
      const bool is_a_word =
          !sentence.section(QLatin1Char(' '), 0, 0).contains(QLatin1Char('_'));  // and no column's key
      if (is_a_word && !sentence.isEmpty()) sentence[0] = sentence[0].toUpper();
      result.notes +=
          (result.notes.isEmpty() ? QString() : QStringLiteral(" ")) + sentence + QLatin1Char('.');
    }
  if (answer.contains("device"))
    result.notes = Words::tr("Measured on %1, threads: %2.")
                       .arg(QString::fromStdString(answer["device"].get<std::string>()))
                       .arg(answer.value("threads", 0));
  return result;
}

}  // namespace grapevine
