// A part of a form that folds.
#include "ui/panels/settings_section.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "engine/experiment/settings.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

// Takes what room is left and ends in an ellipsis.
class QuietLine : public QLabel {
 public:
  explicit QuietLine(QWidget* parent) : QLabel(parent) {
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setTextFormat(Qt::PlainText);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(text(), Qt::ElideRight, width()));
  }
};

QPixmap empty_sign() {
  QPixmap nothing(16, 16);
  nothing.fill(Qt::transparent);
  return nothing;
}

}  // namespace

SettingsSection::SettingsSection(const QString& title, QWidget* parent)
    : QWidget(parent),
      title_(new QToolButton(this)),
      summary_(new QuietLine(this)),
      head_(new QHBoxLayout),
      body_(new QWidget(this)),
      column_(new QVBoxLayout(body_)) {
  title_->setCheckable(true);
  title_->setChecked(true);
  title_->setAutoRaise(true);
  title_->setFocusPolicy(Qt::StrongFocus);
  title_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  title_->setArrowType(Qt::DownArrow);
  title_->setStyleSheet(QStringLiteral("QToolButton { font-weight: bold; border: 0; padding: 3px 2px; }"));
  // A racer's title may be long: it is shortened rather than making the form wider than its place.
  title_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  title_->setMinimumWidth(fontMetrics().horizontalAdvance(QLatin1Char('m')) * 6);
  set_title(title);
  head_->setContentsMargins(0, 0, 0, 0);
  head_->setSpacing(6);
  head_->addWidget(title_);
  head_->addWidget(summary_, 1);
  column_->setContentsMargins(20, 0, 2, 6);
  column_->setSpacing(5);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(head_);
  layout->addWidget(body_);
  connect(title_, &QToolButton::toggled, this, &SettingsSection::set_expanded);
}

SettingEditor* SettingsSection::add_setting(const Setting& setting, std::string key) {
  if (!form_) {
    form_ = new QFormLayout;
    form_->setContentsMargins(0, 0, 0, 0);
    form_->setHorizontalSpacing(8);
    form_->setVerticalSpacing(5);
    form_->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form_->setLabelAlignment(Qt::AlignLeft);
    column_->addLayout(form_);
  }
  auto* editor = new SettingEditor(setting, std::move(key), this);
  auto* label = new QLabel(label_of_key(editor->key()), this);
  label->setToolTip(editor->toolTip());
  label->setBuddy(editor->control());
  label->setWordWrap(true);
  // Level with the control's line also when a complaint is beneath it.
  label->setMinimumHeight(editor->control()->sizeHint().height());
  label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  form_->addRow(label, editor);
  editors_.push_back(editor);
  rows_.push_back({editor, label});
  connect(editor, &SettingEditor::edited, this, &SettingsSection::edited);
  connect(editor, &SettingEditor::committed, this, [this, editor] { Q_EMIT committed(editor); });
  return editor;
}

void SettingsSection::add_wide(QWidget* widget) {
  wide_ = true;
  column_->addWidget(widget);
}

void SettingsSection::add_note(const QString& text, const QString& help) {
  noted_ = true;
  auto* note = new QLabel(text, body_);
  note->setToolTip(help);
  note->setTextFormat(Qt::PlainText);
  note->setWordWrap(true);
  note->setForegroundRole(QPalette::PlaceholderText);
  note->setTextInteractionFlags(Qt::TextSelectableByMouse);
  column_->addWidget(note);
}

void SettingsSection::add_to_title(QWidget* widget) {
  head_->addWidget(widget);
}

QString SettingsSection::title() const {
  return title_->text();
}

void SettingsSection::set_title(const QString& title) {
  title_->setText(title);
  title_->setToolTip(title);
  title_->setAccessibleName(tr("Section %1").arg(title));
}

bool SettingsSection::expanded() const {
  return title_->isChecked();
}

void SettingsSection::set_expanded(bool expanded) {
  title_->setChecked(expanded);
  body_->setVisible(expanded || filtered_);
  refresh();
}

void SettingsSection::set_meaningful(const SettingEditor* editor, bool meaningful) {
  for (Row& row : rows_)
    if (row.editor == editor) row.meaningful = meaningful;
  show_rows();
}

int SettingsSection::set_filter(const QString& words) {
  filtered_ = !words.trimmed().isEmpty();
  int fitting = 0;
  for (Row& row : rows_) {
    const QString haystack = QString::fromStdString(row.editor->key() + ' ' + row.editor->setting().help) +
                             QLatin1Char(' ') + row.label->text();
    row.fits = true;
    for (const QString& word : words.split(QLatin1Char(' '), Qt::SkipEmptyParts))
      row.fits = row.fits && haystack.contains(word, Qt::CaseInsensitive);
    fitting += row.fits && row.meaningful;
  }
  body_->setVisible(expanded() || filtered_);
  show_rows();
  return fitting;
}

void SettingsSection::show_rows() {
  bool any = wide_;
  for (const Row& row : rows_) {
    const bool visible = row.meaningful && row.fits;
    if (form_->isRowVisible(row.editor) != visible) form_->setRowVisible(row.editor, visible);
    any = any || visible;
  }
  setVisible(any || !filtered_);
}

void SettingsSection::refresh() {
  const bool foldable = wide_ || noted_ || !rows_.empty();
  title_->setArrowType(!foldable ? Qt::NoArrow : expanded() ? Qt::DownArrow : Qt::RightArrow);
  // No arrow, but its place: titles begin in one column.
  if (!foldable) title_->setIcon(QIcon(empty_sign()));
  title_->setEnabled(foldable);
  QStringList changed;
  bool trouble = false;
  for (const Row& row : rows_) {
    QFont face = row.label->font();
    face.setBold(!row.editor->is_default());  // what differs from the default is found at a glance
    row.label->setFont(face);
    trouble = trouble || (row.meaningful && !row.editor->shown_trouble().isEmpty());
    if (row.meaningful && !row.editor->is_default())
      changed << row.label->text().toLower() + QLatin1Char(' ') + QString::fromStdString(row.editor->text());
  }
  summary_->setText(expanded() ? QString() : changed.join(QStringLiteral(", ")));
  const QColor colour =
      trouble ? tone_colour(Tone::problem, is_dark(palette())) : palette().color(QPalette::WindowText);
  title_->setStyleSheet(
      QStringLiteral("QToolButton { font-weight: bold; border: 0; padding: 3px 2px; color: %1; }")
          .arg(colour.name()));
}

int SettingsSection::label_width() const {
  int width = 0;
  for (const Row& row : rows_) {
    QFont face = row.label->font();
    face.setBold(true);
    width = std::max(width, QFontMetrics(face).horizontalAdvance(row.label->text()));
  }
  return width;
}

void SettingsSection::set_label_width(int width) {
  for (const Row& row : rows_) row.label->setFixedWidth(width);
}

}  // namespace grapevine
