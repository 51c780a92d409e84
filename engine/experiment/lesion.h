// What can be done to a rule's feedback while it trains: lesions, and freezing a layer. Each kind of lesion
// is described once; files, terminal and window take its word and its help from here. Plain C++; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

enum class LesionKind { randomise, zero, rotate, jacobian };

struct Lesion {
  LesionKind kind = LesionKind::randomise;
  double degrees = 0;  ///< of rotate

  bool operator==(const Lesion&) const = default;
};

struct LesionDescriptor {
  LesionKind kind;
  std::string word;   ///< "rotate"
  std::string takes;  ///< what follows an equals sign: "DEGREES"; "" = nothing
  std::string done;   ///< what an event says of it: "rotated by"
  std::string help;   ///< one line
};

const std::vector<LesionDescriptor>& lesions();
const LesionDescriptor& describe(LesionKind kind);
/// "rotate=45", and back. Throws InputError that says what is wrong and what there is.
std::string to_text(const Lesion& lesion);
Lesion parse_lesion(std::string_view text);

/// What a rule has to lesion and to freeze (its descriptor says so).
struct Interventions {
  std::vector<LesionKind> lesions;  ///< empty = none
  std::string why_not;              ///< for people: why there are no others
  bool freezes = false;
  std::string why_no_freeze;

  /// Matrices that errors go through as they are.
  static Interventions all() {
    return {
        {LesionKind::randomise, LesionKind::zero, LesionKind::rotate, LesionKind::jacobian}, "", true, ""};
  }
  /// Matrices of which only the direction is kept.
  static Interventions of_directions() {
    return {{LesionKind::randomise, LesionKind::rotate, LesionKind::jacobian},
            "a matrix of zeros has no direction to turn, and no norm to keep",
            true,
            ""};
  }
  static Interventions none() {
    const char* why = "it has no feedback weights of its own";
    return {{}, why, false, why};
  }

  /// "" where it can be done; else the reason, a clause.
  std::string refusal(LesionKind kind) const;
  std::string freeze_refusal() const { return freezes ? "" : why_no_freeze; }
};

}  // namespace grapevine
