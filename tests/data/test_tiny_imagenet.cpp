// Tiny ImageNet's tree, small: what is read, what is kept, what is refused. The JPEG files are made with
// libjpeg.
#include <QtTest>

#include "engine/data/places.h"
#include "tests/data/jpeg_writer.h"

using namespace grapevine;

class TestTinyImagenet : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void classes_come_in_turn_and_colours_in_planes();
  void grey_is_expanded();
  void validation_sorted_into_classes_is_read_data();
  void validation_sorted_into_classes_is_read();
  void images_directly_in_their_class_are_read();
  void a_limit_takes_as_many_of_each_class();
  void the_second_load_decodes_nothing();
  void decoding_says_how_far_it_is_and_can_be_stopped();
  void a_damaged_file_of_the_cache_is_made_anew();
  void a_changed_image_is_decoded_anew();
  void a_class_without_images_is_named();
  void an_annotation_of_an_unknown_class_is_named_with_its_offset();
  void an_annotated_image_that_is_not_there_is_named();
  void a_cut_image_is_refused();
  void an_image_of_another_size_is_refused();
  void what_is_no_jpeg_is_refused();
  void pixels_that_no_code_stands_for_are_refused();
  void a_folder_without_a_tree_is_refused();
};

namespace {

struct Colour {
  std::uint8_t red, green, blue;
};

/// An image of one colour; `grey` writes the red as a single channel.
Bytes jpeg(Colour colour, int width = 64, int height = 64, bool grey = false) {
  return jpeg_of(grey ? Bytes{colour.red} : Bytes{colour.red, colour.green, colour.blue}, width, height);
}

Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

/// Two classes with two and three training images, three of validation; a cache of its own.
struct Tree {
  Folder data, cache;
  DataRequest request;
  Tree() {
    use_data_dir(cache.root());
    request.name = "tiny_imagenet";
    request.dir = data.root();
    for (const char* folder : {"train/n02/images", "train/n01/images", "val/images"})
      std::filesystem::create_directories(data.path(folder));
    data.write("wnids.txt", bytes("n02\nn01\n"));
    data.write("train/n02/images/n02_10.JPEG", jpeg({200, 10, 10}));
    data.write("train/n02/images/n02_9.JPEG", jpeg({10, 200, 10}));
    for (int i = 0; i < 3; ++i)
      data.write("train/n01/images/n01_" + std::to_string(i) + ".JPEG",
                 jpeg({static_cast<std::uint8_t>(20 * i), 0, 250}));
    data.write(
        "val/val_annotations.txt",
        bytes("val_0.JPEG\tn01\t0\t32\t44\t62\nval_1.JPEG\tn02\t0\t0\t1\t1\nval_2.JPEG\tn01\t0\t0\t1\t1\n"));
    for (int i = 0; i < 3; ++i)
      data.write("val/images/val_" + std::to_string(i) + ".JPEG", jpeg({100, 150, 50}));
  }
  ImageData load() const { return load_images(request); }
  std::string refused() const {
    return refusal([&] { load(); });
  }
  std::vector<std::filesystem::path> kept() const { return cache.files(); }
};

/// Whether an image is of one colour, up to JPEG's rounding.
bool is_colour(const ImageSet& set, std::int64_t index, Colour colour) {
  const std::uint8_t* pixels = set.pixels.data() + index * set.sample_size();
  const std::uint8_t wanted[] = {colour.red, colour.green, colour.blue};
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 64 * 64; ++i)
      if (std::abs(pixels[c * 64 * 64 + i] - wanted[c]) > 3) return false;
  return true;
}

}  // namespace

