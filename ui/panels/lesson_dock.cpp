#include "ui/panels/lesson_dock.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/panels/lesson_guide.h"
#include "ui/panels/lesson_page.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/shown_locale.h"

namespace grapevine {
namespace {

/// A button whose text may take several lines.
QPushButton* choice_button(const QString& text, QWidget* parent) {
  auto* button = new QPushButton(parent);
  auto* row = new QHBoxLayout(button);
  auto* label = new QLabel(text, button);
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  label->setAttribute(Qt::WA_TransparentForMouseEvents);
  row->addWidget(label);
  row->setContentsMargins(10, 6, 10, 6);
  button->setAccessibleName(text);
  button->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  button->setMinimumHeight(34);
  return button;
}

QString dots(const Course& course) {
  QString dots;
  for (std::size_t i = 0; i < course.lesson().steps.size(); ++i)
    dots += i == course.position() ? QStringLiteral("◉")
            : course.is_done(i)    ? QStringLiteral("●")
                                   : QStringLiteral("○");
  return dots;
}

}  // namespace

LessonDock::LessonDock(LessonGuide* guide, RunController* run, QWidget* parent)
    : QDockWidget(tr("Lesson"), parent), guide_(guide), run_(run), type_(font()) {
  setObjectName(QStringLiteral("lesson"));
  auto* body = new QWidget(this);
  column_ = new QVBoxLayout(body);
  column_->setContentsMargins(14, 10, 14, 12);
  auto* head = new QHBoxLayout;
  title_ = new QLabel(body);
  title_->setTextFormat(Qt::PlainText);
  title_->setWordWrap(true);
  title_->setForegroundRole(QPalette::PlaceholderText);
  place_ = new QLabel(body);
  place_->setForegroundRole(QPalette::PlaceholderText);
  head->addWidget(title_, 1);
  head->addWidget(place_, 0, Qt::AlignTop);
  column_->addLayout(head);
  page_ = new QTextBrowser(body);
  page_->setFrameShape(QFrame::NoFrame);
  page_->setOpenLinks(false);
  page_->setAccessibleName(tr("Step of the lesson"));
  page_->viewport()->setAutoFillBackground(false);
  column_->addWidget(page_, 1);

  keep_ = make_keep();
  column_->addWidget(keep_);
  auto* row = new QHBoxLayout;
  start_ = new QPushButton(tr("Run"), body);
  start_->setToolTip(tr("Start this step's experiment"));
  hint_ = new QPushButton(tr("Hint"), body);
  back_ = new QPushButton(tr("Back"), body);
  back_->setToolTip(tr("The previous step (Page Up)"));
  next_ = new QPushButton(tr("Next"), body);
  next_->setToolTip(tr("The next step (Page Down)"));
  row->addWidget(start_);
  row->addWidget(hint_);
  row->addStretch(1);
  row->addWidget(back_);
  row->addWidget(next_);
  column_->addLayout(row);
  setWidget(body);
  setMinimumWidth(320);
  show_nothing();

  connect(start_, &QPushButton::clicked, this, &LessonDock::run_asked);
  connect(hint_, &QPushButton::clicked, this, [this] {
    with_hints_ = true;
    refresh();
  });
  connect(back_, &QPushButton::clicked, guide_, &LessonGuide::back);
  connect(next_, &QPushButton::clicked, this, [this] {
    if (guide_->course() && guide_->course()->at_end()) return Q_EMIT leave_asked();
    guide_->next();
  });
  connect(guide_, &LessonGuide::opened, this, &LessonDock::show_step);
  connect(guide_, &LessonGuide::step_entered, this, &LessonDock::show_step);
  connect(guide_, &LessonGuide::changed, this, &LessonDock::refresh);
  connect(run_, &RunController::state_changed, this, &LessonDock::refresh);
}

QWidget* LessonDock::make_keep() {
  auto* keep = new QWidget(this);
  auto* row = new QHBoxLayout(keep);
  row->setContentsMargins(0, 0, 0, 4);
  auto* runs = new QPushButton(tr("Save the runs…"), keep);
  runs->setObjectName(QStringLiteral("save_runs"));
  runs->setToolTip(
      tr("All runs of this lesson, with their states, as one file that opens on another machine"));
  auto* figures = new QPushButton(tr("Save the figures…"), keep);
  figures->setObjectName(QStringLiteral("save_figures"));
  figures->setToolTip(tr("The stage and every figure as pictures, into a folder"));
  connect(runs, &QPushButton::clicked, this, &LessonDock::save_runs_asked);
  connect(figures, &QPushButton::clicked, this, &LessonDock::save_figures_asked);
  row->addWidget(runs);
  row->addWidget(figures);
  row->addStretch(1);
  return keep;
}

QString LessonDock::text() const {
  return page_->toPlainText();
}

void LessonDock::changeEvent(QEvent* event) {
  QDockWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && next_) refresh();
}

