#include "ui/panels/groups_panel.h"

#include <QAction>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "ui/panels/counted.h"
#include "ui/panels/group_words.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/library_column.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_completer.h"
#include "ui/panels/list_table.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"
#include "ui/scope/key_table.h"

namespace grapevine {
namespace {

/// Of so many it is said what is under way, and it can be stopped.
constexpr std::size_t many = 1000;

QString text_of(const RunKey& key) {
  return QString::fromStdString(key.text());
}

QString title_of(const RunKey& measure) {
  LibraryColumn column;
  column.key = measure;
  return column.title();
}

/// Every measure with each statistic, as it is typed.
QStringList known_measures() {
  QStringList all;
  for (const MeasureDescriptor& measure : measures()) {
    const QString name = QString::fromStdString(measure.key);
    if (measure.better != Better::none) all << name + QStringLiteral(":best");
    all << name + QStringLiteral(":last") << name + QStringLiteral(":mean");
  }
  return all;
}

QStringList known_settings() {
  QStringList all;
  for (const std::string& key : known_run_keys())
    if (!find_measure(key)) all << QString::fromStdString(key);
  return all;
}

std::vector<RunKey> keys_in(const QLineEdit& edit) {
  return parse_run_keys({edit.text().remove(QLatin1Char(' ')).toStdString()});
}

}  // namespace

GroupsPanel::GroupsPanel(LibraryStore* store, std::function<std::vector<std::int64_t>()> shown,
                         QWidget* parent)
    : QWidget(parent),
      store_(store),
      shown_(std::move(shown)),
      model_(new GroupsModel(this)),
      keys_(new QLineEdit(this)),
      measures_(new QLineEdit(this)),
      ranking_(new QComboBox(this)),
      band_(new QComboBox(this)),
      words_(new QLabel(this)),
      stop_(new QToolButton(this)),
      table_(new QTableView(this)) {
  build_bar();
  build_table();
  show_ranking();
  connect(keys_, &QLineEdit::editingFinished, this, &GroupsPanel::refresh);
  connect(measures_, &QLineEdit::editingFinished, this, &GroupsPanel::refresh);
  connect(ranking_, &QComboBox::activated, this, [this] {
    wanted_ranking_ = ranking_->currentData().toString();
    rank();
  });
  connect(band_, &QComboBox::currentIndexChanged, this, &GroupsPanel::tell_wanted);
  connect(model_, &GroupsModel::ticked_changed, this, &GroupsPanel::tell_wanted);
  connect(stop_, &QToolButton::clicked, this, [this] {
    ++asked_;
    answered_ids_.clear();
    store_->stop_comparing(this);
    say(tr("Grouping was stopped. Filter the runs, or show the groups again."), false);
  });
}

void GroupsPanel::build_bar() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* fields = new QGridLayout;
  fields->setContentsMargins(8, 0, 8, 0);
  fields->setColumnStretch(1, 1);
  const auto add = [&](int row, int at, const QString& title, QWidget* field, const QString& help) {
    auto* label = new QLabel(title, this);
    label->setBuddy(field);
    field->setAccessibleName(title);
    field->setToolTip(help);
    fields->addWidget(label, row, at);
    fields->addWidget(field, row, at + 1);
  };
  keys_->setPlaceholderText(tr("all that differs but the seed"));
  keys_->setClearButtonEnabled(true);
  keys_->setCompleter(new ListCompleter(known_settings(), keys_));
  measures_->setPlaceholderText(tr("scores and loss"));
  measures_->setClearButtonEnabled(true);
  measures_->setCompleter(new ListCompleter(known_measures(), measures_));
  add(0, 0, tr("Group by"), keys_, tr("Settings with commas between them, as rule.name,optimizer.lr"));
  add(0, 2, tr("Band"), band_, tr("What lies around a group's mean in the figures"));
  add(1, 0, tr("Measures"), measures_,
      tr("Measures with commas between them, each with last, best or mean, as "
         "validation_accuracy:best,cos_b_j:mean"));
  add(1, 2, tr("Rank by"), ranking_, tr("The measure that places are given by"));
  ranking_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  ranking_->setMinimumContentsLength(12);
  for (const Band band : all_bands) band_->addItem(word_of(band), static_cast<int>(band));
  column->addLayout(fields);
  auto* said = new QHBoxLayout;
  said->setContentsMargins(8, 0, 8, 0);
  words_->setWordWrap(true);
  stop_->setText(tr("Stop"));
  stop_->hide();
  said->addWidget(words_, 1);
  said->addWidget(stop_);
  column->addLayout(said);
  column->addWidget(table_, 1);
}

