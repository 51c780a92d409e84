#include "engine/rules/usf.h"

#include "engine/rules/signs.h"

namespace grapevine {

std::unique_ptr<Rule> make_usf() {
  return make_sign_rule(Magnitudes::uniform);
}

}  // namespace grapevine
