// Files of runs: databases, what stands in them as JSON, checkpoints.
#include <openssl/sha.h>

#include <nlohmann/json.hpp>

#include "engine/runs/checkpoint_file.h"
#include "engine/runs/export.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/stored_experiment.h"
#include "engine/runs/stored_values.h"
#include "tests/fuzz/fuzz.h"

namespace grapevine::fuzz {

void database(std::string_view input) {
  for (const char* side : {"input-wal", "input-shm", "input-journal"})
    std::filesystem::remove(folder() / side);
  const std::string file = file_of(input);
  accepts([&] {
    RunReader reader(file);
    for (const RunSummary& run : reader.list()) {
      accepts([&] { run_result(reader.load(run.id)); });
      accepts([&] { reader.commands(run.id, -1); });
      accepts([&] { reader.checkpoint(reader.race_of(run.id)); });
    }
  });
  accepts([&] { check_database_file(file); });
}

void stored_json(std::string_view input) {
  parse_stored_json(input);
  RunData run;
  run.experiment = input;
  accepts([&] { stored_experiment(run); });
  accepts([&] { run_result(run); });
  CommandRecord command;
  command.command = "set";
  command.value = input;
  accepts([&] { check_stored_command(1, command, 2); });
}

void checkpoint(std::string_view input) {
  unsigned char sum[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(input.data()), input.size(), sum);
  CheckpointFile file{file_of(input), static_cast<std::int64_t>(input.size()), ""};
  for (const unsigned char byte : sum) {
    file.sha256 += "0123456789abcdef"[byte >> 4];
    file.sha256 += "0123456789abcdef"[byte & 15];
  }
  accepts([&] { read_checkpoint(file); });
}

}  // namespace grapevine::fuzz
