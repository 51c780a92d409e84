// Archives (.tar.gz, .zip) into a folder, by libarchive. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/session/progress.h"

namespace grapevine {

/// Unpacks plain files and folders into `folder`, which must not be there and is made. Whatever could leave
/// it (an absolute name, "..", a link) or is neither file nor folder refuses the whole archive; so do more
/// than `most_bytes`, and more files or folders than any data set has. Throws RunError, WorkStopped; both
/// remove the folder again.
void unpack(const std::string& archive, const std::string& folder, std::int64_t most_bytes,
            const WorkHooks& hooks);

}  // namespace grapevine
