// Writing and reading checkpoint files, with their SHA-256.
#include "engine/runs/checkpoint_file.h"

#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/files/memory.h"
#include "engine/files/sha256.h"
#include "engine/files/whole_numbers.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

static_assert(std::endian::native == std::endian::little,
              "files are little-endian, arrays are written as they lie");

constexpr char magic[8] = {'G', 'R', 'A', 'P', 'E', 'V', 'C', 'K'};
constexpr std::uint32_t format_version = 1;
constexpr std::size_t slice = std::size_t{8} << 20;  // read between two looks at Stop
constexpr std::size_t open_at_once = 32;             // files; more are waited for as one

/// Sums what goes into the file.
class Output {
 public:
  explicit Output(const std::string& path) : path_(path), file_(path) {}

  void put(const void* data, std::size_t size) {
    sum_.add(data, size);
    size_ += static_cast<std::int64_t>(size);
    file_.put(data, size);
  }
  CarefulFile& file() { return file_; }
  CheckpointFile told() { return {path_, size_, sum_.hex()}; }

 private:
  std::string path_;
  CarefulFile file_;
  std::int64_t size_ = 0;
  Sha256 sum_;
};

nlohmann::json header_of(const Checkpoint& checkpoint) {
  nlohmann::json header = {
      {"step", checkpoint.step}, {"numbers", nlohmann::json::array()}, {"arrays", nlohmann::json::array()}};
  for (const auto& [name, number] : checkpoint.numbers) header["numbers"].push_back(name);
  for (const auto& [name, array] : checkpoint.arrays) {
    header["arrays"].push_back(
        {{"name", name}, {"type", array.type}, {"shape", array.shape}, {"bytes", array.bytes.size()}});
  }
  return header;
}

[[noreturn]] void refuse(const CheckpointFile& file, const std::string& why) {
  throw InputError("the checkpoint file " + file.path + " can't be used: " + why);
}

std::vector<char> whole_file(const CheckpointFile& file) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file.path, missing);
  if (missing)
    refuse(file, std::filesystem::exists(file.path, missing)
                     ? "it is a folder, a pipe or a device and no file"
                     : "it is missing");
  if (static_cast<std::int64_t>(size) != file.size) {
    refuse(file, "it has " + std::to_string(size) + " bytes instead of " + std::to_string(file.size));
  }
  std::vector<char> bytes(size);
  std::ifstream stream(file.path, std::ios::binary);
  Sha256 sum;
  for (std::size_t at = 0; at < bytes.size();) {
    interruption_point();
    const std::size_t count = std::min(slice, bytes.size() - at);
    if (!stream.read(bytes.data() + at, static_cast<std::streamsize>(count)))
      refuse(file, "it can't be read");
    sum.add(bytes.data() + at, count);
    at += count;
  }
  if (sum.hex() != file.sha256)
    refuse(file, "it is damaged (its SHA-256 is not the one noted in the database)");
  return bytes;
}

/// Takes the file apart, front to back; every step checks what is left.
class Cursor {
 public:
  Cursor(const std::vector<char>& bytes, const CheckpointFile& file) : bytes_(bytes), file_(file) {}
  const char* next(std::size_t size) {
    if (size > bytes_.size() - at_) refuse(file_, "it ends too early");
    const char* here = bytes_.data() + at_;
    at_ += size;
    return here;
  }
  template <class T>
  T value() {
    T out;
    std::memcpy(&out, next(sizeof out), sizeof out);
    return out;
  }

 private:
  const std::vector<char>& bytes_;
  const CheckpointFile& file_;
  std::size_t at_ = 0;
};

Checkpoint parsed(const CheckpointFile& file, const std::vector<char>& bytes) {
  Cursor cursor(bytes, file);
  if (std::memcmp(cursor.next(sizeof magic), magic, sizeof magic) != 0)
    refuse(file, "it is not a checkpoint");
  if (cursor.value<std::uint32_t>() != format_version) refuse(file, "it was made by a newer Grapevine");
  const auto length = cursor.value<std::uint32_t>();
  try {
    const char* text = cursor.next(length);
    const nlohmann::json header = parse_stored_json({text, length});
    Checkpoint checkpoint;
    if (!is_count(header.at("step"))) refuse(file, "its step is not a whole number");
    checkpoint.step = header.at("step").get<std::int64_t>();
    checkpoint.epoch = cursor.value<double>();
    checkpoint.seconds = cursor.value<double>();
    for (const auto& name : header.at("numbers")) {
      checkpoint.numbers[name.get<std::string>()] = cursor.value<double>();
    }
    for (const auto& entry : header.at("arrays")) {
      Array array{entry.at("type"), {}, {}};
      if (!read_counts(entry.at("shape"), array.shape) || !is_count(entry.at("bytes")))
        refuse(file, "a size in it is not a whole number");
      const auto size = entry.at("bytes").get<std::size_t>();
      const char* data = cursor.next(size);
      array.bytes.assign(data, data + size);
      checkpoint.arrays[entry.at("name").get<std::string>()] = std::move(array);
    }
    return checkpoint;
  } catch (const nlohmann::json::exception&) {
    refuse(file, "its header is not readable");
  }
}

void put(Output& out, const Checkpoint& checkpoint) {
  const std::string header = header_of(checkpoint).dump();
  const auto length = static_cast<std::uint32_t>(header.size());
  out.put(magic, sizeof magic);
  out.put(&format_version, sizeof format_version);
  out.put(&length, sizeof length);
  out.put(header.data(), header.size());
  out.put(&checkpoint.epoch, sizeof checkpoint.epoch);
  out.put(&checkpoint.seconds, sizeof checkpoint.seconds);
  for (const auto& [name, number] : checkpoint.numbers) out.put(&number, sizeof number);
  for (const auto& [name, array] : checkpoint.arrays) out.put(array.bytes.data(), array.bytes.size());
}

}  // namespace

std::vector<CheckpointFile> write_checkpoints(const std::vector<NamedCheckpoint>& all) {
  std::vector<std::unique_ptr<Output>> outputs;
  std::vector<CarefulFile*> files;
  for (const NamedCheckpoint& one : all) {
    outputs.push_back(std::make_unique<Output>(one.path));
    put(*outputs.back(), *one.state);
    files.push_back(&outputs.back()->file());
    if (all.size() > open_at_once) files.back()->close();
  }
  try {
    place_together(files);
  } catch (...) {
    std::error_code none;
    for (const NamedCheckpoint& one : all) std::filesystem::remove(one.path, none);
    throw;
  }
  std::vector<CheckpointFile> written;
  for (const auto& output : outputs) written.push_back(output->told());
  return written;
}

CheckpointFile write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  Output out(path);
  put(out, checkpoint);
  out.file().place();
  return out.told();
}

Checkpoint read_checkpoint(const CheckpointFile& file) {
  return within_memory("the checkpoint file ", file.path, [&] { return parsed(file, whole_file(file)); });
}

}  // namespace grapevine
