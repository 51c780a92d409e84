// What F1 explains: a control, or a panel with all that is in it, has a topic of the book. The window's
// thread only.
#pragma once

#include <QString>

class QWidget;

namespace grapevine {

/// "page" or "page#Heading" of docs/, for the widget and what is in it.
void set_help_topic(QWidget* widget, const QString& topic);
/// The topic of the widget, else of the nearest one around it; "" = none has one.
QString help_topic_of(const QWidget* widget);

}  // namespace grapevine
