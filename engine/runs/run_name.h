// What a run is called where nobody named it. Pure; any thread.
#pragma once

#include <string>

namespace grapevine {

/// "GrAPE, mlp, fashion_mnist", by their keys. It is stored as the run's name, so that a query of the
/// file has names too.
std::string automatic_name(const std::string& rule, const std::string& model, const std::string& data);

}  // namespace grapevine
