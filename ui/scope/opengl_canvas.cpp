// The canvas with OpenGL: a QOpenGLWidget that hosts Dear ImGui. ImGui gets no input: the scope has a
// controller of its own, and ImGui 1.86 would lose a click that begins and ends between two frames.
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QTimer>

#include "ui/scope/canvas.h"
#include "ui/scope/frame_clock.h"
#include "ui/scope/imgui_painter.h"

namespace grapevine {
namespace {

class OpenGlCanvas : public QOpenGLWidget, public Canvas {
 public:
  OpenGlCanvas(FrameClock& clock, QWidget* parent) : QOpenGLWidget(parent), clock_(clock) {
    QSurfaceFormat format = QSurfaceFormat::defaultFormat();
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    setFormat(format);
    imgui_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(imgui_);
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
  }

  ~OpenGlCanvas() override {
    if (context()) disconnect(context(), nullptr, this, nullptr);
    release_device();
    ImGui::DestroyContext(imgui_);
  }

  QWidget& widget() override { return *this; }
  bool works() const override { return !broken_; }

 protected:
  void initializeGL() override {
    // Floating a dock without shared contexts, or moving to another screen, gives a new context.
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] { release_device(); });
    const QSurfaceFormat format = context()->format();
    const bool enough =
        context()->isOpenGLES() ? format.majorVersion() >= 3 : format.version() >= qMakePair(3, 2);
    if (!enough) {
      give_up(QObject::tr("OpenGL %1.%2 is too old (3.2 is needed)")
                  .arg(format.majorVersion())
                  .arg(format.minorVersion()));
      return;
    }
    ImGui::SetCurrentContext(imgui_);
    device_ready_ = ImGui_ImplOpenGL3_Init(context()->isOpenGLES() ? "#version 300 es" : "#version 150");
    if (!device_ready_) give_up(QObject::tr("the OpenGL functions can't be loaded"));
    const auto* renderer = reinterpret_cast<const char*>(context()->functions()->glGetString(GL_RENDERER));
    software_ = is_software_renderer(renderer);
    load_atlas();
  }

  void paintGL() override {
    if (!device_ready_) return;
    clock_.begin();
    ImGui::SetCurrentContext(imgui_);
    const double density = devicePixelRatioF() * magnification;
    if (density != atlas_ratio_) {
      ImGui_ImplOpenGL3_DestroyFontsTexture();
      load_atlas();
      ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    ImGuiIO& io = ImGui::GetIO();
    const Size size{width() / magnification, height() / magnification};
    io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
    io.DisplayFramebufferScale = {static_cast<float>(density), static_cast<float>(density)};
    io.DeltaTime = 1.0f / 60;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    ImGuiPainter painter(*ImGui::GetBackgroundDrawList(), faces_);
    if (scene) scene(painter, size);
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    // Drawn by processor threads, a frame's cost lies behind the calls: it counts too.
    if (software_) context()->functions()->glFinish();
    clock_.end();
  }

  void showEvent(QShowEvent* event) override {
    QOpenGLWidget::showEvent(event);
    // Without a context initializeGL is never called: look after the first painting was due.
    QTimer::singleShot(200, this, [this] {
      if (isVisible() && !isValid()) give_up(QObject::tr("no OpenGL context could be made"));
    });
  }

 private:
  void load_atlas() {
    atlas_ratio_ = devicePixelRatioF() * magnification;
    faces_ = load_faces(atlas_ratio_);
  }

  void release_device() {
    if (!device_ready_) return;
    device_ready_ = false;
    makeCurrent();
    ImGui::SetCurrentContext(imgui_);
    ImGui_ImplOpenGL3_Shutdown();
    doneCurrent();
  }

  void give_up(const QString& reason) {
    if (broken_) return;
    broken_ = true;
    device_ready_ = false;
    QTimer::singleShot(0, this, [this, reason] {
      if (failed) failed(reason);
    });
  }

  FrameClock& clock_;
  ImGuiContext* imgui_ = nullptr;
  ImGuiFaces faces_;
  double atlas_ratio_ = 0;
  bool device_ready_ = false;
  bool broken_ = false;
  bool software_ = false;  ///< OpenGL without a graphics card
};

}  // namespace

std::unique_ptr<Canvas> make_opengl_canvas(FrameClock& clock, QWidget* parent) {
  return std::make_unique<OpenGlCanvas>(clock, parent);
}

}  // namespace grapevine
