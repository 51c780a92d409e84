#include "engine/session/undo.h"

#include <utility>

#include "engine/error.h"

namespace grapevine {
namespace {

std::string megabytes(std::int64_t bytes) {
  return std::to_string((bytes + 999999) / 1000000) + " MB";
}

}  // namespace

void Undo::keep(const Stepper& stepper, const LiveChange& change, double trained, std::int64_t room) {
  forget();  // two would be one too many
  const std::int64_t size = stepper.checkpoint_size();
  if (size > room) {
    why_not_ = "it can't be taken back: the state before it takes " + megabytes(size) + " and " +
               megabytes(room) + " of memory are left";
    return;
  }
  state_ = stepper.checkpoint();
  change_ = change;
  trained_ = trained;
}

Undo::Kept Undo::take() {
  if (!state_)
    throw InputError(why_not_.empty()
                         ? "there is nothing to take back: steps were computed since the last change"
                         : why_not_);
  Kept kept{std::move(*state_), std::move(change_), trained_};
  forget();
  return kept;
}

}  // namespace grapevine
