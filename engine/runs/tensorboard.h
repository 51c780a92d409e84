// A run's curves as TensorBoard reads them: a file of records, each the length, its checksum, an Event in
// Protocol Buffers' encoding, and that one's checksum (masked CRC-32C). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/runs/run_data.h"

namespace grapevine {

/// One event per step with every value of that step; tags are "test_accuracy" and, of a feedback point,
/// "cos_b_j/2". Values that are not numbers are left out. TensorBoard keeps 32 bits of each.
std::string run_to_events(const RunData& run);
/// What TensorBoard looks for in a folder of its own a run: "events.out.tfevents.<seconds>.grapevine.<id>".
std::string events_file_name(const RunData& run);

/// CRC-32C (Castagnoli): 0xe3069283 of "123456789".
std::uint32_t crc32c(std::string_view bytes);

}  // namespace grapevine
