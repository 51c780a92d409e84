// Sign-concordant transports: |M| ⊙ sign(W), sign(0) = 0. What M is, and whether it changes, tells the three
// rules apart (learning-rules §2). Worker thread only.
#pragma once

#include "engine/rules/sequential.h"

namespace grapevine {

enum class Magnitudes { uniform, redrawn, fixed };

std::unique_ptr<Rule> make_sign_rule(Magnitudes magnitudes);

}  // namespace grapevine
