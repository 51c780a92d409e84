#include "engine/experiment/groups/data_settings.h"

#include "engine/experiment/bound_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/vocabulary.h"

namespace grapevine {

void DataSettings::bind(Binder& to) {
  TextList all, images, texts, of_several_counts, of_groups, arrays;
  for (const DataDescriptor& data : data_sets()) {
    all.push_back(data.key);
    (data.text ? texts : images).push_back(data.key);
    if (data.coarse_classes > 0) of_groups.push_back(data.key);
    if (data.of_arrays) arrays.push_back(data.key);
    if (!data.class_counts.empty()) of_several_counts.push_back(data.key);
  }
  auto data = to.word(name, "name", all, "the data set").labelled("Data set");
  for (const DataDescriptor& each : data_sets()) data.choice_named(each.key, each.name, each.help);
  to.text(dir, "dir",
          "folder that directly holds the files (~ is your home folder); empty = the default locations");
  const Range limit = at_least(0).at_most(largest_count);
  to.integer(train_limit, "train_limit", limit,
             "use the first so many training records (of text: tokens); 0 = all")
      .labelled("Training records");
  to.integer(test_limit, "test_limit", limit,
             "use the first so many test records (of text: tokens, of validation data too); 0 = all")
      .labelled("Test records");
  to.choice(limit_order, "limit_order", {{"first", LimitOrder::first}, {"balanced", LimitOrder::balanced}},
            "which records a limit takes: the first, or as many of each class")
      .labelled("Limits take")
      .only_where(data.is(images));
  to.count_or_share(
        validation, "validation",
        "training records held out: a count, or a share below 1; of own data without test data they "
        "are tested on, too")
      .only_where(data.is(images));
  to.integer(classes, "classes", at_least(10).at_most(100), "10 shapes, or 100: each with ten fillings")
      .only_where(data.is(of_several_counts));
  to.choice(labels, "labels", {{"fine", LabelKind::fine}, {"coarse", LabelKind::coarse}},
            "CIFAR-100's 100 classes, or the 20 that they are grouped into")
      .only_where(data.is(of_groups));
  to.integer_or_auto(label_offset, "label_offset", at_least(-largest_count).at_most(largest_count),
                     "label of the first class, as 1 where labels count from 1; auto = the least label")
      .only_where(data.is(arrays));
  to.toggle(transpose, "transpose", "rows and columns of the images change places, as EMNIST needs it")
      .only_where(data.is(arrays));
  to.flags({{"crop", &crops}, {"flip", &flips}}, "augment",
           "changes of training images: crop (after padding by 4 black pixels), flip (left to right)")
      .only_where(data.is(images));
  to.integer(
        resize, "resize", at_least(0).at_most(1024),
        "side in pixels that images get, bilinear and antialiased, after crop and flip (own images before "
        "them, from the middle square); 0 = as they are")
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
