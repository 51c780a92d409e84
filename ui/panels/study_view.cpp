#include "ui/panels/study_view.h"

#include <signal.h>
#include <sys/prctl.h>

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "engine/door/theory_table.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "ui/panels/list_table.h"
#include "ui/panels/sweep_figure.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

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
       QT_TRANSLATE_NOOP("grapevine::StudyView", "ms a step"),
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
  plot.y_title = QCoreApplication::translate("grapevine::StudyView", picture.y_title);
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
                             StudyView::tr("Table 5: time of a step"),
                             StudyView::tr("A step of BP beside one of GrAPE on Transformers of depth 2, 4 "
                                           "and 8, on this machine; the text's are "
                                           "of its A100. Some minutes."),
                             {QStringLiteral("bench"), QStringLiteral("table5")},
                             false}};
    const std::set<std::string_view> of_their_own{"forward_gradients", "fixed_target", "lemma_b2"};
    const std::pair<const char*, QString> titles[] = {
        {"forward_gradients", StudyView::tr("Figure 2 (2025): forward gradients")},
        {"fixed_target", StudyView::tr("Figure 4 (2025): a fixed target")},
        {"concentration", StudyView::tr("Equation 4: concentration")},
        {"lemma_b2", StudyView::tr("Lemma B.2: the bound")},
        {"costs", StudyView::tr("Appendix D: what a step costs")}};
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
  // What a row is of comes first.
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
    for (const Json& note : answer["notes"])
      result.notes += (result.notes.isEmpty() ? QString() : QStringLiteral(" ")) +
                      QString::fromStdString(note.get<std::string>()) + QLatin1Char('.');
  if (answer.contains("device"))
    result.notes = StudyView::tr("Measured on %1, threads: %2.")
                       .arg(QString::fromStdString(answer["device"].get<std::string>()))
                       .arg(answer.value("threads", 0));
  return result;
}

StudyView::StudyView(QWidget* parent)
    : QWidget(parent),
      process_(this),
      help_(new QLabel(this)),
      words_(new QLabel(this)),
      compute_(new QPushButton(this)),
      model_(new QStandardItemModel(this)),
      table_(new QTableView(this)),
      figure_(new SweepFigure(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(8, 0, 8, 0);
  help_->setWordWrap(true);
  row->addWidget(help_, 1);
  row->addWidget(compute_);
  column->addLayout(row);
  table_->setModel(model_);
  table_->setAccessibleName(tr("Numbers of the study"));
  look_like_a_list(*table_);
  table_->horizontalHeader()->setStretchLastSection(false);
  column->addWidget(table_, 1);
  column->addWidget(figure_, 1);
  words_->setWordWrap(true);
  words_->setContentsMargins(8, 0, 8, 6);
  column->addWidget(words_);
  process_.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
  connect(compute_, &QPushButton::clicked, this, [this] {
    if (at_work())
      process_.terminate();
    else
      compute();
  });
  connect(&process_, &QProcess::stateChanged, this,
          [this] { compute_->setText(at_work() ? tr("Stop") : tr("Compute")); });
  connect(&process_, &QProcess::finished, this, &StudyView::finished);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) show_words(tr("%1 does not start.").arg(program_));
  });
  compute_->setText(tr("Compute"));
}

StudyView::~StudyView() {
  disconnect(&process_, nullptr, this, nullptr);
  if (!at_work()) return;
  process_.kill();  // nothing of it is stored
  process_.waitForFinished();
}

void StudyView::show_study(const Study& study) {
  if (study.key == study_.key) return;
  if (at_work()) process_.terminate();
  study_ = study;
  help_->setText(study.of_the_form ? tr("%1. On the form's network.").arg(study.help) : study.help);
  show_result({});
  show_words(program_.isEmpty() ? tr("This is computed by grapevine-cli, which is not beside this program.")
                                : tr("Nothing is computed yet: press Compute."));
  compute_->setEnabled(!program_.isEmpty());
}

/// The form's model, data and rule, as far as they are not what the program takes by itself.
QStringList StudyView::arguments() const {
  QStringList words = study_.command;
  words << QStringLiteral("--json");
  const std::optional<ExperimentPlan> plan = study_.of_the_form && plan_ ? plan_() : std::nullopt;
  if (!plan) return words;
  const Experiment &own = plan->racers.front(), usual(own.rule());
  words << QStringLiteral("--set") << QStringLiteral("rule.name=%1").arg(QString::fromStdString(own.rule()));
  for (const auto& [key, value] : own.entries())
    if ((key.starts_with("model.") || key.starts_with("data.") || key.starts_with("rule.")) &&
        usual.value(key) != value)
      words << QStringLiteral("--set") << QString::fromStdString(key + "=" + to_text(value));
  return words;
}

void StudyView::compute() {
  if (at_work() || program_.isEmpty()) return;
  show_words(tr("At work…"));
  process_.start(program_, arguments());
}

void StudyView::finished(int status) {
  if (process_.exitStatus() == QProcess::CrashExit) return show_words(tr("Stopped."));
  const Json answer = Json::parse(process_.readAllStandardOutput().toStdString(), nullptr, false);
  if (status != 0 || !answer.is_object()) {
    const QString why =
        QString::fromUtf8(process_.readAllStandardError()).trimmed().section(QLatin1Char('\n'), -1);
    return show_words(why.isEmpty() ? tr("Nothing came of it.") : why);
  }
  const StudyResult result = read_study(study_, answer);
  show_result(result);
  show_words(result.notes);
}

void StudyView::show_result(const StudyResult& result) {
  model_->clear();
  model_->setHorizontalHeaderLabels(result.headings);
  for (const QStringList& cells : result.rows) {
    QList<QStandardItem*> items;
    for (const QString& cell : cells) {
      items << new QStandardItem(cell);
      items.back()->setEditable(false);
      items.back()->setTextAlignment(items.size() == 1 ? Qt::AlignLeft | Qt::AlignVCenter
                                                       : Qt::AlignRight | Qt::AlignVCenter);
    }
    model_->appendRow(items);
  }
  table_->resizeColumnsToContents();
  figure_->show_plot(result.plot, false);
  figure_->setVisible(result.plot.kind != SweepPlot::Kind::none);
}

void StudyView::show_words(const QString& words) {
  words_->setText(words);
}

}  // namespace grapevine
