#include "engine/nn/interruption.h"

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

void interruption_point() {
  if (asked && (*asked)()) throw WorkStopped{};
}

}  // namespace grapevine
