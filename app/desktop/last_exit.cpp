// atexit(), and a thread that may be given up.
#include "app/desktop/last_exit.h"

#include <unistd.h>

#include <QString>
#include <QtGlobal>

#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/files/sha256.h"
#include "engine/files/unfinished.h"

namespace grapevine {
namespace {

constexpr int broken_status = 1;

struct Last {
  std::function<void()> store;
  std::chrono::milliseconds patience;
};
Last* last = nullptr;  ///< nullptr: the program ends as it always did

/// What both threads know of.
struct Stored {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
};

void store_in_time(const Last& what) {
  const auto stored = std::make_shared<Stored>();
  std::thread([stored, store = what.store] {
    try {
      store();
    } catch (const std::exception&) {
      // Nobody is left to be told.
    }
    const std::lock_guard lock(stored->mutex);
    stored->done = true;
    stored->changed.notify_all();
  }).detach();
  std::unique_lock lock(stored->mutex);
  stored->changed.wait_for(lock, what.patience, [&] { return stored->done; });
}

extern "C" void on_exit_from_within() {
  if (!last) return;
  try {
    store_in_time(*std::exchange(last, nullptr));
  } catch (const std::exception&) {
    // No thread could be begun: the run is as after a kill.
  }
  remove_unfinished();
  _exit(broken_status);
}

QtMessageHandler tell = nullptr;

/// Qt says so right before it calls exit(), where libraries that are still at work clean up in an order that
/// nobody knows.
void on_message(QtMsgType type, const QMessageLogContext& context, const QString& text) {
  if (tell) tell(type, context, text);
  if (type == QtWarningMsg && text.contains(QLatin1String("connection broke"))) on_exit_from_within();
}

}  // namespace

LastExit::LastExit(std::function<void()> store, std::chrono::milliseconds patience) {
  Sha256();  // libcrypto notes its own clean-up when it is first used
  last = new Last{std::move(store), patience};
  come_first();
  tell = qInstallMessageHandler(on_message);
}

LastExit::~LastExit() {
  qInstallMessageHandler(tell);
  delete std::exchange(last, nullptr);
}

void LastExit::come_first() {
  std::atexit(on_exit_from_within);
}

}  // namespace grapevine
