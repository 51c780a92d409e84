// Records, events and their summaries (tensorflow/core/util/event.proto, summary.proto,
// lib/io/record_writer).
#include "engine/runs/tensorboard.h"

#include <array>
#include <bit>
#include <cmath>
#include <ctime>
#include <map>

#include "engine/experiment/registry.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

constexpr std::uint32_t castagnoli = 0x82f63b78;  // reflected
constexpr std::uint32_t mask_delta = 0xa282ead8;

enum Wire { varint = 0, eight_bytes = 1, bytes = 2, four_bytes = 5 };

void append_varint(std::string& to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) to += static_cast<char>(value | 0x80);
  to += static_cast<char>(value);
}

void append_key(std::string& to, int field, Wire wire) {
  append_varint(to, static_cast<std::uint64_t>(field) << 3 | wire);
}

/// Little-endian, as many bytes as asked for.
void append_fixed(std::string& to, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) to += static_cast<char>(value >> (8 * i));
}

void append_bytes(std::string& to, int field, std::string_view content) {
  append_key(to, field, bytes);
  append_varint(to, content.size());
  to += content;
}

void append_double(std::string& to, int field, double value) {
  append_key(to, field, eight_bytes);
  append_fixed(to, std::bit_cast<std::uint64_t>(value), 8);
}

/// Summary.Value {1: tag, 2: simple_value}, in Summary {1: value}.
void append_value(std::string& summary, const std::string& tag, double number) {
  std::string value;
  append_bytes(value, 1, tag);
  append_key(value, 2, four_bytes);
  append_fixed(value, std::bit_cast<std::uint32_t>(static_cast<float>(number)), 4);
  append_bytes(summary, 1, value);
}

/// Event {1: wall_time, 2: step, 5: summary}.
std::string event(double wall_time, std::int64_t step, const std::string& summary) {
  std::string out;
  append_double(out, 1, wall_time);
  append_key(out, 2, varint);
  append_varint(out, static_cast<std::uint64_t>(step));
  append_bytes(out, 5, summary);
  return out;
}

std::uint32_t masked(std::uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + mask_delta;
}

void append_record(std::string& to, std::string_view data) {
  std::string length;
  append_fixed(length, data.size(), 8);
  to += length;
  append_fixed(to, masked(crc32c(length)), 4);
  to += data;
  append_fixed(to, masked(crc32c(data)), 4);
}

/// Seconds since 1970 of an ISO 8601 time, 0 where it is none.
double seconds_of(const std::string& iso) {
  std::tm utc{};
  return strptime(iso.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) ? static_cast<double>(timegm(&utc)) : 0;
}

struct Moment {
  double seconds = 0;
  std::string summary;
};

}  // namespace

std::uint32_t crc32c(std::string_view content) {
  static const std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t rest = byte;
      for (int bit = 0; bit < 8; ++bit) rest = rest & 1 ? rest >> 1 ^ castagnoli : rest >> 1;
      made[byte] = rest;
    }
    return made;
  }();
  std::uint32_t crc = 0xffffffff;
  for (const char c : content) crc = crc >> 8 ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return crc ^ 0xffffffff;
}

std::string run_to_events(const RunData& run) {
  std::map<std::int64_t, Moment> moments;
  for (const auto& [key, series] : run.series) {
    const std::string& measure = measures().at(static_cast<std::size_t>(key.first)).key;
    const std::string tag = key.second == 0 ? measure : measure + "/" + std::to_string(key.second);
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (!std::isfinite(series.value[i])) continue;
      Moment& moment = moments[series.step[i]];
      moment.seconds = series.seconds[i];
      append_value(moment.summary, tag, series.value[i]);
    }
  }
  const double begin = seconds_of(run.started);
  std::string version;
  append_double(version, 1, begin);
  append_bytes(version, 3, "brain.Event:2");
  std::string file;
  append_record(file, version);
  for (const auto& [step, moment] : moments) {
    interruption_point();
    append_record(file, event(begin + moment.seconds, step, moment.summary));
  }
  return file;
}

std::string events_file_name(const RunData& run) {
  return "events.out.tfevents." + std::to_string(static_cast<std::int64_t>(seconds_of(run.started))) +
         ".grapevine." + std::to_string(run.id);
}

}  // namespace grapevine
