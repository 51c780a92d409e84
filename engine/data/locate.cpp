#include "engine/data/locate.h"

#include "engine/data/data_set.h"

namespace grapevine {
FoundFiles find_data_files(const DataRequest& request) {
  const DataSet* set = find_data_set(request.name);
  if (set && set->find) return set->find(request);
  return !set || set->layouts.empty() ? FoundFiles{} : find_files(request, set->layouts);
}

std::string_view place_or_name(const DataRequest& request) {
  return request.dir.empty() ? request.name : request.dir;
}

std::string locate_data(const DataRequest& request) {
  return find_data_files(request).folder;
}

}  // namespace grapevine