void TestTinyImagenet::classes_come_in_turn_and_colours_in_planes() {
  const ImageData data = Tree().load();
  QVERIFY(data.train.channels == 3 && data.train.height == 64 && data.train.width == 64);
  QCOMPARE(data.train.classes, 200);
  // The labels are the lines of wnids.txt; 9 comes before 10.
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{0, 1, 0, 1, 1}));
  QVERIFY(is_colour(data.train, 0, {10, 200, 10}));
  QVERIFY(is_colour(data.train, 1, {0, 0, 250}));
  QVERIFY(is_colour(data.train, 2, {200, 10, 10}));
  QVERIFY(is_colour(data.train, 4, {40, 0, 250}));
  QVERIFY(data.test.labels == (std::vector<std::int32_t>{1, 0, 1}));
  QVERIFY(is_colour(data.test, 2, {100, 150, 50}));
  QVERIFY2(data.train.note.starts_with("5 of 100,000: a slice"), data.train.note.c_str());
  QVERIFY(has(data.train.note, "no training images of 198 of 200 classes"));
  QCOMPARE(data.test.note, std::string("3 of 10,000: a slice"));
}

void TestTinyImagenet::grey_is_expanded() {
  const Tree tree;
  tree.data.write("val/images/val_1.JPEG", jpeg({77, 0, 0}, 64, 64, true));
  QVERIFY(is_colour(tree.load().test, 1, {77, 77, 77}));
}

void TestTinyImagenet::validation_sorted_into_classes_is_read_data() {
  QTest::addColumn<QString>("below");
  QTest::addColumn<bool>("annotated");
  for (const bool annotated : {true, false}) {
    QTest::addRow("directly, %d", annotated) << QString() << annotated;
    QTest::addRow("in images, %d", annotated) << QString("images/") << annotated;
  }
}

// As a script does that everybody copies; the list of annotations may stay.
void TestTinyImagenet::validation_sorted_into_classes_is_read() {
  QFETCH(QString, below);
  QFETCH(bool, annotated);
  const Tree tree;
  const std::string in = below.toStdString();
  for (const auto& [image, wnid] : {std::pair("val_0", "n01"), {"val_1", "n02"}, {"val_2", "n01"}}) {
    const std::string folder = "val/" + std::string(wnid) + "/" + in;
    std::filesystem::create_directories(tree.data.path(folder));
    std::filesystem::rename(tree.data.path("val/images/" + std::string(image) + ".JPEG"),
                            tree.data.path(folder + image + (annotated ? ".JPEG" : ".jpg")));
  }
  std::filesystem::remove(tree.data.path("val/images"));
  if (!annotated) std::filesystem::remove(tree.data.path("val/val_annotations.txt"));
  const ImageData data = tree.load();
  // In the order of the list, or class by class in turn.
  QVERIFY(data.test.labels ==
          (annotated ? std::vector<std::int32_t>{1, 0, 1} : std::vector<std::int32_t>{0, 1, 1}));
  QVERIFY(is_colour(data.test, 2, {100, 150, 50}));
}

void TestTinyImagenet::images_directly_in_their_class_are_read() {
  const Tree tree;
  const ImageData before = tree.load();
  for (const std::string wnid : {"n01", "n02"})
    for (const auto& entry :
         std::filesystem::directory_iterator(tree.data.path("train/" + wnid + "/images"))) {
      const std::string stem = entry.path().stem().string();
      std::filesystem::rename(entry.path(), tree.data.path("train/" + wnid + "/" + stem + ".JPG"));
    }
  for (const std::string wnid : {"n01", "n02"})
    std::filesystem::remove(tree.data.path("train/" + wnid + "/images"));
  tree.data.write("train/n01/.DS_Store", {1});
  const ImageData data = tree.load();
  QVERIFY(data.train.labels == before.train.labels && data.train.pixels == before.train.pixels);
}

void TestTinyImagenet::a_limit_takes_as_many_of_each_class() {
  Tree tree;
  tree.request.train_limit = 2;
  tree.request.test_limit = 1;
  const ImageData data = tree.load();
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{0, 1}));
  QCOMPARE(data.train.pixels.size(), std::size_t{2 * 3 * 64 * 64});
  QVERIFY(data.test.labels == std::vector<std::int32_t>{1});
  QVERIFY(data.train.note.starts_with("5 of 100,000: a slice"));
  QVERIFY(tree.kept().empty());
  // The same from what is kept.
  tree.request.train_limit = tree.request.test_limit = 0;
  tree.load();
  QCOMPARE(tree.kept().size(), std::size_t{4});
  tree.request.train_limit = 2;
  QVERIFY(tree.load().train.pixels == data.train.pixels);
}