void GroupsPanel::build_table() {
  table_->setModel(model_);
  table_->setAccessibleName(tr("Groups"));
  look_like_a_list(*table_);
  table_->setMinimumHeight(2 * fontMetrics().height());  // a small window has room for little
  QHeaderView* header = table_->horizontalHeader();
  header->setStretchLastSection(false);  // numbers stay under their heading
  header->setSortIndicator(0, Qt::AscendingOrder);
  table_->setSortingEnabled(true);
  header->setContextMenuPolicy(Qt::CustomContextMenu);
  auto* tick = new QAction(tr("Overlay in figures"), table_);
  tick->setShortcuts(keys_of("overlay"));
  tick->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  connect(tick, &QAction::triggered, this, &GroupsPanel::tick_selected);
  table_->addAction(tick);
  table_->setContextMenuPolicy(Qt::ActionsContextMenu);
  connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint& at) {
    if (QMenu* menu = heading_menu(header->logicalIndexAt(at))) menu->popup(header->mapToGlobal(at));
  });
}

/// As in the list of runs: each on that was off, and off that was on.
void GroupsPanel::tick_selected() {
  for (const QModelIndex& index : table_->selectionModel()->selectedRows())
    model_->set_ticked(index.row(), !model_->ticked(index.row()));
}

Band GroupsPanel::band() const {
  return static_cast<Band>(band_->currentData().toInt());
}

void GroupsPanel::say(const QString& sentence, bool is_error) {
  QPalette palette = words_->palette();
  palette.setColor(QPalette::WindowText,
                   is_error ? tone_colour(Tone::problem, is_dark(palette)) : palette.color(QPalette::Text));
  words_->setPalette(palette);
  words_->setText(sentence);
  words_->setVisible(!sentence.isEmpty());
  stop_->hide();
}

void GroupsPanel::refresh() {
  if (!isVisible()) return;
  ComparisonRequest request;
  try {
    request.keys = keys_in(*keys_);
    request.measures = keys_in(*measures_);
  } catch (const InputError& error) {
    return say(QString::fromUtf8(error.what()), true);
  }
  for (const RunKey& key : request.measures)
    if (key.kind != RunKey::Kind::measure)
      return say(tr("%1 is a setting: measures are test_accuracy:best, cos_b_j:mean …").arg(text_of(key)),
                 true);
  request.ids = shown_();
  // Only finished runs are grouped: the same ones come to the same.
  if (asked_ > 0 && request.ids == answered_ids_ && keys_->text() == answered_keys_ &&
      measures_->text() == answered_measures_)
    return;
  answered_ids_ = request.ids;
  answered_keys_ = keys_->text();
  answered_measures_ = measures_->text();
  const int question = ++asked_;
  if (request.ids.empty()) {
    model_->set_comparison({});
    return say(tr("No finished runs to group. Change or clear the filter."), false);
  }
  if (request.ids.size() > many) {
    say(tr("Grouping %1 runs…").arg(grouped(static_cast<std::int64_t>(request.ids.size()))), false);
    stop_->show();
  }
  store_->compare(
      this, std::move(request),
      [this, question](Comparison comparison) {
        if (question == asked_) show_comparison(std::move(comparison));
      },
      [this, question] {
        if (question != asked_) return;
        answered_ids_.clear();  // the same question may be asked again
        say(tr("The runs could not be grouped. Filter them, or show the groups again."), true);
      });
}

void GroupsPanel::show_comparison(Comparison comparison) {
  model_->set_comparison(std::move(comparison));
  show_ranking();
  rank();
}

/// What the comparison can be ranked by.
void GroupsPanel::show_ranking() {
  const QSignalBlocker quiet(ranking_);
  ranking_->clear();
  ranking_->addItem(tr("Automatic"), QString());
  for (const RunKey& measure : model_->comparison().measures)
    if (GroupsModel::can_rank(measure)) ranking_->addItem(title_of(measure), text_of(measure));
  ranking_->setCurrentIndex(std::max(0, ranking_->findData(wanted_ranking_)));
}

