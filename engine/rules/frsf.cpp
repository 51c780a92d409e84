#include "engine/rules/frsf.h"

#include "engine/rules/signs.h"

namespace grapevine {

std::unique_ptr<Rule> make_frsf() {
  return make_sign_rule(Magnitudes::fixed);
}

}  // namespace grapevine
