// Words and numbers for people.
#include "ui/panels/words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <cmath>

#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/plan.h"

namespace grapevine {
namespace {

QString say(const char* text) {
  return QCoreApplication::translate("grapevine::words", text);
}

/// A dotted word, with the sign of a value behind it.
const QRegularExpression& dotted() {
  static const QRegularExpression words(QStringLiteral("\\b([a-z_]+\\.[a-z_0-9]+)(=?)"));
  return words;
}

}  // namespace

QString sentence_case(QString words) {
  words.replace(QLatin1Char('_'), QLatin1Char(' '));
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  return words;
}

QString label_of_key(std::string_view key) {
  return say(label_of(key).c_str());
}

QString in_form_words(const std::string& sentence) {
  const QString text = QString::fromStdString(sentence);
  QString words;
  qsizetype told = 0;
  for (auto match = dotted().globalMatch(text); match.hasNext();) {
    const QRegularExpressionMatch found = match.next();
    const std::string key = found.captured(1).toStdString();
    const Setting* setting = find_setting_of_any_rule(key);
    if (!setting) continue;
    words += text.mid(told, found.capturedStart() - told);
    // A rule's own settings are beneath its name; of the others the section says which is meant.
    if (!key.starts_with("rule.")) words += title_of_group(setting->group) + QStringLiteral(": ");
    words += label_of_key(key).toLower() + (found.captured(2).isEmpty() ? QString() : QStringLiteral(" "));
    told = found.capturedEnd();
  }
  words += text.mid(told);
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  return words;
}

std::vector<std::string> keys_in(const std::string& sentence) {
  std::vector<std::string> keys;
  for (auto match = dotted().globalMatch(QString::fromStdString(sentence)); match.hasNext();) {
    const std::string key = match.next().captured(1).toStdString();
    if (find_setting_of_any_rule(key)) keys.push_back(key);
  }
  return keys;
}

QString name_of_choice(std::string_view key, const std::string& choice) {
  const ChoiceWords* words = words_of_choice(key, choice);
  return words ? QString::fromStdString(words->name) : sentence_case(QString::fromStdString(choice));
}

QString section_of_key(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return {};
  return QString::fromUtf8(key.data(), static_cast<qsizetype>(dot));
}

QString title_of_group(const std::string& group) {
  return say(group.c_str());
}

QString name_of_rule(std::string_view rule) {
  const RuleDescriptor* descriptor = find_rule(rule);
  return descriptor ? QString::fromStdString(descriptor->name)
                    : QString::fromUtf8(rule.data(), static_cast<qsizetype>(rule.size()));
}

namespace {

/// "DFA (optimizer.lr=0.1, seed=2)" as labels_that_differ() has it: "DFA · lr 0.1, seed 2".
QString as_runs_are_called(const QString& label) {
  const qsizetype bracket = label.indexOf(QLatin1String(" ("));
  if (bracket < 0 || !label.endsWith(QLatin1Char(')'))) return label;
  QStringList settings;
  for (const QString& setting : label.mid(bracket + 2).chopped(1).split(QStringLiteral(", "))) {
    const QString key = setting.section(QLatin1Char('='), 0, 0), value = setting.section(QLatin1Char('='), 1);
    settings << (key.section(QLatin1Char('.'), -1) + QLatin1Char(' ') + value).trimmed();
  }
  return label.left(bracket) + QStringLiteral(" \u00b7 ") + settings.join(QStringLiteral(", "));
}

}  // namespace

QStringList names_of_racers(const std::vector<Experiment>& racers) {
  QStringList names;
  const std::vector<std::string> labels = racer_labels(racers);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const QString label = QString::fromStdString(labels[i]);
    names << (labels[i] == RunSettings::of(racers[i]).name ? label : as_runs_are_called(label));
  }
  return names;
}

QString word_of_status(const StatusWord& status) {
  switch (status.kind()) {
    case RunStatus::running:
      return say(QT_TRANSLATE_NOOP("grapevine::words", "Running"));
    case RunStatus::paused:
      return say(QT_TRANSLATE_NOOP("grapevine::words", "Paused"));
    case RunStatus::finished:
      return say(QT_TRANSLATE_NOOP("grapevine::words", "Finished"));
    case RunStatus::stopped:
      return say(QT_TRANSLATE_NOOP("grapevine::words", "Stopped"));
    case RunStatus::failed:
      return say(QT_TRANSLATE_NOOP("grapevine::words", "Failed"));
    case RunStatus::interrupted:
      return say(QT_TRANSLATE_NOOP("grapevine::words", "Interrupted"));
    case RunStatus::none:
    case RunStatus::other:
      return sentence_case(QString::fromStdString(status.text()));
  }
  return {};
}

QString short_count(double count, const QString& unit) {
  static const char* const prefixes[] = {"", "k", "M", "G", "T", "P"};
  int prefix = 0;
  while (std::abs(count) >= 999.5 && prefix < 5) {
    count /= 1000;
    ++prefix;
  }
  const int digits = prefix == 0 || count >= 99.95 ? 0 : count >= 9.995 ? 1 : 2;
  const QString number = QLocale().toString(count, 'f', digits);
  const QString tail = QLatin1String(prefixes[prefix]) + unit;
  return tail.isEmpty() ? number : number + QChar(0x00a0) + tail;
}

QString short_bytes(double bytes) {
  return short_count(bytes, QStringLiteral("B"));
}

QString percent(double share) {
  if (!std::isfinite(share)) return {};
  return QLocale().toString(share * 100, 'f', 1) + QChar(0x00a0) + QLatin1Char('%');
}

QString local_time(const QString& iso) {
  QDateTime time = QDateTime::fromString(iso, Qt::ISODateWithMs);
  if (!time.isValid()) return iso;
  if (time.timeSpec() == Qt::LocalTime) time.setTimeSpec(Qt::UTC);
  return time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString grouped(std::int64_t number) {
  return QLocale().toString(static_cast<qlonglong>(number));
}

}  // namespace grapevine
