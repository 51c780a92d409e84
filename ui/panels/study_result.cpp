#include "ui/panels/study_result.h"

#include <QCollator>
#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "engine/door/theory_table.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

class Words {
  Q_DECLARE_TR_FUNCTIONS(grapevine::StudyView)
};

/// What is drawn of a study: columns against one, a line each, or a line for each value of another.
struct Picture {
  const char* study;
  const char *x, *y_title;
  const char* by;                                            ///< "" = none
  std::vector<std::pair<const char*, const char*>> columns;  ///< with that of their deviation, or ""
};
const std::vector<Picture>& pictures() {
  static const std::vector<Picture> all{
      {"forward_gradients",
       "batch",
       QT_TRANSLATE_NOOP("grapevine::StudyView", "cosine with the gradient"),
       "layers",
       {{"cosine_k1", "deviation_k1"}, {"cosine_k10", "deviation_k10"}, {"cosine_k100", "deviation_k100"}}},
      {"fixed_target",
       "step",
       QT_TRANSLATE_NOOP("grapevine::StudyView", "cosine with the target"),
       "",
       {{"equation_6", ""}, {"equation_6_with_noise", ""}, {"grape_cosine_step", ""}, {"running_mean", ""}}},
      {"concentration",
       "point",
       QT_TRANSLATE_NOOP("grapevine::StudyView", "cosine"),
       "",
       {{"eq4_bound", ""},
        {"mean_cosine_k1", "standard_error_k1"},
        {"mean_cosine_k16", "standard_error_k16"}}},
      {"lemma_b2",
       "b",
       QT_TRANSLATE_NOOP("grapevine::StudyView", "cos(B, J)"),
       "a",
       {{"bound", ""}, {"mean", ""}}},
      {"table5",
       "depth",
       QT_TRANSLATE_NOOP("grapevine::StudyView", "ms per step"),
       "rule",
       {{"median_ms", ""}, {"published_ms", ""}}}};
  return all;
}

QString number_text(const Json& value) {
  if (value.is_string()) return QString::fromStdString(value.get<std::string>());
  if (value.is_number_integer()) return QLocale().toString(value.get<qlonglong>());
  if (!value.is_number()) return QStringLiteral("–");
  const double number = value.get<double>();
  const bool whole = std::floor(number) == number && std::abs(number) < 1e9;
  return whole ? QLocale().toString(static_cast<qlonglong>(number)) : QLocale().toString(number, 'g', 4);
}

QString in_words(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return QString::fromStdString(key);
}

double number_in(const Json& row, const char* key) {
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

SweepPlot plot_of(const Picture& picture, const Json& rows) {
  SweepPlot plot;
  plot.kind = SweepPlot::Kind::curve;
  plot.x_title = in_words(picture.x);
  plot.y_title = Words::tr(picture.y_title);
  std::set<double> ticks;
  std::vector<std::string> groups;  // each has a hue, its further columns are dashed
  for (const auto& [column, deviation] : picture.columns) {
    for (const Json& row : rows) {
      const double x = number_in(row, picture.x), y = number_in(row, column);
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      const std::string group =
          *picture.by && row.contains(picture.by) ? number_text(row[picture.by]).toStdString() : "";
      const QString name =
          in_words(column) + (group.empty() ? QString()
                                            : QStringLiteral(", ") + in_words(picture.by) + QLatin1Char(' ') +
                                                  QString::fromStdString(group));
      auto line = std::find_if(plot.lines.begin(), plot.lines.end(),
                               [&](const SweepPlot::Line& known) { return known.name == name; });
      if (line == plot.lines.end()) {
        auto place = std::find(groups.begin(), groups.end(), group);
        if (place == groups.end()) place = groups.insert(place, group);
        const std::size_t hue =
            group.empty() ? plot.lines.size() : static_cast<std::size_t>(place - groups.begin());
        line = plot.lines.insert(line, {name, hue_of(group, hue), {}});
      }
      const double known = *deviation ? number_in(row, deviation) : std::nan("");
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
    std::vector<Study> list{{QStringLiteral("table5"),
                             Words::tr("Table 5: time of a step"),
                             Words::tr("A step of BP next to one of GrAPE on Transformers of depth 2, 4 "
                                       "and 8, on this machine; the text's are "
                                       "of its A100. Some minutes."),
                             {QStringLiteral("bench"), QStringLiteral("table5")},
                             false}};
    const std::set<std::string_view> of_their_own{"forward_gradients", "fixed_target", "lemma_b2"};
    const std::pair<const char*, QString> titles[] = {
        {"forward_gradients", Words::tr("Figure 2 (2025): forward gradients")},
        {"fixed_target", Words::tr("Figure 4 (2025): a fixed target")},
        {"concentration", Words::tr("Equation 4: concentration")},
        {"lemma_b2", Words::tr("Lemma B.2: the bound")},
        {"costs", Words::tr("Appendix D: what a step costs")}};
    for (const auto& [key, title] : titles)
      for (const TheoryStudy& study : theory_studies())
        if (QLatin1StringView(study.key) == QLatin1StringView(key))
          list.push_back({QString::fromLatin1(key),
                          title,
                          QString::fromUtf8(study.help),
                          {QStringLiteral("theory"), QString::fromLatin1(key)},
                          !of_their_own.contains(key)});
    return list;
  }();
  return all;
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
  std::stable_partition(keys.begin(), keys.end(), [](const std::string& key) {
    return key == "name" || key == "depth" || key == "rule" || key == "point" || key == "step" ||
           key == "layers" || key == "batch";
  });
  for (const std::string& key : keys) result.headings << (key == "name" ? QString() : in_words(key));
  for (const Json& row : rows) {
    QStringList cells;
    for (const std::string& key : keys) cells << (row.contains(key) ? number_text(row[key]) : QString());
    result.rows.push_back(std::move(cells));
  }
  for (const Picture& picture : pictures())
    if (study.key == QLatin1StringView(picture.study)) result.plot = plot_of(picture, rows);
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
