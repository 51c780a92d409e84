// resnet56: three stages of 9 blocks (models/resnet.cpp).
#include "engine/models/resnet.h"

namespace grapevine {

NetworkSpec build_resnet56(const ModelSettings& model, const DataShape& data) {
  return build_resnet(model, data, 9);
}

}  // namespace grapevine
