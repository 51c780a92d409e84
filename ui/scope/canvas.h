// What the figures are painted on: OpenGL with Dear ImGui, or a plain widget. Both show the same scene. The
// window's thread only.
#pragma once

#include <QByteArray>
#include <QImage>
#include <functional>
#include <memory>

#include "ui/plot/painter.h"

class QWidget;

namespace grapevine {

class FrameClock;

class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual QWidget& widget() = 0;
  /// False when painting turned out to be impossible.
  virtual bool works() const = 0;

  /// How much larger than usual everything is drawn: figures laid out for a smaller window.
  double magnification = 1;
  /// Draws a frame of the given size; called while painting.
  std::function<void(Painter&, Size)> scene;
  /// Called, later and once, when painting turns out to be impossible, with the reason.
  std::function<void(const QString&)> failed;
};

std::unique_ptr<Canvas> make_painter_canvas(FrameClock& clock, QWidget* parent);
/// Never on the platforms offscreen and minimal: showing an OpenGL widget there crashes.
std::unique_ptr<Canvas> make_opengl_canvas(FrameClock& clock, QWidget* parent);
/// Whether an OpenGL widget may be constructed at all on this platform.
bool platform_has_opengl();
/// "llvmpipe (LLVM 15…)" and its like: OpenGL drawn by the processor.
bool is_software_renderer(const QByteArray& name);
/// Whether there is a graphics card behind OpenGL. Drawn by the processor, the whole window would be put
/// together again for every frame, at ten times the cost of plain painting, and taken from the training.
/// GRAPEVINE_OPENGL=1 or 0 in the environment decides otherwise.
bool opengl_is_worth_it();

}  // namespace grapevine
