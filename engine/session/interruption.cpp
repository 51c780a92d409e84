#include "engine/session/interruption.h"

#include <utility>

#include "engine/session/progress.h"

namespace grapevine {
namespace {

thread_local const std::function<bool()>* asked = nullptr;

}  // namespace

Interruptible::Interruptible(std::function<bool()> stop) : stop_(std::move(stop)), outside_(asked) {
  asked = stop_ ? &stop_ : nullptr;
}

Interruptible::~Interruptible() {
  asked = outside_;
}

bool interruption_requested() {
  return asked && (*asked)();
}

void interruption_point() {
  if (interruption_requested()) throw WorkStopped{};
}

}  // namespace grapevine
