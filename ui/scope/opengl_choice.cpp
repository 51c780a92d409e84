// Whether OpenGL is of use here.
#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

#include "ui/scope/canvas.h"

namespace grapevine {
namespace {

/// The renderer's name as the driver gives it; empty without a context. A graphics card's name holds none of
/// the words below.
QByteArray opengl_renderer() {
  QOffscreenSurface surface;
  QOpenGLContext context;
  surface.create();
  if (!context.create() || !context.makeCurrent(&surface)) return {};
  const QByteArray name(reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER)));
  context.doneCurrent();
  return name;
}

}  // namespace

bool platform_has_opengl() {
  const QString platform = QGuiApplication::platformName();
  return platform != "offscreen" && platform != "minimal" && platform != "vnc" && platform != "linuxfb";
}

bool is_software_renderer(const QByteArray& name) {
  for (const char* word : {"llvmpipe", "softpipe", "swrast", "SWR", "Software"})
    if (name.contains(word)) return true;
  return false;
}

bool opengl_is_worth_it() {
  if (!platform_has_opengl()) return false;
  if (qEnvironmentVariableIsSet("GRAPEVINE_OPENGL"))
    return qEnvironmentVariableIntValue("GRAPEVINE_OPENGL") != 0;
  const QByteArray name = opengl_renderer();
  return !name.isEmpty() && !is_software_renderer(name);
}

}  // namespace grapevine
