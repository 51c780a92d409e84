// The names that other programs have for this one's settings. Pure; any thread may call.
#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// "optimizer.lr" for "learning_rate", "train.batch" for "--batch-size", "rule.name" for "rule": the key of a
/// setting that a word alone means; "" where it isn't known for one.
std::string key_meant(std::string_view word);

}  // namespace grapevine
