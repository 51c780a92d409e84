// Reading a filter while it is typed, its completion, and the sentence below it.
#include "ui/panels/filter_field.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QStringListModel>
#include <QVBoxLayout>

#include "engine/error.h"
#include "engine/runs/run_key.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

constexpr int patience_ms = 600;

const QRegularExpression& key_and_value() {
  static const QRegularExpression pattern(QStringLiteral("([\\w.:\\[\\]]+)(=|!=|~)([^\\s()=<>~\"']*)$"));
  return pattern;
}

const QRegularExpression& last_word() {
  static const QRegularExpression pattern(QStringLiteral("([\\w.:\\[\\]]+)$"));
  return pattern;
}

QStringList beginning_with(const QStringList& words, const QString& beginning) {
  QStringList found, inside;
  for (const QString& word : words) {
    if (word == beginning) continue;
    if (word.startsWith(beginning, Qt::CaseInsensitive))
      found << word;
    else if (word.contains(beginning, Qt::CaseInsensitive))
      inside << word;
  }
  return found + inside;
}

/// A value with blanks goes in quotes.
QString as_value(const QString& text) {
  static const QRegularExpression plain(QStringLiteral("^[^\\s()=<>~\"']+$"));
  QString doubled = text;
  return plain.match(text).hasMatch()
             ? text
             : QLatin1Char('"') + doubled.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
}

}  // namespace

FilterField::FilterField(QWidget* parent)
    : QWidget(parent),
      edit_(new QLineEdit(this)),
      error_(new QLabel(this)),
      completer_(new QCompleter(this)),
      words_(new QStringListModel(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(edit_);
  column->addWidget(error_);
  error_->setWordWrap(true);
  error_->hide();
  edit_->setPlaceholderText(tr("Filter: rule=grape and best_test_accuracy>0.8, or a word"));
  edit_->setAccessibleName(tr("Filter runs"));
  edit_->setToolTip(
      tr("Words, or comparisons of columns, settings and measures with = != < > <= >= ~ (contains), joined "
         "by and, or, not and brackets; grapevine-cli list --filter takes the same"));
  edit_->setClearButtonEnabled(true);
  edit_->installEventFilter(this);
  for (const std::string& key : known_run_keys()) keys_ << QString::fromStdString(key);
  for (const std::string& key : best_score_keys()) keys_ << QString::fromStdString(key);
  keys_.sort();
  completer_->setWidget(edit_);
  completer_->setModel(words_);
  completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
  completer_->setMaxVisibleItems(12);
  connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &FilterField::insert);
  connect(edit_, &QLineEdit::textChanged, this, [this] {
    entered_ = false;
    read();
  });
  connect(edit_, &QLineEdit::textEdited, this, &FilterField::complete);
  connect(edit_, &QLineEdit::returnPressed, this, [this] {
    entered_ = true;
    read();
  });
  patience_.setSingleShot(true);
  patience_.setInterval(patience_ms);
  connect(&patience_, &QTimer::timeout, this, [this] {
    QPalette palette = error_->palette();
    palette.setColor(QPalette::WindowText, tone_colour(Tone::problem, is_dark(palette)));
    error_->setPalette(palette);
    error_->setText(pending_error_);
    error_->setVisible(!pending_error_.isEmpty());
  });
}

void FilterField::say_later(const QString& sentence) {
  pending_error_ = sentence;
  patience_.start();
}

void FilterField::explain(const QString& sentence) {
  if (pending_error_.isEmpty()) say_later(sentence);
}

QString FilterField::unfinished() const {
  if (entered_) return {};
  const QString text = edit_->text();
  if (const auto match = key_and_value().match(text); match.hasMatch() && values_) {
    const QString typed = match.captured(3);
    for (const QString& value : values_(parse_run_key(match.captured(1).toStdString())))
      if (value != typed && value.startsWith(typed, Qt::CaseInsensitive))
        return tr("No run has %1 yet: complete the value, as %2.").arg(match.captured(0), as_value(value));
    return {};
  }
  const auto match = last_word().match(text);
  if (!match.hasMatch()) return {};
  const QString word = match.captured(1);
  for (const char* joining : {"and", "or", "not"})
    if (QLatin1String(joining).startsWith(word, Qt::CaseInsensitive))
      return tr("No run has the word %1: complete it, as %2.").arg(word, QLatin1String(joining));
  for (const QString& key : keys_)
    if (key.startsWith(word, Qt::CaseInsensitive))
      return key == word ? tr("A comparison has to follow %1, as %1=\u2026 or %1>\u2026.").arg(word)
                         : tr("No run has the word %1: complete the name, as %2.").arg(word, key);
  return {};
}

QString FilterField::error() const {
  return error_->isHidden() ? QString() : error_->text();
}

void FilterField::find() {
  edit_->setFocus(Qt::ShortcutFocusReason);
  edit_->selectAll();
}

void FilterField::read() {
  try {
    const RunFilter filter = RunFilter::parse(edit_->text().toStdString());
    pending_error_.clear();
    patience_.stop();
    error_->hide();
    Q_EMIT filter_changed(filter);
  } catch (const InputError& error) {
    QString sentence = QString::fromUtf8(error.what());
    sentence.replace(0, 1, sentence.left(1).toUpper());
    if (!sentence.endsWith(QLatin1Char('?'))) sentence += QLatin1Char('.');
    say_later(sentence);
  }
}

FilterField::Offer FilterField::offer(const QString& before) const {
  if (const auto match = key_and_value().match(before); match.hasMatch()) {
    if (!values_) return {};
    try {
      QStringList words;
      for (const QString& value : values_(parse_run_key(match.captured(1).toStdString())))
        words << as_value(value);
      return {match.captured(3), beginning_with(words, match.captured(3)).mid(0, 50)};
    } catch (const InputError&) {
      return {};
    }
  }
  const auto match = last_word().match(before);
  // One letter fits too much.
  if (!match.hasMatch() || match.captured(1).size() < 2) return {};
  return {match.captured(1), beginning_with(keys_, match.captured(1)).mid(0, 50)};
}

void FilterField::complete() {
  const Offer found = offer(edit_->text().left(edit_->cursorPosition()));
  words_->setStringList(found.words);
  if (found.words.isEmpty()) return completer_->popup()->hide();
  completer_->setCompletionPrefix(found.beginning);
  completer_->complete();
}

void FilterField::insert(const QString& word) {
  const int end = edit_->cursorPosition();
  const Offer found = offer(edit_->text().left(end));
  edit_->setSelection(end - static_cast<int>(found.beginning.size()),
                      static_cast<int>(found.beginning.size()));
  edit_->insert(word);
}

/// Ctrl+Space completes without a letter typed, as after `rule=`.
bool FilterField::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
      complete();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace grapevine