void TestTinyImagenet::decoding_says_how_far_it_is_and_can_be_stopped() {
  const ImageData whole = Tree().load();
  Tree tree;
  std::vector<WorkProgress> told;
  WorkHooks hooks;
  hooks.progress = [&](const WorkProgress& now) { told.push_back(now); };
  hooks.stop = [] { return true; };
  QVERIFY_EXCEPTION_THROWN(load_images(tree.request, hooks), WorkStopped);
  QVERIFY(tree.kept().empty());
  hooks.stop = {};
  told.clear();
  QVERIFY(load_images(tree.request, hooks).train.pixels == whole.train.pixels);
  // The calling thread tells of the images that it decodes itself.
  QVERIFY(!told.empty() && told.size() <= 5 + 3);
  for (const WorkProgress& now : told) {
    QCOMPARE(now.total, std::int64_t{now.file == "train" ? 5 : 3});
    QVERIFY(now.done >= 0 && now.done < now.total);
  }
  QCOMPARE(words_of({"decoding", "train", 31000, 100000, 0, "images"}),
           std::string("decoding train: 31,000 of 100,000 images"));
  QCOMPARE(words_of({"encoding", "wiki.train.tokens", 12'345'678, 540'000'000}),
           std::string("encoding wiki.train.tokens: 12 of 540 MB"));
  QCOMPARE(words_of({"reading", "wiki.train.tokens"}), std::string("reading wiki.train.tokens"));
  told.clear();
  load_images(tree.request, hooks);
  QVERIFY(told.empty());
}

void TestTinyImagenet::the_second_load_decodes_nothing() {
  const Tree tree;
  const ImageData first = tree.load();
  // An image that can't be decoded any more, with the size and time it had: only the kept bytes can be the
  // answer.
  const std::string image = tree.data.path("train/n01/images/n01_0.JPEG");
  const auto time = std::filesystem::last_write_time(image);
  const auto size = std::filesystem::file_size(image);
  tree.data.write("train/n01/images/n01_0.JPEG", Bytes(size));
  std::filesystem::last_write_time(image, time);
  const ImageData second = tree.load();
  QVERIFY(second.train.pixels == first.train.pixels && second.train.labels == first.train.labels);
  QVERIFY(second.test.pixels == first.test.pixels);
}

void TestTinyImagenet::a_damaged_file_of_the_cache_is_made_anew() {
  const Tree tree;
  const ImageData first = tree.load();
  for (const auto& file : tree.kept()) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(-1, std::ios::end);
    stream.put('\x55');
  }
  QVERIFY(tree.load().train.pixels == first.train.pixels);
  for (const auto& file : tree.kept()) std::filesystem::resize_file(file, 30);
  QVERIFY(tree.load().test.pixels == first.test.pixels);
}

