// Files of runs: databases, what stands in them as JSON, checkpoints.
#include <openssl/sha.h>

#include <nlohmann/json.hpp>

#include "engine/runs/checkpoint_file.h"
#include "engine/runs/csv.h"
#include "engine/runs/curve_import.h"
#include "engine/runs/export.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/run_file.h"
#include "engine/runs/run_filter.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/stored_experiment.h"
#include "engine/runs/stored_values.h"
#include "engine/weights/parameter_file.h"
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

namespace {

/// A database that takes in what the input holds; a new one each time, as an import writes.
std::string fresh_database() {
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder()))
    if (entry.path().filename().string().starts_with("taken.db")) std::filesystem::remove_all(entry.path());
  return (folder() / "taken.db").string();
}

}  // namespace

void run_file(std::string_view input) {
  const std::string file = file_of(input);
  accepts([&] { import_run_file(fresh_database(), file); });
}

void curves(std::string_view input) {
  accepts([&] { read_csv(input); });
  const std::string file = file_of(input, "curves.csv");
  accepts([&] { import_curves(fresh_database(), file); });
}

void run_filter(std::string_view input) {
  accepts([&] { RunFilter::parse(input); });
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

void parameters(std::string_view input) {
  const std::string file = file_of(input);
  accepts([&] { to_safetensors(read_safetensors(file)); });
}

}  // namespace grapevine::fuzz
