#include "engine/data/data_request.h"

#include "engine/experiment/groups/data_settings.h"

namespace grapevine {

DataRequest data_request(const DataSettings& settings, std::int64_t seed) {
  DataRequest request;
  request.name = settings.name;
  request.dir = settings.dir;
  request.train_limit = settings.train_limit;
  request.test_limit = settings.test_limit;
  request.seed = seed;
  request.classes = static_cast<int>(settings.classes);
  request.vocabulary = static_cast<int>(settings.vocabulary);
  request.balanced = settings.limit_order == LimitOrder::balanced;
  request.resize = settings.resize;
  request.coarse_labels = settings.labels == LabelKind::coarse;
  request.transpose = settings.transpose;
  request.label_offset = settings.label_offset;
  request.validation = settings.validation;
  return request;
}

}  // namespace grapevine
