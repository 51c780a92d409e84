#include "engine/rules/usf.h"

#include "engine/rules/signs.h"

namespace grapevine {

std::unique_ptr<Rule> make_usf(const Experiment&) {
  return make_sign_rule(Magnitudes::uniform);
}

}  // namespace grapevine
