// Words of the columns group_kind and origin of the table runs: what a group of runs is, and how a run began
// that another one's checkpoint is the beginning of. They are in databases: none is ever renamed.
#pragma once

namespace grapevine {

namespace run_group {
inline constexpr const char *race = "race", *sweep = "sweep";
}  // namespace run_group

namespace run_origin {
inline constexpr const char* fork = "fork";
}  // namespace run_origin

}  // namespace grapevine
