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

}  // namespace grapevine