void TestTinyImagenet::a_changed_image_is_decoded_anew() {
  const Tree tree;
  tree.load();
  tree.data.write("val/images/val_1.JPEG", jpeg({1, 2, 3}));
  std::filesystem::last_write_time(tree.data.path("val/images/val_1.JPEG"),
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  QVERIFY(is_colour(tree.load().test, 1, {1, 2, 3}));
}

void TestTinyImagenet::a_class_without_images_is_named() {
  const Tree tree;
  tree.data.write("wnids.txt", bytes("n02\nn01\nn03\n"));
  const std::string words = tree.refused();
  QVERIFY2(has(words, tree.data.path("train/n03/images")) && has(words, "class n03"), words.c_str());
  std::filesystem::create_directories(tree.data.path("train/n03/images"));
  QVERIFY(has(tree.refused(), "class n03"));
  tree.data.write("train/n03/images/n03_0.JPEG", jpeg({1, 2, 3}));
  const std::string in_validation = tree.refused();
  QVERIFY2(has(in_validation, "val_annotations.txt") && has(in_validation, "class n03"),
           in_validation.c_str());
}

void TestTinyImagenet::an_annotation_of_an_unknown_class_is_named_with_its_offset() {
  const Tree tree;
  const std::string first = "val_0.JPEG\tn01\t0\t0\t1\t1\n";
  const std::string file =
      tree.data.write("val/val_annotations.txt", bytes(first + "val_1.JPEG\tn99\t0\t0\t1\t1\n"));
  const std::string words = tree.refused();
  QVERIFY2(has(words, file + ": offset " + std::to_string(first.size())) && has(words, "'n99'"),
           words.c_str());
  tree.data.write("val/val_annotations.txt", bytes("val_0.JPEG n01\n"));
  QVERIFY(has(tree.refused(), "a tab"));
}

void TestTinyImagenet::an_annotated_image_that_is_not_there_is_named() {
  const Tree tree;
  std::filesystem::remove(tree.data.path("val/images/val_2.JPEG"));
  QVERIFY2(has(tree.refused(), "image val_2.JPEG is not in"), tree.refused().c_str());
}

void TestTinyImagenet::a_cut_image_is_refused() {
  const Tree tree;
  Bytes image = jpeg({9, 99, 199});
  for (const std::size_t size : {image.size() * 3 / 4, image.size() - 2, std::size_t{20}, std::size_t{0}}) {
    const Bytes part(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string file = tree.data.write("train/n01/images/n01_1.JPEG", part);
    const std::string words = tree.refused();
    // Only the two bytes that end a file may be missing: all pixels are there.
    if (size != image.size() - 2) QVERIFY2(words.starts_with(file + ": "), words.c_str());
  }
}

void TestTinyImagenet::an_image_of_another_size_is_refused() {
  const Tree tree;
  const std::string file = tree.data.write("val/images/val_0.JPEG", jpeg({1, 1, 1}, 64, 48));
  const std::string words = tree.refused();
  QVERIFY2(has(words, file) && has(words, "64×48 pixels, expected 64×64"), words.c_str());
}

void TestTinyImagenet::what_is_no_jpeg_is_refused() {
  const Tree tree;
  const std::string file = tree.data.write("train/n02/images/n02_9.JPEG", bytes("<html>404</html>"));
  const std::string words = tree.refused();
  QVERIFY2(has(words, file) && has(words, "it is a web page (HTML)"), words.c_str());
}

// A row of ones is not the code of any image: it is kept free. Behind the scan's header, with the zero that a
// byte of ones must have behind it, and up to the two bytes that end the file.
void TestTinyImagenet::pixels_that_no_code_stands_for_are_refused() {
  const Tree tree;
  Bytes image = jpeg({90, 20, 30});
  const std::uint8_t scan[] = {0xff, 0xda};
  const auto header = std::search(image.begin(), image.end(), std::begin(scan), std::end(scan));
  QVERIFY(header != image.end());
  const auto data = header + 2 + (header[2] << 8 | header[3]);
  QVERIFY(image.end() - data > 10);
  for (auto at = data; at + 4 <= image.end(); at += 2) at[0] = 0xff, at[1] = 0;
  const std::string file = tree.data.write("val/images/val_1.JPEG", image);
  const std::string words = tree.refused();
  QVERIFY2(has(words, file), words.c_str());
}

void TestTinyImagenet::a_folder_without_a_tree_is_refused() {
  Tree tree;
  std::filesystem::remove(tree.data.path("val/val_annotations.txt"));
  QVERIFY(has(tree.refused(), "val/val_annotations.txt is not in " + tree.data.root()));
  tree.request.dir = tree.cache.root();
  QVERIFY(has(tree.refused(), "wnids.txt is not in " + tree.cache.root()));
  tree.request.dir = tree.data.root();
  tree.data.write("wnids.txt", bytes("n01\nn01\n"));
  tree.data.write("val/val_annotations.txt", {});
  QVERIFY(has(tree.refused(), "offset 4: class n01 appears there twice"));
}

QTEST_APPLESS_MAIN(TestTinyImagenet)
#include "test_tiny_imagenet.moc"
