#include "ui/panels/start_page.h"

#include <QApplication>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/presets.h"
#include "engine/runs/colours.h"
#include "engine/runs/run_words.h"
#include "ui/panels/lesson_guide.h"
#include "ui/panels/library_store.h"
#include "ui/panels/race_curve.h"
#include "ui/panels/rule_families.h"
#include "ui/panels/start_card.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"
#include "ui/plot/theme.h"

namespace grapevine {
namespace {

constexpr int margin = 48, gap = 18, card_width = 400;
constexpr std::size_t most_recent = 3;

/// Drawn as the page is, even and without the style's relief: words to click, or one filled button.
class PageButton : public QPushButton {
 public:
  using QPushButton::QPushButton;

  QSize sizeHint() const override {
    if (!isFlat()) return QPushButton::sizeHint();
    const QFontMetrics metrics = fontMetrics();
    return {metrics.horizontalAdvance(text()) + 2 * link_margin, metrics.height() + 12};
  }
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ink = palette().color(QPalette::ButtonText);
    const QRectF all = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QFont face = font();
    if (isFlat()) {
      face.setUnderline(underMouse());
    } else {
      const QColor fill = palette().color(QPalette::Button);
      painter.setPen(Qt::NoPen);
      painter.setBrush(isDown() ? fill.darker(120) : underMouse() ? fill.lighter(110) : fill);
      painter.drawRoundedRect(all, 5, 5);
    }
    painter.setFont(face);
    painter.setPen(ink);
    const QRect words = isFlat() ? rect().adjusted(link_margin, 0, -link_margin, 0) : rect();
    painter.drawText(words, Qt::AlignVCenter | (isFlat() ? Qt::AlignLeft : Qt::AlignHCenter), text());
    if (!hasFocus()) return;
    painter.setPen(QPen(ink, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(isFlat() ? all.adjusted(1, 1, -1, -1) : all.adjusted(3, 3, -3, -3), 4, 4);
  }
  bool event(QEvent* event) override {
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave) update();
    return QPushButton::event(event);
  }

