// What a rule's own header needs in order to declare how the rule is made. Plain C++.
#pragma once

#include <memory>

namespace grapevine {

class Rule;

}  // namespace grapevine
