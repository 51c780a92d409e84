// One listener of the whole program.
#include "engine/runs/store_notices.h"

#include <mutex>
#include <utility>
#include <vector>

namespace grapevine {
namespace {

struct Listening {
  std::mutex mutex;
  std::function<void(const std::string&)> tell;
  std::vector<std::string> kept;
};

/// Never destroyed: threads may outlive main().
Listening& listening() {
  static auto* all = new Listening;
  return *all;
}

}  // namespace

void give_store_notice(const std::string& sentence) {
  Listening& all = listening();
  const std::lock_guard lock(all.mutex);
  if (all.tell)
    all.tell(sentence);
  else
    all.kept.push_back(sentence);
}

void listen_to_store_notices(std::function<void(const std::string&)> tell) {
  Listening& all = listening();
  const std::lock_guard lock(all.mutex);
  all.tell = std::move(tell);
  if (!all.tell) return;
  for (const std::string& sentence : std::exchange(all.kept, {})) all.tell(sentence);
}

}  // namespace grapevine
