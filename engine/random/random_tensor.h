// The draws of random.h in tensor operations, for devices other than the host and for steps that are
// recorded: made where they are used, so that no step waits for the host or for a copy. Signs and uniform
// numbers are the host's to the bit, normal ones to 1e-5. Any thread.
#pragma once

#include "engine/random/random.h"

namespace grapevine {

void draw_signs(at::Tensor& out, RandomKey key);
void draw_uniform(at::Tensor& out, RandomKey key, double low, double high);
void draw_normals(at::Tensor& out, RandomKey key);

}  // namespace grapevine
