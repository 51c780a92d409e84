#include "ui/panels/help_topic.h"

#include <QVariant>
#include <QWidget>

namespace grapevine {
namespace {

constexpr const char* property = "help_topic";

}  // namespace

void set_help_topic(QWidget* widget, const QString& topic) {
  widget->setProperty(property, topic);
}

QString help_topic_of(const QWidget* widget) {
  for (; widget; widget = widget->parentWidget())
    if (const QString topic = widget->property(property).toString(); !topic.isEmpty()) return topic;
  return {};
}

}  // namespace grapevine
