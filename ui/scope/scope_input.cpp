// Qt's mouse and key events as the scope's own.
#include "ui/scope/scope_input.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <QWidget>
#include <map>

#include "ui/scope/key_table.h"
#include "ui/scope/scope_controller.h"

namespace grapevine {
namespace {

PointerEvent::Button to_button(Qt::MouseButton button) {
  switch (button) {
    case Qt::LeftButton:
      return PointerEvent::Button::left;
    case Qt::RightButton:
      return PointerEvent::Button::right;
    case Qt::MiddleButton:
      return PointerEvent::Button::middle;
    default:
      return PointerEvent::Button::none;
  }
}

PointerEvent pointer_event(PointerEvent::Kind kind, QPointF at, Qt::KeyboardModifiers modifiers) {
  PointerEvent event;
  event.kind = kind;
  event.at = {at.x(), at.y()};
  event.shift = modifiers.testFlag(Qt::ShiftModifier);
  event.ctrl = modifiers.testFlag(Qt::ControlModifier);
  event.alt = modifiers.testFlag(Qt::AltModifier);
  return event;
}

Qt::CursorShape to_qt(CursorShape shape) {
  switch (shape) {
    case CursorShape::arrow:
      return Qt::ArrowCursor;
    case CursorShape::pointing:
      return Qt::PointingHandCursor;
    case CursorShape::cross:
      return Qt::CrossCursor;
    case CursorShape::grabbing:
      return Qt::ClosedHandCursor;
    case CursorShape::resize_x:
      return Qt::SizeHorCursor;
    case CursorShape::resize_y:
      return Qt::SizeVerCursor;
  }
  return Qt::ArrowCursor;
}

}  // namespace

ScopeInput::ScopeInput(ScopeController& controller, QWidget& canvas, std::function<void()> changed)
    : QObject(&canvas), controller_(controller), canvas_(canvas), changed_(std::move(changed)) {
  canvas.setMouseTracking(true);
  canvas.setFocusPolicy(Qt::StrongFocus);
  canvas.installEventFilter(this);
}

bool ScopeInput::eventFilter(QObject* object, QEvent* event) {
  if (object != &canvas_) return false;
  switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseMove:
      mouse(*static_cast<QMouseEvent*>(event));
      return event->type() != QEvent::MouseButtonPress;  // a press also gives the focus
    case QEvent::Wheel:
      wheel(*static_cast<QWheelEvent*>(event));
      event->accept();
      return true;
    case QEvent::Leave:
      controller_.handle(pointer_event(PointerEvent::Kind::leave, {}, Qt::NoModifier));
      changed_();
      return false;
    case QEvent::KeyPress:
      return key(*static_cast<QKeyEvent*>(event));
    case QEvent::Resize:
    case QEvent::Show:
      controller_.set_size({canvas_.width() / magnification, canvas_.height() / magnification});
      return false;
    default:
      return false;
  }
}

void ScopeInput::mouse(const QMouseEvent& event) {
  PointerEvent::Kind kind = PointerEvent::Kind::move;
  if (event.type() == QEvent::MouseButtonPress) kind = PointerEvent::Kind::press;
  if (event.type() == QEvent::MouseButtonRelease) kind = PointerEvent::Kind::release;
  if (event.type() == QEvent::MouseButtonDblClick) kind = PointerEvent::Kind::double_click;
  PointerEvent pointer = pointer_event(kind, event.position() / magnification, event.modifiers());
  pointer.button = to_button(event.button());
  controller_.handle(pointer);
  show_cursor();
  changed_();
}

void ScopeInput::wheel(const QWheelEvent& event) {
  PointerEvent pointer =
      pointer_event(PointerEvent::Kind::wheel, event.position() / magnification, event.modifiers());
  // With Alt, Qt turns a vertical wheel into a horizontal one.
  const int turned = event.angleDelta().y() != 0 ? event.angleDelta().y() : event.angleDelta().x();
  pointer.wheel = turned / 120.0;
  controller_.handle(pointer);
  changed_();
}

bool ScopeInput::key(const QKeyEvent& event) {
  static const std::map<std::string_view, ScopeKey> commands = {
      {"left", ScopeKey::left},
      {"right", ScopeKey::right},
      {"up", ScopeKey::up},
      {"down", ScopeKey::down},
      {"second_cursor", ScopeKey::second_cursor},
      {"previous_event", ScopeKey::previous_event},
      {"next_event", ScopeKey::next_event},
      {"context_menu", ScopeKey::menu},
      {"undo_change", ScopeKey::undo},
      {"inspect_layer", ScopeKey::inspect},
      {"add_figure", ScopeKey::add_figure},
      {"previous_figure", ScopeKey::previous_figure},
      {"next_figure", ScopeKey::next_figure},
      {"figure_back", ScopeKey::figure_back},
      {"figure_forward", ScopeKey::figure_forward},
      {"figure_column", ScopeKey::figure_to_other_column},
      {"taller", ScopeKey::taller},
      {"shorter", ScopeKey::shorter},
      {"remove_figure", ScopeKey::remove_figure},
      {"scroll_up", ScopeKey::scroll_up},
      {"scroll_down", ScopeKey::scroll_down},
      {"escape", ScopeKey::escape}};
  // A keypad's arrows are arrows.
  const int modifiers = static_cast<int>(event.modifiers() & ~Qt::KeypadModifier);
  const auto known = commands.find(figure_command(QKeySequence(modifiers | event.key())));
  if (known == commands.end()) return false;
  controller_.handle(known->second);
  changed_();
  return true;
}

void ScopeInput::show_cursor() {
  const Qt::CursorShape shape = to_qt(controller_.shape());
  if (canvas_.cursor().shape() != shape) canvas_.setCursor(shape);
}

}  // namespace grapevine