 private:
  static constexpr int link_margin = 6;
};

QPushButton* link_button(const QString& text, QWidget* parent) {
  auto* button = new PageButton(text, parent);
  button->setFlat(true);
  button->setCursor(Qt::PointingHandCursor);
  return button;
}

/// Of the racers, each way of feedback once, in the order of the form.
std::vector<RuleFamily> families_of(const Preset& preset) {
  std::vector<RuleFamily> families;
  for (const RuleFamily family : rule_families())
    if (std::any_of(preset.racers.begin(), preset.racers.end(), [&](const PresetRacer& racer) {
          const RuleDescriptor* rule = find_rule(racer.key);
          return rule && family_of(*rule) == family;
        }))
      families.push_back(family);
  return families;
}

/// A theme's colours may change while the page exists.
void colour_button(QPushButton* button) {
  const QPalette theme = QApplication::palette();
  QPalette palette = theme;
  if (button->isFlat()) {
    palette.setColor(QPalette::ButtonText, theme.color(QPalette::Link));
  } else {
    palette.setColor(QPalette::Button, theme.color(QPalette::Highlight));
    palette.setColor(QPalette::ButtonText, theme.color(QPalette::HighlightedText));
  }
  button->setPalette(palette);
}

QFont sized(QFont font, double factor, bool bold) {
  if (font.pointSizeF() > 0) font.setPointSizeF(font.pointSizeF() * factor);
  font.setBold(bold);
  return font;
}

/// The racers of each race together, the newest races first and not more than fit.
std::vector<std::vector<RunSummary>> newest_races(const std::vector<RunSummary>& oldest_first) {
  std::vector<std::vector<RunSummary>> races;
  std::map<std::string, std::size_t> place;
  for (std::size_t i = oldest_first.size(); i-- > 0;) {
    const RunSummary& run = oldest_first[i];
    if (run.archived) continue;
    const bool in_race = run.group_kind == run_group::race && !run.group_uuid.empty();
    const auto known = in_race ? place.find(run.group_uuid) : place.end();
    if (known != place.end()) {
      races[known->second].push_back(run);
      continue;
    }
    if (races.size() == most_recent) continue;
    if (in_race) place[run.group_uuid] = races.size();
    races.push_back({run});
  }
  for (auto& race : races)
    std::sort(race.begin(), race.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return races;
}

Colour hue_of(const RunSummary& run, bool dark) {
  return rule_colour(hue_family(run.rule), 0, dark ? dark_theme() : light_theme());
}

/// Racers with names of their own are distinguished by them, others by their rules.
bool have_own_names(const std::vector<RunSummary>& race) {
  return std::any_of(race.begin(), race.end(),
                     [&](const RunSummary& run) { return run.name != race.front().name; });
}

QString title_of(const std::vector<RunSummary>& race) {
  const RunSummary& first = race.front();
  if (have_own_names(race)) return StartPage::tr("Race of %1").arg(race.size());
  return first.name.empty() ? StartPage::tr("Run %1").arg(first.id) : QString::fromStdString(first.name);
}

/// "BP 77.7 %   DFA 68.8 %" in the rules' colours.
QString scores_of(const std::vector<RunSummary>& race, bool dark) {
  constexpr std::size_t most = 4;
  const Theme& theme = dark ? dark_theme() : light_theme();
  const bool named = have_own_names(race);
  QStringList parts;
  for (std::size_t i = 0; i < std::min(race.size(), most); ++i) {
    const RunSummary& run = race[i];
    const Colour hue = legible(hue_of(run, dark), theme);
    const bool is_share = run.score && run.score->quantity == Quantity::share;
    const QString best = !std::isfinite(run.best) ? QStringLiteral("–")
                         : is_share               ? percent(run.best)
                                                  : QLocale().toString(run.best, 'f', 1);
    const QString who =
        named && !run.name.empty() ? QString::fromStdString(run.name) : name_of_rule(run.rule);
    parts << QStringLiteral("<b style=\"color:%1\">%2</b>&nbsp;%3")
                 .arg(QColor(red_of(hue), green_of(hue), blue_of(hue)).name(), who.toHtmlEscaped(), best);
  }
  if (race.size() > most) parts << StartPage::tr("and %1 more").arg(race.size() - most);
  return parts.join(QStringLiteral("&nbsp;&nbsp;&nbsp; "));
}

}  // namespace

StartPage::StartPage(const LessonGuide* guide, LibraryStore* store, QWidget* parent)
    : QScrollArea(parent), guide_(guide), store_(store) {
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  setAccessibleName(tr("Start page"));
  body_ = new QWidget(this);
  column_ = new QVBoxLayout(body_);
  column_->setContentsMargins(margin, 32, margin, 24);
  column_->setSpacing(gap);
  column_->addWidget(heading());
  // Those who have been here want to continue; others see the lessons.
  add_title(tr("Recent runs"));
  recent_title_ = column_->itemAt(column_->count() - 1)->widget();
  recent_ = new QGridLayout;
  recent_->setHorizontalSpacing(28);
  recent_->setColumnStretch(2, 1);
  column_->addLayout(recent_);
  add_title(tr("Lessons"));
  lessons_ = new QGridLayout;
  lessons_->setSpacing(gap);
  column_->addLayout(lessons_);
  add_title(tr("Presets"));
  presets_ = new QGridLayout;
  presets_->setSpacing(gap);
  column_->addLayout(presets_);
  column_->addStretch(1);
  setWidget(body_);
  refresh_lessons();
  recolour();
}

QWidget* StartPage::heading() {
  auto* head = new QWidget(body_);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(0, 0, 0, 0);
  auto* words = new QVBoxLayout;
  auto* name = new QLabel(tr("Grapevine"), head);
  name->setFont(sized(font(), 2.1, true));
  auto* what =
      new QLabel(tr("Watch each layer’s feedback turn towards the gradient, or away from it."), head);
  what->setForegroundRole(QPalette::PlaceholderText);
  words->addWidget(name);
  words->addWidget(what);
  row->addLayout(words, 1);
  QPushButton* fresh = link_button(tr("New experiment"), head);
  fresh->setObjectName(QStringLiteral("new_experiment"));
  QPushButton* file = link_button(tr("Open file…"), head);
  connect(fresh, &QPushButton::clicked, this, &StartPage::new_experiment_asked);
  connect(file, &QPushButton::clicked, this, &StartPage::file_asked);
  row->addWidget(fresh);
  row->addWidget(file);
  row->addSpacing(12);
  auto* race = new PageButton(tr("Try the first race"), head);
  race->setObjectName(QStringLiteral("first_race"));
  race->setFont(sized(font(), 1.1, true));
  race->setMinimumSize(210, 44);
  race->setDefault(true);
  connect(race, &QPushButton::clicked, this, &StartPage::first_race_asked);
  row->addWidget(race);
  return head;
}

void StartPage::add_title(const QString& text) {
  auto* title = new QLabel(text, body_);
  title->setFont(sized(font(), 1.25, true));
  title->setContentsMargins(0, 10, 0, 0);
  column_->addWidget(title);
}

void StartPage::refresh_lessons() {
  for (QWidget* card : lesson_cards_) card->deleteLater();
  for (QWidget* card : preset_cards_) card->deleteLater();
  lesson_cards_.clear();
  preset_cards_.clear();
  try {
    for (const LessonPlan& lesson : lessons()) {
      const int done = guide_->steps_done_of(lesson);
      auto* card = new StartCard({.title = QString::fromStdString(lesson.title),
                                  .summary = QString::fromStdString(lesson.summary),
                                  .foot = tr("%1 min").arg(lesson.minutes),
                                  .mark = done < 0   ? tr("done")
                                          : done > 0 ? tr("%1 of %2 steps").arg(done).arg(lesson.steps.size())
                                                     : QString(),
                                  .needles = lesson.card},
                                 body_);
      const QString name = QString::fromStdString(lesson.name);
      card->setObjectName(QStringLiteral("lesson.") + name);
      connect(card, &StartCard::clicked, this, [this, name] { Q_EMIT lesson_chosen(name); });
      lesson_cards_.push_back(card);
    }
    // Those of minutes; the papers' full tables take days and are in the menu.
    for (const Preset& preset : presets()) {
      if (!preset.lesson || preset_cards_.size() >= 3) continue;
      QStringList racers;
      for (const PresetRacer& racer : preset.racers) racers << name_of_rule(racer.key);
      auto* card = new StartCard({.title = QString::fromStdString(preset.title),
                                  .summary = racers.join(QStringLiteral(", ")),
                                  .foot = tr("small version"),
                                  .mark = {},
                                  .needles = {},
                                  .families = families_of(preset)},
                                 body_);
      card->setFixedHeight(110);
      const QString name = QString::fromStdString(preset.name);
      connect(card, &StartCard::clicked, this, [this, name] { Q_EMIT preset_chosen(name); });
      preset_cards_.push_back(card);
    }
  } catch (const Error& error) {
    auto* why = new QLabel(QString::fromUtf8(error.what()), body_);
    why->setWordWrap(true);
    lesson_cards_.push_back(why);
  }
  columns_ = 0;
  place_cards();
}

void StartPage::place_cards() {
  const int columns = std::clamp((viewport()->width() - 2 * margin + gap) / card_width, 1, 4);
  if (columns == columns_) return;
  columns_ = columns;
  const auto place = [columns](QGridLayout* grid, const std::vector<QWidget*>& cards) {
    for (QWidget* card : cards) grid->removeWidget(card);
    for (int i = 0; i < 4; ++i) grid->setColumnStretch(i, i < columns ? 1 : 0);
    for (std::size_t i = 0; i < cards.size(); ++i)
      grid->addWidget(cards[i], static_cast<int>(i) / columns, static_cast<int>(i) % columns);
  };
  place(lessons_, lesson_cards_);
  place(presets_, preset_cards_);
}

void StartPage::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  place_cards();
}

void StartPage::changeEvent(QEvent* event) {
  QScrollArea::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && !recolouring_) recolour();
}

