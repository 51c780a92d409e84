// One control for one setting.
#include "ui/panels/setting_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/settings.h"
#include "ui/panels/number_edit.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

// A form that scrolls must not change choices under the pointer.
class CalmComboBox : public QComboBox {
 public:
  using QComboBox::QComboBox;

 protected:
  void wheelEvent(QWheelEvent* event) override {
    if (hasFocus())
      QComboBox::wheelEvent(event);
    else
      event->ignore();
  }
};

// "[512,512]" is JSON's way; people write "512, 512".
QString without_brackets(const std::string& text) {
  QString shown = QString::fromStdString(text);
  if (shown.startsWith(QLatin1Char('[')) && shown.endsWith(QLatin1Char(']')))
    shown = shown.mid(1, shown.size() - 2);
  shown.remove(QLatin1Char('"'));
  QStringList parts;
  for (const QString& part : shown.split(QLatin1Char(','), Qt::SkipEmptyParts)) parts << part.trimmed();
  return parts.join(QStringLiteral(", "));
}

std::string with_brackets(const QString& shown) {
  QString text = shown.trimmed();
  if (text.startsWith(QLatin1Char('['))) return text.toStdString();
  text.remove(QLatin1Char(' '));
  return text.isEmpty() ? "[]" : text.toStdString();
}

bool is_list(Kind kind) {
  return kind == Kind::integer_list || kind == Kind::number_list || kind == Kind::text_list;
}

QString help_of_choice(const Setting& setting, const std::string& choice) {
  const auto words = setting.choice_words.find(choice);
  return words == setting.choice_words.end() ? QString() : QString::fromStdString(words->second.help);
}

}  // namespace

SettingEditor::SettingEditor(const Setting& setting, std::string key, QWidget* parent)
    : QWidget(parent),
      setting_(setting),
      key_(std::move(key)),
      column_(new QVBoxLayout(this)),
      trouble_(new QLabel(this)) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(1);
  switch (setting_.kind) {
    case Kind::boolean:
      make_boolean();
      break;
    case Kind::integer:
    case Kind::number:
    case Kind::count_or_share:
      make_number();
      break;
    case Kind::choice:
      make_choice(false);
      break;
    case Kind::integer_or_auto:
      make_choice(true);
      break;
    case Kind::text_list:
      if (!setting_.choices.empty())
        make_list_menu();
      else
        make_text();
      break;
    case Kind::text:
    case Kind::integer_list:
    case Kind::number_list:
    case Kind::segments:
      make_text();
      break;
  }
  trouble_->setWordWrap(true);
  trouble_->setTextFormat(Qt::PlainText);
  column_->addWidget(trouble_);
  const QString allowed = QString::fromStdString(setting_.allowed());
  QString tip = QStringLiteral("<p><b>%1</b></p><p>%2</p>")
                    .arg(QString::fromStdString(key_), QString::fromStdString(setting_.help).toHtmlEscaped());
  if (!allowed.isEmpty())
    tip += QStringLiteral("<p>%1</p>").arg(tr("Allowed: %1").arg(allowed).toHtmlEscaped());
  if (setting_.live) tip += QStringLiteral("<p>%1</p>").arg(tr("May be changed while a run is in progress."));
  setToolTip(tip);
  control_->setAccessibleName(label_of_key(key_));
  control_->setAccessibleDescription(QString::fromStdString(setting_.help));
  control_->setObjectName(QString::fromStdString(key_));
  setFocusProxy(control_);
  set_value(setting_.fallback);
}

void SettingEditor::make_boolean() {
  auto* box = new QCheckBox(this);
  control_ = box;
  column_->addWidget(box);
  read_ = [box] { return box->isChecked() ? "true" : "false"; };
  write_ = [box](const std::string& text) { box->setChecked(text == "true"); };
  connect(box, &QCheckBox::clicked, this, [this] {
    report_edit();
    Q_EMIT committed();
  });
}

void SettingEditor::make_number() {
  auto* edit = new NumberEdit(setting_, this);
  control_ = edit;
  column_->addWidget(edit);
  read_ = [edit] { return edit->number_text().toStdString(); };
  write_ = [edit](const std::string& text) { edit->set_number_text(QString::fromStdString(text)); };
  connect(edit, &NumberEdit::text_edited, this, &SettingEditor::report_edit);
  connect(edit, &NumberEdit::committed, this, &SettingEditor::committed);
}

void SettingEditor::make_choice(bool editable) {
  auto* box = new CalmComboBox(this);
  box->setFocusPolicy(Qt::StrongFocus);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(8);
  box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  control_ = box;
  column_->addWidget(box);
  if (editable) {
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->addItem(QStringLiteral("auto"));
    read_ = [box] { return box->currentText().trimmed().toStdString(); };
    write_ = [box](const std::string& text) { box->setEditText(QString::fromStdString(text)); };
    connect(box->lineEdit(), &QLineEdit::textEdited, this, &SettingEditor::report_edit);
    connect(box->lineEdit(), &QLineEdit::editingFinished, this, &SettingEditor::committed);
  } else {
    for (const std::string& choice : setting_.choices) {
      box->addItem(name_of_choice(key_, choice), QString::fromStdString(choice));
      box->setItemData(box->count() - 1, help_of_choice(setting_, choice), Qt::ToolTipRole);
    }
    read_ = [box] { return box->currentData().toString().toStdString(); };
    write_ = [box](const std::string& text) {
      box->setCurrentIndex(box->findData(QString::fromStdString(text)));
    };
  }
  connect(box, &QComboBox::activated, this, [this] {
    report_edit();
    Q_EMIT committed();
  });
}