void LessonDock::set_magnification(double factor) {
  type_ = font();
  if (type_.pointSizeF() > 0) type_.setPointSizeF(type_.pointSizeF() * factor);
  set_type(widget());
  page_->document()->setDefaultFont(type_);
  const bool bare = factor > 1;
  if (bare && !titleBarWidget()) setTitleBarWidget(new QWidget(this));
  if (QWidget* none = titleBarWidget(); none && !bare) {
    setTitleBarWidget(nullptr);
    none->deleteLater();
  }
  refresh();
}

/// Under the window's style sheet a part does not take its font from what it lies in.
void LessonDock::set_type(QWidget* part) {
  for (QWidget* each : part->findChildren<QWidget*>())
    if (qobject_cast<QLabel*>(each) || qobject_cast<QPushButton*>(each) || qobject_cast<QLineEdit*>(each))
      each->setFont(type_);
}

/// A style grows a button with its words, but not the room around them.
void LessonDock::give_buttons_room() {
  const QFontMetrics metrics(type_);
  for (QPushButton* button : {start_, hint_, back_, next_}) {
    button->setMinimumHeight(metrics.height() * 3 / 2);
    button->setMinimumWidth(metrics.horizontalAdvance(button->text()) + metrics.height());
  }
}

void LessonDock::turn_on() {
  QScrollBar* bar = page_->verticalScrollBar();
  if (bar->value() < bar->maximum()) return bar->triggerAction(QAbstractSlider::SliderPageStepAdd);
  guide_->next();
}

void LessonDock::turn_back() {
  QScrollBar* bar = page_->verticalScrollBar();
  if (bar->value() > 0) return bar->triggerAction(QAbstractSlider::SliderPageStepSub);
  guide_->back();
}

void LessonDock::show_step() {
  with_hints_ = false;
  if (!guide_->course()) return show_nothing();
  refresh();
  show_answers();
  page_->verticalScrollBar()->setValue(0);
}

void LessonDock::show_nothing() {
  delete answers_;
  answers_ = nullptr;
  title_->clear();
  place_->clear();
  page_->setPlainText(tr("No lesson is open. Choose one in the menu Lessons."));
  page_->setProperty("html", QString());
  for (QPushButton* button : {start_, hint_, back_, next_}) button->hide();
  keep_->hide();
}

void LessonDock::refresh() {
  const Course* course = guide_->course();
  if (!course) return;
  title_->setText(QString::fromStdString(course->lesson().title));
  place_->setText(tr("%1  step %2 of %3")
                      .arg(dots(*course))
                      .arg(course->position() + 1)
                      .arg(course->lesson().steps.size()));
  const QString html = lesson_page(*course, guide_->runs(), with_hints_, palette());
  // Setting the same text again would throw the reader's place and selection away.
  if (html != page_->property("html").toString()) {
    const int at = page_->verticalScrollBar()->value();
    page_->setHtml(html);
    page_->setProperty("html", html);
    page_->verticalScrollBar()->setValue(at);
  }
  const bool done = course->is_done(course->position());
  start_->setVisible(guide_->plan().has_value());
  start_->setEnabled(!run_->busy());
  start_->setText(guide_->step_runs().empty() ? tr("Run") : tr("Run again"));
  start_->setDefault(guide_->step_runs().empty());
  hint_->setVisible(!course->step().hints.empty() && !with_hints_);
  back_->show();
  next_->show();
  back_->setEnabled(course->position() > 0);
  keep_->setVisible(course->at_end() && !guide_->runs().empty() && !run_->busy());
  next_->setText(course->at_end() ? tr("Close") : done ? tr("Next") : tr("Skip"));
  give_buttons_room();
}

void LessonDock::show_answers() {
  delete answers_;
  answers_ = nullptr;
  const Course& course = *guide_->course();
  if (!course.step().question) return;
  const LessonQuestion& question = *course.step().question;
  answers_ = new QWidget(this);
  auto* column = new QVBoxLayout(answers_);
  column->setContentsMargins(0, 0, 0, 6);
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    QPushButton* button = choice_button(QString::fromStdString(question.choices[i].text), answers_);
    connect(button, &QPushButton::clicked, guide_, [this, i] { guide_->answer(i); });
    column->addWidget(button);
  }
  if (question.number) {
    auto* number = new QLineEdit(answers_);
    number->setPlaceholderText(tr("A number, then Enter"));
    number->setAccessibleName(tr("Your answer"));
    connect(number, &QLineEdit::returnPressed, guide_, [this, number] {
      bool read = false;
      const double value = QLocale::c().toDouble(with_point(number->text()), &read);
      if (read) guide_->answer(value);
    });
    column->addWidget(number);
  }
  set_type(answers_);
  column_->insertWidget(2, answers_);
}

}  // namespace grapevine
