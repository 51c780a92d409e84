#include "ui/panels/library_column.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>

#include "engine/error.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/probe_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

using Shows = LibraryColumn::Kind;

QString say(const char* text) {
  return QCoreApplication::translate("RunLibrary", text);
}

#define SAY(text) QT_TRANSLATE_NOOP("RunLibrary", text)

struct OwnColumn {
  Shows kind;
  const char *text, *title, *help;
};
constexpr OwnColumn own_columns[] = {
    {Shows::best, "score:best", SAY("Best test accuracy"),
     SAY("Best test accuracy (a language model's perplexity)")},
    {Shows::last, "score:last", SAY("Last test accuracy"),
     SAY("Latest test accuracy (a language model's perplexity)")},
    {Shows::curve, "curve", SAY("Curve"),
     SAY("What the run is judged by, from its start to its end; in its first epochs its batches' accuracy (a "
         "language model's perplexity)")},
    {Shows::difference, "difference", SAY("Differs in"), SAY("The settings that tell the runs shown apart")},
};
constexpr const char* usual[] = {"name",    "difference", "curve", "score:best", "score:last", "status",
                                 "rule",    "epochs",     "steps", "seed",       "data",       "model",
                                 "started", "tags",       "notes", "device"};
constexpr QLatin1String cursor_ending(":cursor");

const OwnColumn* own(Shows kind) {
  const auto* found = std::find_if(std::begin(own_columns), std::end(own_columns),
                                   [&](const OwnColumn& column) { return column.kind == kind; });
  return found == std::end(own_columns) ? nullptr : found;
}

QString measure_title(const RunKey& key) {
  const MeasureDescriptor* measure = find_measure(key.name);
  QString text = measure ? QString::fromStdString(measure->name) : QString::fromStdString(key.name);
  if (key.point > 0) text += QCoreApplication::translate("RunLibrary", ", layer %1").arg(key.point);
  return text;
}

QString statistic_word(Statistic statistic) {
  switch (statistic) {
    case Statistic::last:
      return say(SAY("last"));
    case Statistic::best:
      return say(SAY("best"));
    case Statistic::mean:
      return say(SAY("mean"));
  }
  return {};
}

QString column_help(const std::string& name) {
  const RunColumn* column = find_run_column(name);
  return column ? say(column->help) : QString();
}

QString number_text(double value) {
  return QLocale().toString(value, 'g', 4);
}

QString measured_text(const RunKey& key, double value) {
  const MeasureDescriptor* measure = find_measure(key.name);
  if (!measure) return number_text(value);
  if (measure->quantity == Quantity::share) return percent(value);
  return measure->quantity == Quantity::cosine ? QLocale().toString(value, 'f', 3) : number_text(value);
}

/// Without the form's headings "Every" says nothing: of a calibration, of measures?
QString setting_title(const std::string& key) {
  const Setting* setting = find_setting(key, "");
  const QString label = QString::fromStdString(label_of(key));
  if (!setting || (!key.starts_with(CalibrationSettings::group) && !key.starts_with(ProbeSettings::group)))
    return label;
  return QStringLiteral("%1: %2").arg(title_of_group(setting->group), label.toLower());
}

}  // namespace

bool LibraryColumn::is_number() const {
  if (kind == Shows::best || kind == Shows::last || kind == Shows::cursor) return true;
  return kind == Shows::key && holds_numbers(key);
}

bool LibraryColumn::is_measured() const {
  return kind == Shows::key ? key.kind == RunKey::Kind::measure : kind != Shows::difference;
}

Qt::SortOrder LibraryColumn::first_order() const {
  // Scores and curves are ranked, whatever is better of them.
  if (kind == Shows::best || kind == Shows::last || kind == Shows::curve) return Qt::DescendingOrder;
  const MeasureDescriptor* measure = key.kind == RunKey::Kind::measure ? find_measure(key.name) : nullptr;
  return measure && measure->better == Better::up ? Qt::DescendingOrder : Qt::AscendingOrder;
}

bool LibraryColumn::is_editable() const {
  return is("name") || is("tags") || is("notes");
}

QString LibraryColumn::text() const {
  if (const OwnColumn* known = own(kind)) return QLatin1String(known->text);
  if (kind != Shows::cursor) return QString::fromStdString(key.text());
  const QString measure = QString::fromStdString(key.text());
  return measure.left(measure.lastIndexOf(QLatin1Char(':'))) + cursor_ending;
}

