#include "engine/experiment/json_mistakes.h"

#include <algorithm>

#include "engine/experiment/nearest.h"

namespace grapevine {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '+' || c == '.';
}

/// The word or number that a byte belongs to; "" where it is none.
std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t begin = std::min(at, text.size()), end = begin;
  while (begin > 0 && is_of_word(text[begin - 1])) --begin;
  while (end < text.size() && is_of_word(text[end])) ++end;
  return at < text.size() && is_of_word(text[at]) ? text.substr(begin, end - begin) : std::string_view{};
}

/// The last byte before `at` that is no blank; a zero byte where there is none.
char before(std::string_view text, std::size_t at) {
  const std::size_t found = text.substr(0, at).find_last_not_of(blanks);
  return found == std::string_view::npos ? '\0' : text[found];
}

/// Does a document begin as YAML does: "---", or "key:" outside braces?
bool is_yaml(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return false;
  text.remove_prefix(begin);
  if (text.starts_with("---") || text.starts_with("- ")) return true;
  const std::string_view line = text.substr(0, text.find('\n'));
  const auto end = std::find_if_not(line.begin(), line.end(), is_of_word);
  return end != line.begin() && end != line.end() && *end == ':';
}

std::string about_word(std::string_view word) {
  std::string low = in_lower_case(word);
  if (!low.empty() && (low[0] == '-' || low[0] == '+')) low.erase(0, 1);
  if (low == "nan" || low == "inf" || low == "infinity")
    return "JSON has no " + std::string(word) + "; write a number, or leave the setting out for its default";
  if (low == "true" || low == "false" || low == "null") return "write " + low + " in small letters";
  if (low == "none") return "JSON has no None; leave the setting out for its default";
  if (low == "yes" || low == "no" || low == "on" || low == "off")
    return "write true or false for " + std::string(word);
  if (low.find_first_not_of("0123456789.e-+_") == std::string::npos)
    return "'" + std::string(word) + "' is not a number as JSON writes it, as 0.5 or 1e-3";
  return "words go in double quotes: \"" + std::string(word) + "\"";
}

}  // namespace

std::string json_mistake(std::string_view document, std::size_t byte, std::string_view parser) {
  const auto says = [&](std::string_view words) { return parser.find(words) != std::string_view::npos; };
  if (is_yaml(document))
    return "it looks like YAML, which is not read: write it as JSON, {\"train\": {\"epochs\": 3}}";
  const std::size_t at = byte > 0 ? byte - 1 : 0;
  if (says("unexpected end of input") || at >= document.size())
    return "the text ends here; a bracket or a quote is not closed";
  if (says("control character") || says("missing closing quote"))
    return "a quote is not closed before the end of its line";
  if (says("surrogate")) return "\\u with half a character; write the character itself";
  const char here = document[at], last = before(document, at);
  if (last == ',' && (here == '}' || here == ']')) return "take out the comma before this bracket";
  if (here == '\'') return "strings and keys go in double quotes, as \"name\"";
  if (here == '#') return "comments begin with //, or go between /* and */";
  if (here == ';') return "entries are parted by commas, not by semicolons";
  if (here == '=' || says("expected ':'")) return "a key and its value are parted by a colon, as \"seed\": 1";
  if (says("expected end of input")) return "the document is at its end before this; a file holds one";
  if (says("invalid literal") || says("invalid number")) {
    const std::string_view word = word_at(document, at);
    return word.empty() ? "look for a missing comma, quote or bracket" : about_word(word);
  }
  if (says("expected object key")) return "a key belongs here, in double quotes, as \"seed\"";
  if ((says("expected '}'") || says("expected ']'")) && here != '}' && here != ']')
    return "put a comma before this";
  return "look for a missing comma, quote or bracket";
}

}  // namespace grapevine
