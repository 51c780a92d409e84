// Fields and lines.
#include "engine/runs/csv.h"

#include <algorithm>

#include "engine/error.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

constexpr std::size_t lines_a_look = 4096;  // at Stop

/// The field that begins at `at`, which is left behind it.
std::string take_field(std::string_view text, char separator, std::size_t& at, std::size_t line) {
  std::string field;
  if (at >= text.size() || text[at] != '"') {
    const char ends[] = {separator, '\r', '\n', '\0'};
    const std::size_t end = std::min(text.find_first_of(ends, at), text.size());
    field = text.substr(at, end - at);
    at = end;
    return field;
  }
  for (++at; at < text.size(); ++at) {
    if (text[at] != '"') {
      field += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == '"') {
      field += text[at++];
    } else {
      ++at;
      return field;
    }
  }
  throw InputError("line " + std::to_string(line) + ": a quote is not closed");
}

}  // namespace

std::vector<std::vector<std::string>> read_csv(std::string_view text, char separator,
                                               std::vector<std::size_t>* numbers) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // as spreadsheets write it
  std::vector<std::vector<std::string>> lines;
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    if (line % lines_a_look == 0) interruption_point();
    std::vector<std::string> fields;
    const std::size_t begin = at;
    for (;;) {
      fields.push_back(take_field(text, separator, at, line));
      if (at >= text.size() || text[at] != separator) break;
      ++at;
    }
    if (at < text.size() && text[at] != '\r' && text[at] != '\n')
      throw InputError("line " + std::to_string(line) + ": something is between a quote and the next field");
    const std::size_t number = line;
    line += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                                text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    if (fields.size() == 1 && fields.front().empty()) continue;
    lines.push_back(std::move(fields));
    if (numbers) numbers->push_back(number);
  }
  return lines;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace grapevine
