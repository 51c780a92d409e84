// What the window remembers.
#include "ui/panels/window_memory.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/plans/plan.h"

namespace grapevine {
namespace {

// Grows when the docks' names or number change, so that an old layout is not laid over new docks.
constexpr int layout_version = 1;

}  // namespace

WindowMemory::WindowMemory(const std::string& config_folder)
    : folder_(QString::fromStdString(config_folder)) {
  if (!folder_.isEmpty()) QDir().mkpath(folder_);
}

QString WindowMemory::ini() const {
  return folder_ + QStringLiteral("/window.ini");
}
QString WindowMemory::experiment_file() const {
  return folder_ + QStringLiteral("/last-experiment.json");
}

QByteArray WindowMemory::geometry() const {
  if (folder_.isEmpty()) return {};
  return QSettings(ini(), QSettings::IniFormat).value(QStringLiteral("window/geometry")).toByteArray();
}

QByteArray WindowMemory::docks() const {
  if (folder_.isEmpty()) return {};
  const QSettings settings(ini(), QSettings::IniFormat);
  if (settings.value(QStringLiteral("window/layout_version")).toInt() != layout_version) return {};
  return settings.value(QStringLiteral("window/docks")).toByteArray();
}

void WindowMemory::set_layout(const QByteArray& geometry, const QByteArray& docks) {
  if (folder_.isEmpty()) return;
  QSettings settings(ini(), QSettings::IniFormat);
  settings.setValue(QStringLiteral("window/geometry"), geometry);
  settings.setValue(QStringLiteral("window/docks"), docks);
  settings.setValue(QStringLiteral("window/layout_version"), layout_version);
}

std::optional<bool> WindowMemory::dark() const {
  const QString kept = choice(QStringLiteral("colours"));
  if (kept.isEmpty()) return std::nullopt;
  return kept == QLatin1String("dark");
}

void WindowMemory::set_dark(bool dark) {
  set_choice(QStringLiteral("colours"), dark ? QStringLiteral("dark") : QStringLiteral("light"));
}

QString WindowMemory::database() const {
  return choice(QStringLiteral("database"));
}

void WindowMemory::set_database(const QString& file) {
  set_choice(QStringLiteral("database"), file);
}

// Names may hold anything; a settings key may not.
QStringList WindowMemory::layout_names() const {
  QStringList names;
  if (folder_.isEmpty()) return names;
  QSettings settings(ini(), QSettings::IniFormat);
  settings.beginGroup(QStringLiteral("layouts"));
  for (const QString& key : settings.childKeys())
    names << QString::fromUtf8(QByteArray::fromHex(key.toLatin1()));
  names.sort(Qt::CaseInsensitive);
  return names;
}

QString WindowMemory::layout_named(const QString& name) const {
  if (folder_.isEmpty()) return {};
  const QString key = QStringLiteral("layouts/") + QString::fromLatin1(name.toUtf8().toHex());
  return QSettings(ini(), QSettings::IniFormat).value(key).toString();
}

void WindowMemory::set_layout_named(const QString& name, const QString& layout) {
  if (folder_.isEmpty()) return;
  QSettings settings(ini(), QSettings::IniFormat);
  const QString key = QStringLiteral("layouts/") + QString::fromLatin1(name.toUtf8().toHex());
  if (layout.isEmpty())
    settings.remove(key);
  else
    settings.setValue(key, layout);
}

WindowMemory::Shown WindowMemory::shown() const {
  const auto kept = nlohmann::json::parse(choice(QStringLiteral("shown")).toStdString(), nullptr, false);
  Shown shown;
  try {
    if (!kept.is_object()) return shown;
    shown.database = QString::fromStdString(kept.at("database").get<std::string>());
    for (const auto& run : kept.at("runs"))
      shown.runs.push_back({run.at("id").get<std::int64_t>(), run.at("uuid").get<std::string>(),
                            run.at("overlaid").get<bool>()});
    return shown;
  } catch (const nlohmann::json::exception&) {
    return {};  // somebody else wrote the file
  }
}

void WindowMemory::set_shown(const Shown& shown) {
  auto runs = nlohmann::json::array();
  for (const KeptRun& run : shown.runs)
    runs.push_back({{"id", run.id}, {"uuid", run.uuid}, {"overlaid", run.overlaid}});
  const nlohmann::json kept = {{"database", shown.database.toStdString()}, {"runs", runs}};
  set_choice(QStringLiteral("shown"), QString::fromStdString(kept.dump()));
}

QString WindowMemory::choice(const QString& name) const {
  if (folder_.isEmpty()) return {};
  return QSettings(ini(), QSettings::IniFormat).value(QStringLiteral("choices/") + name).toString();
}

void WindowMemory::set_choice(const QString& name, const QString& value) {
  if (folder_.isEmpty()) return;
  QSettings(ini(), QSettings::IniFormat).setValue(QStringLiteral("choices/") + name, value);
}

std::optional<ExperimentPlan> WindowMemory::experiment() const {
  if (folder_.isEmpty() || !QFile::exists(experiment_file())) return std::nullopt;
  try {
    return load_plan(experiment_file().toStdString(), {});
  } catch (const Error&) {
    return std::nullopt;  // a newer or older version's: the first experiment takes its place
  }
}

void WindowMemory::set_experiment(const ExperimentPlan& plan) {
  if (folder_.isEmpty()) return;
  try {
    write_carefully(experiment_file().toStdString(), plan_to_json(plan).dump(2));
  } catch (const Error&) {
    // A read-only configuration folder forgets, no more.
  }
}

}  // namespace grapevine
