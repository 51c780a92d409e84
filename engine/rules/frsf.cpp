#include "engine/rules/frsf.h"

#include "engine/rules/signs.h"

namespace grapevine {

std::unique_ptr<Rule> make_frsf(const Experiment&) {
  return make_sign_rule(Magnitudes::fixed);
}

}  // namespace grapevine
