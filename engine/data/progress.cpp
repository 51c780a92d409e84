#include "engine/data/progress.h"

#include "engine/data/notes.h"

namespace grapevine {

std::string words_of(const WorkProgress& now) {
  const bool bytes = now.of.empty();
  const auto amount = [&](std::int64_t count) { return with_separators(bytes ? count / 1'000'000 : count); };
  std::string text = now.what + " " + now.file;
  if (now.total > 0)
    text += ": " + amount(now.done) + " of " + amount(now.total) + " " + (bytes ? "MB" : now.of);
  return text;
}

}  // namespace grapevine
