#include "ui/panels/study_view.h"

#include <signal.h>
#include <sys/prctl.h>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ui/panels/list_table.h"
#include "ui/panels/sweep_figure.h"

namespace grapevine {

using Json = nlohmann::json;

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
      stop();
    else
      compute();
  });
  connect(&process_, &QProcess::stateChanged, this,
          [this] { compute_->setText(at_work() ? tr("Stop") : tr("Compute")); });
  connect(&process_, &QProcess::readyReadStandardError, this, &StudyView::hear);
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
  if (at_work()) stop();
  study_ = study;
  help_->setText(study.of_the_form ? tr("%1. On the form's network.").arg(study.help) : study.help);
  show_result({});
  show_words(program_.isEmpty()
                 ? tr("This is computed by grapevine-cli, which is not in this program's folder.")
                 : tr("Nothing is computed yet: press Compute."));
  compute_->setEnabled(!program_.isEmpty());
}

QStringList StudyView::arguments() const {
  const std::optional<ExperimentPlan> plan = study_.of_the_form && plan_ ? plan_() : std::nullopt;
  return words_of(study_, plan ? &*plan : nullptr) << QStringLiteral("--progress");
}

void StudyView::compute() {
  if (at_work() || program_.isEmpty()) return;
  show_words(tr("At work…"));
  computed_ = study_.key;
  said_.clear();
  stopping_ = false;
  process_.start(program_, arguments());
}

void StudyView::stop() {
  stopping_ = true;
  if (computed_ == study_.key) show_words(tr("Stopping…"));
  process_.terminate();
}

void StudyView::hear() {
  static const QRegularExpression progress(QStringLiteral("^progress: (.+)$"));
  process_.setReadChannel(QProcess::StandardError);
  while (process_.canReadLine()) {
    const QString line = QString::fromUtf8(process_.readLine()).trimmed();
    const QRegularExpressionMatch how_far = progress.match(line);
    if (!how_far.hasMatch())
      said_ = line;
    else if (!stopping_ && computed_ == study_.key)
      show_words(tr("At work: %1").arg(how_far.captured(1)));
  }
}

void StudyView::finished(int status) {
  hear();
  if (computed_ != study_.key) return;  // another one is looked at
  if (stopping_ || process_.exitStatus() == QProcess::CrashExit) return show_words(tr("Stopped."));
  const Json answer = Json::parse(process_.readAllStandardOutput().toStdString(), nullptr, false);
  if (status != 0 || !answer.is_object()) {
    const QString rest = QString::fromUtf8(process_.readAllStandardError()).trimmed();
    const QString why = rest.isEmpty() ? said_ : rest.section(QLatin1Char('\n'), -1);
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
  const bool drawn = result.plot.kind != SweepPlot::Kind::none;
  figure_->setVisible(drawn);
  // Without a result the page's words are in its middle, as on other pages.
  const bool empty = !drawn && model_->rowCount() == 0;
  table_->setVisible(!empty);
  words_->setAlignment(empty ? Qt::AlignCenter : Qt::AlignLeft | Qt::AlignVCenter);
  words_->setSizePolicy(QSizePolicy::Preferred, empty ? QSizePolicy::Expanding : QSizePolicy::Preferred);
  // A few rows leave their room to the picture.
  const int rows = std::max(3, model_->rowCount()) * table_->verticalHeader()->defaultSectionSize();
  const int besides = table_->horizontalHeader()->sizeHint().height() +
                      table_->horizontalScrollBar()->sizeHint().height() + 4;
  table_->setMaximumHeight(drawn ? rows + besides : QWIDGETSIZE_MAX);
}

void StudyView::show_words(const QString& words) {
  words_->setText(words);
}

}  // namespace grapevine
