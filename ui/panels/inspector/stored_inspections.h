// Layers of stored runs, computed from their checkpoints on another thread, as Qt sees it. The window's
// thread only, which never waits here but for the end.
#pragma once

#include <QObject>
#include <memory>

#include "engine/launch/stored_look.h"

namespace grapevine {

class StoredInspections : public QObject {
  Q_OBJECT

 public:
  explicit StoredInspections(StepperFactory factory, QObject* parent = nullptr);

  /// The same question again is none: what is known of it stays.
  void ask(StoredQuestion question) { look_.ask(std::move(question)); }
  /// Of the latest question; nullptr = not yet.
  std::shared_ptr<const StoredAnswer> answer() const { return look_.answer(); }

 Q_SIGNALS:
  void answered();

 private:
  StoredLook look_;
};

}  // namespace grapevine
