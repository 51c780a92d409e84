// What does lie where a data set's files were looked for: said with a refusal, so that the way from what is
// there to what is expected is short. Looks at names, and not at many. Any thread may call.
#pragma once

#include <string>
#include <vector>

#include "engine/data/places.h"

namespace grapevine {

struct Surroundings {
  std::string words;  ///< a sentence with a full stop and a blank before; "" for a folder that isn't there
  bool is_enough = false;  ///< it says what to do: nothing need be fetched
};
/// That the files lie one folder further down or up, under names with something added, packed, that they are
/// another data set's; else what the folder holds.
Surroundings what_is_there(const std::string& folder, const DataRequest& request,
                           const std::vector<Layout>& layouts);
/// "'a.txt', 'b/' and 3 more"; "nothing".
std::string contents_of(const std::string& folder);
/// The key of another data set whose files a folder holds; "" = of none.
std::string set_in(const std::string& folder, const std::string& but_not);
/// The folder that holds a folder, named from the root.
std::string folder_above(const std::string& folder);
/// Why a name is not a folder's: "there is no such folder; /data holds 'mnist/'".
std::string why_no_folder(const std::string& folder);

}  // namespace grapevine