void GroupsPanel::rank() {
  std::optional<RunKey> measure;
  try {
    if (!wanted_ranking_.isEmpty()) measure = parse_run_key(wanted_ranking_.toStdString());
  } catch (const InputError&) {
    wanted_ranking_.clear();  // remembered by a program that knew more
  }
  if (measure && measure->kind != RunKey::Kind::measure) measure.reset();
  model_->rank_by(measure);
  ranking_->setCurrentIndex(std::max(0, ranking_->findData(wanted_ranking_)));
  {
    const QSignalBlocker quiet(table_->horizontalHeader());
    table_->horizontalHeader()->setSortIndicator(model_->sorted_column(), model_->sort_order());
  }
  table_->resizeColumnsToContents();
  if (asked_ > 0) show_words();
  tell_wanted();
}

void GroupsPanel::show_words() {
  const Comparison& comparison = model_->comparison();
  const auto groups = static_cast<int>(comparison.groups.size());
  const QString number =
      counted(groups, tr("1 group of finished runs"), tr("%n groups of finished runs", nullptr, groups));
  QString words = comparison.keys.empty() || keys_->text().isEmpty()
                      ? tr("%1, by all that differs but the seed.").arg(number)
                      : number + QLatin1Char('.');
  if (const QString ranked = model_->ranked_by(); !ranked.isEmpty())
    words = tr("%1 Ranked by %2.").arg(words, ranked);
  for (const std::string& note : {comparison.no_differences, comparison.no_gaps})
    if (!note.empty()) words += QLatin1Char(' ') + QString::fromStdString(note);
  say(words, false);
}

void GroupsPanel::change_measures(const RunKey& measure, const std::optional<RunKey>& by) {
  QStringList texts;
  for (const RunKey& each : model_->comparison().measures) {
    const QString text = text_of(each == measure && by ? *by : each);
    if ((each != measure || by) && !texts.contains(text)) texts << text;
  }
  if (by && wanted_ranking_ == text_of(measure)) wanted_ranking_ = text_of(*by);
  measures_->setText(texts.join(QLatin1Char(',')));
  refresh();
}

QMenu* GroupsPanel::heading_menu(int column) {
  const std::optional<RunKey> measure = model_->measure_in(column);
  if (!measure) return nullptr;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const bool ranks = GroupsModel::can_rank(*measure);
  if (ranks)
    menu->addAction(tr("Rank by this"), this, [this, measure] {
      wanted_ranking_ = text_of(*measure);
      rank();
    });
  const auto offer = [&](Statistic statistic, const QString& word) {
    RunKey other = *measure;
    other.statistic = statistic;
    QAction* action =
        menu->addAction(word, this, [this, measure, other] { change_measures(*measure, other); });
    action->setCheckable(true);
    action->setChecked(statistic == measure->statistic);
  };
  menu->addSeparator();
  offer(Statistic::last, tr("Last value"));
  if (ranks) offer(Statistic::best, tr("Best value"));
  offer(Statistic::mean, tr("Mean value"));
  menu->addSeparator();
  QAction* hide = menu->addAction(tr("Remove column"), this,
                                  [this, measure] { change_measures(*measure, std::nullopt); });
  hide->setEnabled(model_->comparison().measures.size() > 1);
  QAction* usual = menu->addAction(tr("Default measures"), this, [this] {
    measures_->clear();
    refresh();
  });
  usual->setEnabled(!measures_->text().isEmpty());
  return menu;
}

void GroupsPanel::tell_wanted() {
  std::vector<WantedGroup> wanted;
  for (int row = 0; row < model_->rowCount(); ++row)
    if (model_->ticked(row)) wanted.push_back({model_->name_among_ticked(row), model_->ids(row)});
  Q_EMIT wanted_changed(wanted, band());
}

QString GroupsPanel::layout_text() const {
  const bool by_place = model_->sorting() == QLatin1String("place");
  QStringList parts{keys_->text(), QLatin1String(to_text(band())), measures_->text(), wanted_ranking_,
                    by_place ? QString() : model_->sorting()};
  while (parts.last().isEmpty()) parts.removeLast();
  return parts.join(QLatin1Char(';'));
}

void GroupsPanel::set_layout_text(const QString& text) {
  const QStringList parts = text.split(QLatin1Char(';'));
  keys_->setText(parts.value(0));
  for (const Band band : all_bands)
    if (parts.value(1) == QLatin1String(to_text(band)))
      band_->setCurrentIndex(band_->findData(static_cast<int>(band)));
  measures_->setText(parts.value(2));
  wanted_ranking_ = parts.value(3);
  model_->set_sorting(parts.value(4));
  rank();
}

}  // namespace grapevine
