// The canvas without OpenGL.
#include <QPainter>
#include <QWidget>

#include "ui/plot/qpainter_painter.h"
#include "ui/scope/canvas.h"
#include "ui/scope/frame_clock.h"

namespace grapevine {
namespace {

class PainterCanvas : public QWidget, public Canvas {
 public:
  PainterCanvas(FrameClock& clock, QWidget* parent) : QWidget(parent), clock_(clock) {
    setAttribute(Qt::WA_OpaquePaintEvent);
  }

  QWidget& widget() override { return *this; }
  bool works() const override { return true; }

 protected:
  void paintEvent(QPaintEvent*) override {
    clock_.begin();
    {
      QPainter painter(this);
      painter.scale(magnification, magnification);
      QPainterPainter figures(painter);
      if (scene) scene(figures, {width() / magnification, height() / magnification});
    }
    clock_.end();
  }

 private:
  FrameClock& clock_;
};

}  // namespace

std::unique_ptr<Canvas> make_painter_canvas(FrameClock& clock, QWidget* parent) {
  return std::make_unique<PainterCanvas>(clock, parent);
}

}  // namespace grapevine
