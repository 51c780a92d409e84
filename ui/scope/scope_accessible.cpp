// What screen readers find on the canvas.
#include "ui/scope/scope_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>
#include <memory>

#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_export.h"
#include "ui/scope/scope_controller.h"
#include "ui/scope/scope_parts.h"

namespace grapevine {
namespace {

/// The canvases that tell of their figures. Qt asks one factory for every widget's interface.
QHash<const QObject*, const ScopeFigures*>& known_canvases() {
  static QHash<const QObject*, const ScopeFigures*> canvases;
  return canvases;
}

class FigureInterface : public QAccessibleInterface {
 public:
  FigureInterface(QWidget& canvas, const ScopeFigures& figures, int index)
      : canvas_(canvas), figures_(figures), index_(index) {}

  bool isValid() const override { return place() != nullptr; }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(&canvas_); }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::Graphic; }
  QAccessible::State state() const override {
    QAccessible::State state;
    state.readOnly = true;
    const FigurePlace* shown = place();
    state.offscreen = shown && !layout_.in_view(*shown);
    return state;
  }
  void setText(QAccessible::Text, const QString&) override {}
  QString text(QAccessible::Text what) const override {
    const FigurePlace* shown = place();
    if (!shown) return {};
    if (what == QAccessible::Name) return QString::fromStdString(figures_.model.title_of(shown->figure));
    if (what == QAccessible::Description || what == QAccessible::Value)
      return entry_of(figures_.model, shown->figure).summary(figures_.model, shown->figure);
    return {};
  }
  QRect rect() const override {
    const FigurePlace* shown = place();
    if (!shown) return {};
    const QRectF area(shown->area.x, shown->area.y, shown->area.width, shown->area.height);
    return area.toRect().translated(canvas_.mapToGlobal(QPoint(0, 0)));
  }

 private:
  /// As the figures stand now; nothing when there are fewer.
  const FigurePlace* place() const {
    layout_ = figures_.layout();
    return index_ < static_cast<int>(layout_.figures.size())
               ? &layout_.figures[static_cast<std::size_t>(index_)]
               : nullptr;
  }

  QWidget& canvas_;
  const ScopeFigures& figures_;
  int index_;
  mutable ScopeLayout layout_;
};

class CanvasInterface : public QAccessibleWidget {
 public:
  CanvasInterface(QWidget& canvas, const ScopeFigures& figures)
      : QAccessibleWidget(&canvas, QAccessible::Pane), figures_(figures) {}

  ~CanvasInterface() override {
    for (const QAccessible::Id id : children_) QAccessible::deleteAccessibleInterface(id);
  }
  int childCount() const override { return static_cast<int>(figures_.layout().figures.size()); }
  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    while (static_cast<qsizetype>(index) >= children_.size())
      children_ << QAccessible::registerAccessibleInterface(
          new FigureInterface(*widget(), figures_, static_cast<int>(children_.size())));
    return QAccessible::accessibleInterface(children_[index]);
  }
  int indexOfChild(const QAccessibleInterface* child) const override {
    for (qsizetype i = 0; i < children_.size(); ++i)
      if (QAccessible::accessibleInterface(children_[i]) == child) return static_cast<int>(i);
    return -1;
  }
  QString text(QAccessible::Text what) const override {
    if (what == QAccessible::Description) return scope_summary(figures_.model);
    return QAccessibleWidget::text(what);
  }

 private:
  const ScopeFigures& figures_;
  mutable QList<QAccessible::Id> children_;
};

QAccessibleInterface* interface_of(const QString&, QObject* object) {
  const ScopeFigures* figures = known_canvases().value(object, nullptr);
  auto* canvas = qobject_cast<QWidget*>(object);
  return figures && canvas ? new CanvasInterface(*canvas, *figures) : nullptr;
}

}  // namespace

void make_accessible(QWidget& canvas, const ScopeFigures& figures) {
  static const bool installed = (QAccessible::installFactory(interface_of), true);
  Q_UNUSED(installed);
  known_canvases().insert(&canvas, &figures);
  QObject::connect(&canvas, &QObject::destroyed, [&canvas] { known_canvases().remove(&canvas); });
}

}  // namespace grapevine
