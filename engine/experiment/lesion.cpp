#include "engine/experiment/lesion.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

std::string in_words() {
  std::string text;
  for (const LesionDescriptor& lesion : lesions())
    text += (text.empty() ? "" : ", ") + lesion.word + (lesion.takes.empty() ? "" : "=" + lesion.takes);
  return text;
}

const LesionDescriptor& known(std::string_view word) {
  std::vector<std::string> words;
  for (const LesionDescriptor& lesion : lesions()) {
    if (lesion.word == word) return lesion;
    words.push_back(lesion.word);
  }
  const std::vector<std::string> near = nearest_words(word, words, 1);
  throw InputError("there is no lesion '" + std::string(word) + "'" +
                   (near.empty() ? "" : "; did you mean " + near.front() + "?") + " The lesions are " +
                   in_words());
}

double parse_degrees(std::string_view text) {
  double degrees = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degrees);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(degrees) <= 180))
    throw InputError("rotate=" + std::string(text) +
                     ": expected an angle from -180 to 180 degrees, as rotate=45");
  return degrees;
}

}  // namespace

const std::vector<LesionDescriptor>& lesions() {
  static const std::vector<LesionDescriptor> all{
      {LesionKind::randomise, "randomise", "", "redrawn", "redraws it as rule.init says"},
      {LesionKind::zero, "zero", "", "set to zero", "sets it to zero, so that no error reaches the layer"},
      {LesionKind::rotate, "rotate", "DEGREES", "rotated by",
       "turns it in a random direction, its size stays"},
      {LesionKind::jacobian, "jacobian", "", "replaced by what is exact now",
       "takes the exact mean Jacobian of the probe batch once (a transport takes the weight)"},
  };
  return all;
}

const LesionDescriptor& describe(LesionKind kind) {
  return *std::find_if(lesions().begin(), lesions().end(),
                       [&](const LesionDescriptor& lesion) { return lesion.kind == kind; });
}

std::string to_text(const Lesion& lesion) {
  const LesionDescriptor& known = describe(lesion.kind);
  return known.takes.empty() ? known.word : known.word + "=" + to_text(Value(lesion.degrees));
}

Lesion parse_lesion(std::string_view text) {
  const std::size_t equals = text.find('=');
  const LesionDescriptor& lesion = known(text.substr(0, equals));
  const bool has_value = equals != std::string_view::npos;
  if (has_value && lesion.takes.empty())
    throw InputError("the lesion " + lesion.word + " takes no value: write it without '" +
                     std::string(text.substr(equals)) + "'");
  if (!has_value && !lesion.takes.empty())
    throw InputError("the lesion " + lesion.word + " needs an angle: " + lesion.word + "=45");
  return {lesion.kind, has_value ? parse_degrees(text.substr(equals + 1)) : 0};
}

std::string Interventions::refusal(LesionKind kind) const {
  return std::find(lesions.begin(), lesions.end(), kind) == lesions.end() ? why_not : "";
}

}  // namespace grapevine
