// WikiText-103 (Merity et al. 2016). The MD5 sum is torchtext's.
#include "engine/data/wikitext.h"

namespace grapevine {

DataDescriptor describe_data_wikitext103() {
  return describe_wikitext("wikitext103", "WikiText-103",
                           "Articles of Wikipedia, 103 million words; byte-pair encoded", 103227021);
}

DataSet data_set_wikitext103() {
  return wikitext_set("wikitext103", "wikitext-103-v1.zip", "9ddaacaf6af0710eda8c456decff7832", 550'000'000);
}

}  // namespace grapevine
