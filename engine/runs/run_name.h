// What a run is called where nobody named it. Pure; any thread.
#pragma once

#include <string>

namespace grapevine {

/// "GrAPE, mlp, fashion_mnist", by their keys. It is stored as the run's name, so that whoever queries the
/// file has a name too.
std::string automatic_name(const std::string& rule, const std::string& model, const std::string& data);

}  // namespace grapevine
