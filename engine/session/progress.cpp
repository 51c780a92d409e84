#include "engine/session/progress.h"

#include "engine/session/notes.h"

namespace grapevine {

std::string words_of(const WorkProgress& now) {
  const bool bytes = now.of.empty();
  const std::int64_t unit = !bytes ? 1 : now.total < 10'000'000 ? 1000 : 1'000'000;
  const auto amount = [&](std::int64_t count) { return with_separators(count / unit); };
  std::string text = now.what + " " + now.file;
  if (now.total > 0)
    text += ": " + amount(now.done) + " of " + amount(now.total) + " " +
            (!bytes         ? now.of
             : unit == 1000 ? "kB"
                            : "MB");
  return text;
}

}  // namespace grapevine