void SettingEditor::make_text() {
  auto* edit = new QLineEdit(this);
  control_ = edit;
  const bool folder = key_.ends_with(".dir");
  if (folder) {
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    auto* browse = new QToolButton(this);
    browse->setText(QStringLiteral("…"));
    browse->setToolTip(tr("Choose a folder…"));
    browse->setAccessibleName(tr("Choose a folder…"));
    row->addWidget(edit, 1);
    row->addWidget(browse);
    column_->addLayout(row);
    edit->setPlaceholderText(tr("default locations"));
    connect(browse, &QToolButton::clicked, this, [this, edit] {
      const QString chosen = QFileDialog::getExistingDirectory(this, tr("Choose a folder"), edit->text());
      if (chosen.isEmpty()) return;
      edit->setText(chosen);
      report_edit();
      Q_EMIT committed();
    });
  } else {
    column_->addWidget(edit);
    if (is_list(setting_.kind)) edit->setPlaceholderText(tr("none"));
  }
  if (is_list(setting_.kind)) {
    read_ = [edit] { return with_brackets(edit->text()); };
    write_ = [edit](const std::string& text) { edit->setText(without_brackets(text)); };
  } else {
    read_ = [edit] { return edit->text().toStdString(); };
    write_ = [edit](const std::string& text) { edit->setText(QString::fromStdString(text)); };
  }
  connect(edit, &QLineEdit::textEdited, this, &SettingEditor::report_edit);
  connect(edit, &QLineEdit::editingFinished, this, &SettingEditor::committed);
}

void SettingEditor::make_list_menu() {
  auto* button = new QToolButton(this);
  button->setPopupMode(QToolButton::InstantPopup);
  button->setToolButtonStyle(Qt::ToolButtonTextOnly);
  button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  button->setFocusPolicy(Qt::StrongFocus);
  control_ = button;
  column_->addWidget(button);
  auto* menu = new QMenu(button);
  menu->setToolTipsVisible(true);
  button->setMenu(menu);
  for (const std::string& choice : setting_.choices) {
    QAction* action = menu->addAction(name_of_choice(key_, choice));
    action->setCheckable(true);
    action->setData(QString::fromStdString(choice));
    action->setToolTip(help_of_choice(setting_, choice));
  }
  const auto caption = [button, menu, empty_is_usual = setting_.empty_is_usual] {
    QStringList names;
    for (QAction* action : menu->actions())
      if (action->isChecked()) names << action->text();
    if (names.isEmpty())
      button->setText(empty_is_usual ? tr("Default set") : tr("None"));
    else
      button->setText(names.size() <= 2 ? names.join(QStringLiteral(", "))
                                        : tr("%n chosen", nullptr, static_cast<int>(names.size())));
  };
  read_ = [menu] {
    QStringList chosen;
    for (QAction* action : menu->actions())
      if (action->isChecked()) chosen << QLatin1Char('"') + action->data().toString() + QLatin1Char('"');
    return (QLatin1Char('[') + chosen.join(QLatin1Char(',')) + QLatin1Char(']')).toStdString();
  };
  write_ = [this, menu, caption](const std::string& text) {
    const Value parsed = parse_value(setting_, text);
    const auto* chosen = std::get_if<TextList>(&parsed);
    for (QAction* action : menu->actions())
      action->setChecked(chosen && std::find(chosen->begin(), chosen->end(),
                                             action->data().toString().toStdString()) != chosen->end());
    caption();
  };
  connect(menu, &QMenu::triggered, this, [this, caption] {
    caption();
    report_edit();
    Q_EMIT committed();
  });
}

void SettingEditor::set_value(const Value& value) {
  write_(to_text(value));
  show_trouble();
}

std::string SettingEditor::text() const {
  return read_();
}

std::optional<Value> SettingEditor::value() const {
  try {
    // Free text is taken as it stands: a run may be called 123.
    if (setting_.kind == Kind::text || setting_.kind == Kind::choice) {
      Value value = read_();
      check_value(setting_, value);
      return value;
    }
    return parse_value(setting_, read_());
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool SettingEditor::is_default() const {
  const std::optional<Value> now = value();
  return now && *now == setting_.fallback;
}

QString SettingEditor::problem() const {
  if (value()) return {};
  if (setting_.kind == Kind::segments) {
    // Segment, layer and field are in the error's own words.
    try {
      parse_value(setting_, text());
    } catch (const Error& error) {
      return QString::fromUtf8(error.what());
    }
  }
  if (text().empty() || text() == "[]") return tr("Give %1.").arg(QString::fromStdString(setting_.allowed()));
  return tr("“%1” is not valid: enter %2.")
      .arg(QString::fromStdString(text()), QString::fromStdString(setting_.allowed()));
}

void SettingEditor::set_complaint(const QString& sentence) {
  complaint_ = sentence;
  show_trouble();
}

QString SettingEditor::shown_trouble() const {
  const QString own = problem();
  return own.isEmpty() ? complaint_ : own;
}

void SettingEditor::report_edit() {
  show_trouble();
  Q_EMIT edited();
}

void SettingEditor::show_trouble() {
  const QString sentence = shown_trouble();
  trouble_->setVisible(!sentence.isEmpty());
  trouble_->setText(sentence);
  const QColor colour = tone_colour(Tone::problem, is_dark(palette()));
  trouble_->setStyleSheet(sentence.isEmpty() ? QString() : QStringLiteral("color: %1;").arg(colour.name()));
}

}  // namespace grapevine
