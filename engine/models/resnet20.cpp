// resnet20: three stages of 3 blocks (models/resnet.cpp).
#include "engine/models/resnet.h"

namespace grapevine {

NetworkSpec build_resnet20(const ModelSettings& model, const DataShape& data) {
  return build_resnet(model, data, 3);
}

}  // namespace grapevine
