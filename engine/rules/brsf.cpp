#include "engine/rules/brsf.h"

#include "engine/rules/signs.h"

namespace grapevine {

std::unique_ptr<Rule> make_brsf() {
  return make_sign_rule(Magnitudes::redrawn);
}

}  // namespace grapevine
