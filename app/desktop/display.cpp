#include "app/desktop/display.h"

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace grapevine {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// A server that resets itself, because another program's last connection ended just now, is back in a moment.
constexpr int tries = 10;
constexpr std::chrono::milliseconds between_tries(100);

/// By the library that Qt's own connection goes through; where it isn't, Qt has its say.
bool x_answers(std::shared_ptr<void>& held) {
  void* xcb = dlopen("libxcb.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!xcb) return true;
  const auto connect = reinterpret_cast<void* (*)(const char*, int*)>(dlsym(xcb, "xcb_connect"));
  const auto trouble = reinterpret_cast<int (*)(void*)>(dlsym(xcb, "xcb_connection_has_error"));
  const auto disconnect = reinterpret_cast<void (*)(void*)>(dlsym(xcb, "xcb_disconnect"));
  if (!connect || !trouble || !disconnect) return true;
  for (int i = 0; i < tries; ++i) {
    if (i > 0) std::this_thread::sleep_for(between_tries);
    held = std::shared_ptr<void>(connect(nullptr, nullptr), disconnect);
    if (trouble(held.get()) == 0) return true;
  }
  held.reset();
  return false;
}

bool wayland_answers() {
  const std::string name = variable("WAYLAND_DISPLAY");
  const std::string path = name.starts_with('/') ? name : variable("XDG_RUNTIME_DIR") + "/" + name;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.empty() || path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int handle = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return false;
  const bool good = ::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(handle);
  return good;
}

}  // namespace

Display find_display() {
  const std::string platform = variable("QT_QPA_PLATFORM");
  const bool wants_x = platform.starts_with("xcb"), wants_wayland = platform.starts_with("wayland");
  if (!platform.empty() && !wants_x && !wants_wayland) return {};  // offscreen, vnc …
  Display display;
  const std::string x = variable("DISPLAY"), wayland = variable("WAYLAND_DISPLAY");
  if (!wants_wayland && !x.empty() && x_answers(display.connection)) return display;
  if (!wants_x && !wayland.empty() && wayland_answers()) return display;
  const std::string named = !wants_wayland && !x.empty()   ? "DISPLAY=" + x
                            : !wants_x && !wayland.empty() ? "WAYLAND_DISPLAY=" + wayland
                                                           : "";
  display.trouble = named.empty() ? "there is no display here" : "the display " + named + " doesn't answer";
  return display;
}

}  // namespace grapevine
