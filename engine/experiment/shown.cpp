#include "engine/experiment/shown.h"

#include "engine/experiment/utf8.h"

namespace grapevine {

std::string shown(std::string_view text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return std::string(text);
  const std::string_view beginning = text.substr(0, most);
  const std::size_t whole = valid_utf8(beginning);  // no half character
  return std::string(beginning.substr(0, whole + 4 > most ? whole : most)) + "…";
}

std::string shown_in(std::string message, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const std::string value = word.substr(word.find('=') + 1);  // the word itself where it has no =
    for (const std::string& quoted : {word, value}) {
      const std::string brief = shown(quoted);
      if (brief == quoted) continue;
      for (std::size_t at = 0; (at = message.find(quoted, at)) != std::string::npos; at += brief.size())
        message.replace(at, quoted.size(), brief);
    }
  }
  return message;
}

}  // namespace grapevine