void StartPage::showEvent(QShowEvent* event) {
  QScrollArea::showEvent(event);
  fill_recent();
}

void StartPage::recolour() {
  recolouring_ = true;  // colouring changes palettes
  fill_recent();
  for (QPushButton* button : body_->findChildren<QPushButton*>()) colour_button(button);
  recolouring_ = false;
}

void StartPage::show_recent(const std::vector<RunSummary>& runs) {
  runs_ = runs;
  if (isVisible()) fill_recent();  // the list is read often while a run is in progress
}

void StartPage::fill_recent() {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  const std::vector<std::vector<RunSummary>> races = newest_races(runs_);
  recent_title_->setVisible(!races.empty());
  int row = 0;
  for (const auto& race : races) add_recent(race, row++);
}

QPushButton* StartPage::add_link(const QString& text, int row, int column) {
  QPushButton* link = link_button(text, body_);
  colour_button(link);
  recent_->addWidget(link, row, column, Qt::AlignLeft | Qt::AlignVCenter);
  return link;
}

void StartPage::add_recent(const std::vector<RunSummary>& race, int row) {
  const bool dark = is_dark(palette());
  const RunSummary& first = race.front();
  QString name = title_of(race);
  if (first.status != RunStatus::finished) name += tr(", %1").arg(word_of_status(first.status).toLower());
  const qint64 id = first.id;
  connect(add_link(name, row, 0), &QPushButton::clicked, this, [this, id] { Q_EMIT run_chosen(id); });

  std::vector<QColor> colours;
  std::vector<std::int64_t> ids;
  for (const RunSummary& run : race) {
    const Colour hue = hue_of(run, dark);
    colours.emplace_back(red_of(hue), green_of(hue), blue_of(hue));
    ids.push_back(run.id);
  }
  auto* curve = new RaceCurve(std::move(colours), body_);
  recent_->addWidget(curve, row, 1);
  store_->sketch(std::move(ids), [curve = QPointer<RaceCurve>(curve)](std::vector<CurveSketch> curves) {
    if (curve) curve->show_curves(std::move(curves));
  });
  auto* scores = new QLabel(scores_of(race, dark), body_);
  scores->setTextFormat(Qt::RichText);
  recent_->addWidget(scores, row, 2);
  const DataDescriptor* data = find_data(first.data);
  recent_->addWidget(new QLabel(data ? QString::fromStdString(data->name) : QString(), body_), row, 3);
  recent_->addWidget(new QLabel(local_time(QString::fromStdString(first.started)), body_), row, 4);
  if (first.resumable && first.status != RunStatus::finished && first.status != RunStatus::running)
    connect(add_link(tr("Resume"), row, 5), &QPushButton::clicked, this,
            [this, id] { Q_EMIT resume_asked(id); });
}

}  // namespace grapevine
