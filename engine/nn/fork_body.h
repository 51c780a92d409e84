// What of a fork at a segment's end belongs to the feedback point: its body; what it carries besides does
// not.
#pragma once

#include "engine/nn/layer.h"

namespace grapevine {

/// The body of a fork, whose result tape.saved[0] keeps; nullptr for any other layer.
const Chain* body_of_fork(const Layer& layer);

}  // namespace grapevine
