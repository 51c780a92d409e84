#include "engine/data/wikitext.h"

namespace grapevine {

DataDescriptor describe_wikitext(const char* key, const char* name, const char* help, long train_words) {
  DataDescriptor data;
  data.key = key;
  data.name = name;
  data.help = help;
  data.channels = data.height = data.width = data.classes = 0;
  data.train_count = train_words;
  data.test_count = 245569;
  data.how_to_get =
      "set data.dir to the folder that holds wiki.train.tokens, wiki.valid.tokens and wiki.test.tokens";
  data.text = true;
  data.validation_count = 217646;
  return data;
}

DataSet wikitext_set(const char* key, const char* archive, const char* sum, std::int64_t unpacked) {
  const std::vector<std::string> addresses{"https://wikitext.smerity.com",
                                           "https://s3.amazonaws.com/research.metamind.io/wikitext"};
  const Lookalike raw{{{{"wiki.train.raw"}, {"wiki.valid.raw"}, {"wiki.test.raw"}}},
                      " is the raw version, whose words are not those that published perplexities count: get "
                      "the version with wiki.train.tokens, or read this one with data.name=text"};
  return {.layouts = {Layout{{{"wiki.train.tokens"}, {"wiki.valid.tokens"}, {"wiki.test.tokens"}}}},
          .source = DataSource{key, {{archive, addresses, 0, sum}}, true, unpacked},
          .lookalikes = {raw},
          .takes_long = true};
}

}  // namespace grapevine