QString LibraryColumn::title() const {
  if (const OwnColumn* known = own(kind)) return say(known->title);
  if (kind == Shows::cursor) return say(SAY("%1, at the cursor")).arg(measure_title(key));
  if (key.kind == RunKey::Kind::measure)
    return QStringLiteral("%1, %2").arg(measure_title(key), statistic_word(key.statistic));
  if (key.name == rule_name_key()) return say(SAY("Rule"));
  return key.kind == RunKey::Kind::column ? label_of_key(key.name) : setting_title(key.name);
}

QString LibraryColumn::help() const {
  if (const OwnColumn* known = own(kind)) return say(known->help);
  if (key.kind == RunKey::Kind::column) return column_help(key.name);
  if (key.kind == RunKey::Kind::measure) {
    const MeasureDescriptor* measure = find_measure(key.name);
    return measure ? QString::fromStdString(measure->help) : QString();
  }
  for (const RuleDescriptor& rule : rules())
    if (const Setting* setting = find_setting(key.name, rule.key))
      return QStringLiteral("%1: %2").arg(QString::fromStdString(key.name),
                                          QString::fromStdString(setting->help));
  return {};
}

std::optional<LibraryColumn> library_column(const QString& text) {
  for (const OwnColumn& known : own_columns)
    if (text == QLatin1String(known.text)) return LibraryColumn{known.kind, {}};
  LibraryColumn column;
  QString name = text;
  if (text.endsWith(cursor_ending)) {
    name.chop(cursor_ending.size());
    column.kind = Shows::cursor;
  }
  try {
    column.key = parse_run_key(name.toStdString());
  } catch (const InputError&) {
    return std::nullopt;
  }
  if (column.kind == Shows::cursor && column.key.kind != RunKey::Kind::measure) return std::nullopt;
  return column;
}

LibraryColumns library_columns(const QStringList& texts) {
  LibraryColumns columns{*library_column(QStringLiteral("name"))};
  for (const QString& text : texts)
    if (const auto column = library_column(text))
      if (std::find(columns.begin(), columns.end(), *column) == columns.end()) columns.push_back(*column);
  return columns;
}

QStringList texts_of(const LibraryColumns& columns) {
  QStringList texts;
  for (const LibraryColumn& column : columns) texts << column.text();
  return texts;
}

LibraryColumns usual_library_columns() {
  QStringList texts;
  for (const char* text : usual) texts << QLatin1String(text);
  return library_columns(texts);
}

namespace {

/// "cos_b_j[2]" with each statistic.
QStringList columns_of_measure(const MeasureDescriptor& measure, const QString& name) {
  QStringList all;
  if (measure.better != Better::none) all << name + QLatin1String(":best");
  for (const char* ending : {":last", ":mean", ":cursor"}) all << name + QLatin1String(ending);
  return all;
}

}  // namespace

QStringList columns_named(const QString& text) {
  const auto column = library_column(text);
  if (!column) return {};
  const bool without_statistic = column->text() == text + QLatin1String(":last");
  const MeasureDescriptor* measure = without_statistic ? find_measure(column->key.name) : nullptr;
  return measure ? columns_of_measure(*measure, text) : QStringList{column->text()};
}

QStringList known_library_columns() {
  QStringList all;
  for (const OwnColumn& known : own_columns) all << QLatin1String(known.text);
  for (const std::string& key : known_run_keys()) {
    const QString name = QString::fromStdString(key);
    if (key == "text") continue;  // all words at once: for filters
    const MeasureDescriptor* measure = find_measure(key);
    all << (measure ? columns_of_measure(*measure, name) : QStringList{name});
  }
  return all;
}

QString cell_text(const RunKey& key, const RunCell& cell) {
  if (is_empty(cell)) return {};
  const QString text = QString::fromStdString(to_text(cell));
  const auto* number = std::get_if<double>(&cell);
  if (key.kind == RunKey::Kind::measure) return number ? measured_text(key, *number) : text;
  if (key.kind == RunKey::Kind::setting)
    return key.name == rule_name_key() ? name_of_rule(to_text(cell))
                                       : name_of_choice(key.name, to_text(cell));
  if (key.name == "status") return word_of_status(StatusWord::read(to_text(cell)));
  if (key.name == "rule") return name_of_rule(to_text(cell));
  if (key.name == "model" || key.name == "data") return name_of_choice(key.name + ".name", to_text(cell));
  if (key.name == "started" || key.name == "ended") return local_time(text);
  if (key.name == "steps" && number) return grouped(static_cast<std::int64_t>(*number));
  if (key.name == "epochs" && number) {
    if (*number > 0 && *number < 0.05) return QLocale().toString(*number, 'g', 1);  // a step or two of one
    return QLocale().toString(*number, 'f', *number < 10 ? 1 : 0);
  }
  if (key.name == "notes") return text.section(QLatin1Char('\n'), 0, 0);
  return text;
}

#undef SAY

}  // namespace grapevine
