#include "engine/experiment/json_text.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/json_mistakes.h"
#include "engine/experiment/shown.h"
#include "engine/experiment/utf8.h"
#include "engine/files/sqlite_file.h"
#include "engine/files/whole_file.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

// "line 3, column 7" of a byte in a text.
std::string place_in(std::string_view text, std::size_t byte) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
    ++column;
    if (text[i] == '\n') ++line, column = 1;
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Far deeper than any experiment, and what reads documents level by level still has stack left.
constexpr int deepest = 256;
// Far more than any experiment, sweep or lesson has.
constexpr std::size_t most_values = 1'000'000;

// Watches the parser: a key that appears twice in one object would lose its first value without a word, and
// brackets in brackets without end would use up the stack.
class Watch {
 public:
  explicit Watch(std::string_view source) : source_(source) {}
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > deepest)
      throw InputError(std::string(source_) + ": brackets are nested more than " + std::to_string(deepest) +
                       " deep; look for one that is not closed");
    if (event != Json::parse_event_t::key && ++values_ > most_values)
      throw InputError(std::string(source_) + ": it holds more than " + std::to_string(most_values) +
                       " values, which no file of this kind does; name another");
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second)
      throw InputError(std::string(source_) + ": the key \"" + parsed.get<std::string>() +
                       "\" appears twice in one object; keep one of the two");
    return true;
  }

 private:
  std::string_view source_;
  std::vector<std::set<std::string>> open_;
  std::size_t values_ = 0;
};

// The parser takes a zero byte for the end, and names no encoding.
void demand_utf8(std::string_view document, std::string_view source) {
  const std::string encoding = other_encoding(document);
  const std::size_t zero = document.find('\0'), good = valid_utf8(document);
  if (encoding.empty() && zero == std::string_view::npos && good == document.size()) return;
  if (document.starts_with(sqlite_beginning))
    throw InputError(std::string(source) +
                     ": it is a database of runs or a run file, and no JSON; --db names a database, and "
                     "grapevine-cli import takes the runs of either in");
  std::string words(source);
  if (encoding.starts_with("UTF"))
    words += ": the text is " + encoding;
  else if (!encoding.empty())
    words +=
        ": " + place_in(document, good + 1) + ": this byte is not UTF-8; the text seems to be " + encoding;
  else
    throw InputError(words + ": offset " + std::to_string(std::min(zero, good)) + ": " +
                     (zero < good ? "a zero byte" : "a byte that is not UTF-8") +
                     ", which no JSON has; the file is damaged, or no text");
  throw InputError(words + ", and JSON is read in UTF-8: save the file in that encoding");
}

}  // namespace

bool is_too_deep(std::string_view json) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (quoted && json[i] == '\\')
      ++i;
    else if (json[i] == '"')
      quoted = !quoted;
    else if (!quoted && (json[i] == '[' || json[i] == '{') && ++depth > deepest)
      return true;
    else if (!quoted && (json[i] == ']' || json[i] == '}'))
      --depth;
  }
  return false;
}

std::string read_document(const std::string& path, const std::string& noun, const std::string& hint) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    throw InputError(path + " is a folder: name the " + noun + " file in it");
  if (!std::filesystem::exists(path, none) && !none)
    throw InputError(path + " can't be read: there is no such file; check its name and folder");
  const std::optional<std::string> text = whole_file(path);
  if (!text) throw InputError(path + ": this " + noun + " file can't be read; check its name and rights");
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) throw InputError(path + " is empty: " + hint);
  return *text;
}

Json parse_document(std::string_view document, std::string_view source) {
  demand_utf8(document, source);
  try {
    return Json::parse(document, Watch(source), true, /*ignore_comments=*/true);
  } catch (const Json::parse_error& error) {
    throw InputError(std::string(source) + ": " + place_in(document, error.byte) + ": this is not JSON; " +
                     json_mistake(document, error.byte, error.what()));
  } catch (const Json::out_of_range& error) {
    const std::string_view words = error.what();  // "... number overflow parsing '1e999'"
    const std::size_t quote = words.find('\'');
    const std::string which(quote == std::string_view::npos ? "a number" : words.substr(quote));
    throw InputError(std::string(source) + ": " + shown(which) +
                     " is too large for 64 bits; use a smaller number");
  }
}

}  // namespace grapevine
