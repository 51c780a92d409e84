#include "engine/experiment/groups/data_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/vocabulary.h"

namespace grapevine {

void DataSettings::bind(Binder& to) {
  TextList all, images, texts, of_several_counts;
  for (const DataDescriptor& data : data_sets()) {
    all.push_back(data.key);
    (data.text ? texts : images).push_back(data.key);
    if (!data.class_counts.empty()) of_several_counts.push_back(data.key);
  }
  const auto data = to.word(name, "name", all, "the data set").labelled("Data set");
  to.text(dir, "dir", "folder that directly holds the files; empty = the default locations");
  const Range limit = at_least(0).at_most(largest_count);
  to.integer(train_limit, "train_limit", limit,
             "use the first so many training records (of text: tokens); 0 = all")
      .labelled("Training records");
  to.integer(test_limit, "test_limit", limit,
             "use the first so many test records (of text: tokens, of validation data too); 0 = all")
      .labelled("Test records");
  to.count_or_share(validation, "validation", "training records held out: a count, or a share below 1")
      .only_where(data.is(images));
  to.integer(classes, "classes", at_least(10).at_most(100), "10 shapes, or 100: each with ten fillings")
      .only_where(data.is(of_several_counts));
  to.flags({{"crop", &crops}, {"flip", &flips}}, "augment",
           "changes of training images: crop (after padding by 4 black pixels), flip (left to right)")
      .only_where(data.is(images));
  to.integer(resize, "resize", at_least(0).at_most(1024),
             "side in pixels that images get, bilinear and antialiased, after crop and flip; 0 = as they are")
      .labelled("Resized to")
      .only_where(data.is(images));
  to.toggle(normalize, "normalize", "subtract the training mean, divide by its deviation, a channel")
      .only_where(data.is(images));
  to.integer(vocabulary, "vocabulary", at_least(least_vocabulary).at_most(most_vocabulary),
             "tokens of the byte-pair encoding, learned from the training text")
      .only_where(data.is(texts));
  to.integer(context, "context", at_least(1).at_most(65536),
             "tokens of one piece of text; nothing is carried to the next")
      .labelled("Context length")
      .only_where(data.is(texts));
}

DataSettings DataSettings::of(const Experiment& experiment) {
  return settings_from<DataSettings>(experiment);
}

}  // namespace grapevine
