// WikiText-2 (Merity et al. 2016). The MD5 sum is torchtext's.
#include "engine/data/wikitext.h"

namespace grapevine {

DataDescriptor describe_data_wikitext2() {
  return describe_wikitext("wikitext2", "WikiText-2",
                           "Articles of Wikipedia, 2 million words; byte-pair encoded", 2088628);
}

DataSet data_set_wikitext2() {
  return wikitext_set("wikitext2", "wikitext-2-v1.zip", "542ccefacc6c27f945fb54453812b3cd", 14'000'000);
}

}  // namespace grapevine
