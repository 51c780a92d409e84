// Images brought to another size. Pure; any thread may call.
#pragma once

#include "engine/data/picture.h"

namespace grapevine {

/// The middle square, as large as the short side, in `side` × `side` pixels: each is the mean of what it
/// covers, weighted by a triangle (bilinear, antialiased), rounded.
Picture square_of(const Picture& picture, int side);
/// The middle square alone.
Picture middle_square(const Picture& picture);

}  // namespace grapevine
