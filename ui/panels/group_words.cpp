#include "ui/panels/group_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("grapevine::GroupsModel", text);
}

}  // namespace

QString kind_of_group(const RunGroup& group) {
  const bool of_rules =
      !group.rule.empty() || std::any_of(group.runs.begin(), group.runs.end(),
                                         [](const ComparedRun& run) { return !run.rule.empty(); });
  if (!of_rules)  // curves of another program
    return group.runs.empty() ? tr("All runs") : QString::fromStdString(group.runs.front().name);
  QStringList parts{group.rule.empty() ? tr("Several rules") : name_of_rule(group.rule)};
  parts << (group.model.empty() ? tr("several models")
                                : name_of_choice(key_of(&ModelSettings::name), group.model));
  parts << (group.data.empty() ? tr("several data sets")
                               : name_of_choice(key_of(&DataSettings::name), group.data));
  return parts.join(QStringLiteral(", "));
}

QString name_without_values(const Comparison& all, const RunGroup& group) {
  if (all.groups.size() < 2 || all.keys.empty()) return kind_of_group(group);
  QStringList keys;
  for (const RunKey& key : all.keys) keys << QString::fromStdString(key.name).section(QLatin1Char('.'), -1);
  return tr("no %1").arg(keys.join(QStringLiteral(", ")));
}

QString word_of(Band band) {
  switch (band) {
    case Band::deviation:
      return tr("Standard deviation");
    case Band::error:
      return tr("Standard error");
    case Band::range:
      return tr("Least to largest");
  }
  return {};
}

QString seeds_in_words(int least, int most) {
  return least == most ? tr("N %1").arg(most) : tr("N %1–%2").arg(least).arg(most);
}

QString failure_in_words(const RunGroup& group) {
  if (group.failed.empty()) return {};
  const QString why = QString::fromStdString(group.failed.front().why);
  return why.isEmpty() ? tr("failed") : tr("failed: %1").arg(why);
}

}  // namespace grapevine
