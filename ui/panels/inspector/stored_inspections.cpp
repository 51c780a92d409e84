#include "ui/panels/inspector/stored_inspections.h"

#include <QMetaObject>

namespace grapevine {

StoredInspections::StoredInspections(StepperFactory factory, QObject* parent)
    : QObject(parent), look_(std::move(factory), [this] {
        QMetaObject::invokeMethod(this, &StoredInspections::answered, Qt::QueuedConnection);
      }) {}

}  // namespace grapevine
