#include "engine/data/text_set.h"
#include "engine/error.h"

namespace grapevine {

TextData load_text(const DataRequest& request) {
  throw InputError("data set " + request.name + " can't be read by this version");
}

}  // namespace grapevine
