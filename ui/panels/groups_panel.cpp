#include "ui/panels/groups_panel.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

#include "engine/error.h"
#include "ui/panels/counted.h"
#include "ui/panels/group_words.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_table.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

/// A comparison reads every experiment: beyond this a filter has to come first.
constexpr std::size_t most_grouped = 5000;

}  // namespace

GroupsPanel::GroupsPanel(LibraryStore* store, std::function<std::vector<std::int64_t>()> shown,
                         QWidget* parent)
    : QWidget(parent),
      store_(store),
      shown_(std::move(shown)),
      model_(new GroupsModel(this)),
      keys_(new QLineEdit(this)),
      band_(new QComboBox(this)),
      words_(new QLabel(this)),
      table_(new QTableView(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(8, 0, 8, 0);
  auto* by = new QLabel(tr("Group by"), this);
  by->setBuddy(keys_);
  keys_->setPlaceholderText(tr("all that differs but the seed"));
  keys_->setToolTip(tr("Settings with commas between them, as rule.name,optimizer.lr"));
  keys_->setAccessibleName(by->text());
  keys_->setClearButtonEnabled(true);
  row->addWidget(by);
  row->addWidget(keys_, 1);
  auto* around = new QLabel(tr("Band"), this);
  around->setBuddy(band_);
  band_->setAccessibleName(around->text());
  band_->setToolTip(tr("What lies around a group's mean in the figures"));
  for (const Band band : all_bands) band_->addItem(word_of(band), static_cast<int>(band));
  row->addWidget(around);
  row->addWidget(band_);
  column->addLayout(row);
  words_->setContentsMargins(8, 0, 8, 0);
  words_->setWordWrap(true);
  column->addWidget(words_);
  table_->setModel(model_);
  table_->setAccessibleName(tr("Groups"));
  look_like_a_list(*table_);
  column->addWidget(table_, 1);
  connect(keys_, &QLineEdit::editingFinished, this, &GroupsPanel::refresh);
  connect(band_, &QComboBox::currentIndexChanged, this, &GroupsPanel::tell_wanted);
  connect(model_, &GroupsModel::ticked_changed, this, &GroupsPanel::tell_wanted);
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
}

void GroupsPanel::refresh() {
  if (!isVisible()) return;
  ComparisonRequest request;
  try {
    request.keys = parse_run_keys({keys_->text().remove(QLatin1Char(' ')).toStdString()});
  } catch (const InputError& error) {
    return say(QString::fromUtf8(error.what()), true);
  }
  request.ids = shown_();
  // Only finished runs are grouped: the same ones come to the same.
  if (asked_ > 0 && request.ids == answered_ids_ && keys_->text() == answered_keys_) return;
  answered_ids_ = request.ids;
  answered_keys_ = keys_->text();
  const int question = ++asked_;
  if (request.ids.empty()) {
    model_->set_comparison({});
    return say(tr("No finished runs to group. Change or clear the filter."), false);
  }
  if (request.ids.size() > most_grouped)
    return say(
        tr("More than %1 runs are shown: filter them first, then group.").arg(static_cast<int>(most_grouped)),
        false);
  store_->compare(std::move(request), [this, question](Comparison comparison) {
    if (question != asked_) return;
    const int groups = static_cast<int>(comparison.groups.size());
    const QString number =
        counted(groups, tr("1 group of finished runs"), tr("%n groups of finished runs", nullptr, groups));
    model_->set_comparison(std::move(comparison));
    const QString grouped = keys_->text().isEmpty() ? tr("%1, by all that differs but the seed.").arg(number)
                                                    : number + QLatin1Char('.');
    const QString ranked = model_->ranked_by();
    say(ranked.isEmpty() ? grouped : tr("%1 Ranked by %2.").arg(grouped, ranked), false);
    table_->resizeColumnsToContents();
    tell_wanted();
  });
}

void GroupsPanel::tell_wanted() {
  std::vector<WantedGroup> wanted;
  for (int row = 0; row < model_->rowCount(); ++row)
    if (model_->ticked(row)) wanted.push_back({model_->name_among_ticked(row), model_->ids(row)});
  Q_EMIT wanted_changed(wanted, band());
}

QString GroupsPanel::layout_text() const {
  return keys_->text() + QLatin1Char(';') + QLatin1String(to_text(band()));
}

void GroupsPanel::set_layout_text(const QString& text) {
  keys_->setText(text.section(QLatin1Char(';'), 0, 0));
  for (const Band band : all_bands)
    if (text.section(QLatin1Char(';'), 1, 1) == QLatin1String(to_text(band)))
      band_->setCurrentIndex(band_->findData(static_cast<int>(band)));
}

}  // namespace grapevine
