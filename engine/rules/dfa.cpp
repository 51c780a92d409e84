#include "engine/rules/dfa.h"

#include "engine/rules/direct.h"

namespace grapevine {

std::unique_ptr<Rule> make_dfa(const Experiment& experiment) {
  return std::make_unique<DirectRule>(experiment);
}

}  // namespace grapevine
