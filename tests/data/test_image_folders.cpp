// Folders of images: which class an image is of, and what is said of folders that are laid out otherwise.
#include <png.h>

#include <QtTest>

#include "engine/data/picture.h"
#include "engine/data/places.h"
#include "tests/data/jpeg_writer.h"

#include "tests/data/own_images.h"

using namespace grapevine;

class TestImageFolders : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void folders_are_classes();
  void one_folder_of_classes_needs_validation();
  void limits_and_missing_classes();
  void folders_without_classes_say_what_is_there();
  void one_folder_too_high_is_told();
  void images_in_no_class_folders_are_told();
  void test_images_without_classes_are_told();
  void formats_that_are_not_read_are_named();
};

void TestImageFolders::folders_are_classes() {
  const Tree tree;
  tree.add("train/dog/1.png", grey_png(4, 3, 10));
  tree.add("train/dog/sub/10.PNG", grey_png(4, 3, 30));
  tree.add("train/cat/1.png", grey_png(4, 3, 20));
  tree.add("test/dog/x.png", grey_png(4, 3, 40));
  tree.add("test/emu/x.png", grey_png(4, 3, 50));
  const ImageData data = tree.load();
  // By name: cat, dog, emu; class by class in turn.
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{0, 1, 1}));
  QVERIFY(data.test.labels == (std::vector<std::int32_t>{1, 2}));
  QVERIFY(data.train.channels == 1 && data.train.height == 3 && data.train.width == 4 &&
          data.train.classes == 3);
  QVERIFY(data.train.pixels[0] == 20 && data.train.pixels[12] == 10 && data.train.pixels[24] == 30);
  QVERIFY2(has(data.train.note, "no training images of 1 of 3 classes (2)"), data.train.note.c_str());
  const ImageFacts facts = image_facts(tree.request);
  QVERIFY(facts.channels == 1 && facts.height == 3 && facts.width == 4 && facts.classes == 3);
}

void TestImageFolders::one_folder_of_classes_needs_validation() {
  Tree tree;
  for (int i = 0; i < 4; ++i) {
    tree.add("a/" + std::to_string(i) + ".png", grey_png(2, 2, 1));
    tree.add("b/" + std::to_string(i) + ".png", grey_png(2, 2, 2));
  }
  QVERIFY(has(tree.refused(), "data.validation=0.1"));
  tree.request.validation = 0.25;
  tree.add("train/1.png", grey_png(2, 2, 3));  // vehicles
  QCOMPARE(tree.load().train.classes, 3);
  std::filesystem::remove_all(tree.data.path("train"));
  const ImageData data = tree.load();
  QCOMPARE(data.train.count(), std::int64_t{8});
  QCOMPARE(data.test.count(), std::int64_t{0});
}

void TestImageFolders::limits_and_missing_classes() {
  Tree tree;
  tree.request.validation = 0.5;
  for (int i = 0; i < 3; ++i) tree.add("a/" + std::to_string(i) + ".png", grey_png(1, 1, 1));
  tree.add("b/0.png", grey_png(1, 1, 2));
  tree.add("c/0.png", grey_png(1, 1, 3));
  tree.request.train_limit = 2;
  const ImageSet set = tree.load().train;
  QVERIFY(set.labels == (std::vector<std::int32_t>{0, 1}));
  QVERIFY2(has(set.note, "1 of 3 classes (2)") && has(set.note, "data.limit_order=balanced"),
           set.note.c_str());
}

void TestImageFolders::folders_without_classes_say_what_is_there() {
  Tree tree;
  tree.add("sub/train/a/1.png", grey_png(1, 1, 1));
  tree.add("sub/train/b/1.png", grey_png(1, 1, 1));
  tree.request.dir = tree.data.path("sub/train/a");
  QVERIFY2(has(tree.refused(), "set data.dir=" + tree.data.path("sub/train")), tree.refused().c_str());
  tree.request.dir = tree.cache.root();
  QVERIFY(has(tree.refused(), "It holds nothing"));
  tree.request.dir = tree.data.path("sub");
  std::filesystem::remove_all(tree.data.path("sub/train/b"));
  QVERIFY(has(tree.refused(), "a single class, 'a'"));
}

void TestImageFolders::one_folder_too_high_is_told() {
  Tree tree;
  tree.request.validation = 0.5;
  for (const char* part : {"train", "test"})
    for (const char* name : {"cat", "dog"})
      tree.add(std::string("pets/") + part + "/" + name + "/1.png", grey_png(1, 1, 1));
  const std::string words =
      "the files are in " + tree.data.path("pets") + ": set data.dir=" + tree.data.path("pets");
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  // Next to it may lie others, with images, too.
  tree.add("drafts/1.png", grey_png(1, 1, 1));
  tree.add("notes/a.txt", {1});
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  // Without parts: the one folder with classes.
  Tree plain;
  plain.request.validation = 0.5;
  plain.add("pets/cat/1.png", grey_png(1, 1, 1));
  plain.add("pets/dog/1.png", grey_png(1, 1, 1));
  QVERIFY2(has(plain.refused(), "set data.dir=" + plain.data.path("pets")), plain.refused().c_str());
  // A class's images may lie further down.
  Tree deep;
  deep.request.validation = 0.5;
  deep.add("cat/young/1.png", grey_png(1, 1, 1));
  deep.add("dog/1.png", grey_png(1, 1, 1));
  QCOMPARE(deep.load().train.classes, 2);
}

void TestImageFolders::images_in_no_class_folders_are_told() {
  Tree tree;
  tree.add("train/cat.0.png", grey_png(1, 1, 1));
  tree.add("train/dog.0.png", grey_png(1, 1, 1));
  const std::string words = "2 images lie directly in " + tree.data.path("train") +
                            ", in no class folders; sort them into one folder per "
                            "class, as cat/cat.0.png";
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  // Parts are not classes.
  tree.add("test/1.png", grey_png(1, 1, 1));
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  tree.request.dir = tree.data.path("train");
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
}

void TestImageFolders::test_images_without_classes_are_told() {
  Tree tree;
  for (const char* name : {"cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"})
    tree.add(std::string("train/") + name, grey_png(1, 1, 1));
  tree.add("test/1.png", grey_png(1, 1, 1));
  tree.add("test/2.png", grey_png(1, 1, 1));
  const std::string words = tree.data.path("test") + " holds 2 images in no class folder, without labels";
  QVERIFY2(has(tree.refused(), words) && has(tree.refused(), "data.validation=0.1"), tree.refused().c_str());
  tree.request.validation = 0.5;
  const ImageData data = tree.load();
  QCOMPARE(data.test.count(), std::int64_t{0});
  QVERIFY2(has(data.train.note, words + ": they are left out"), data.train.note.c_str());
  // Another part with classes stands in.
  tree.add("val/cat/1.png", grey_png(1, 1, 1));
  const ImageData stood_in = tree.load();
  QCOMPARE(stood_in.test.count(), std::int64_t{1});
  const std::string tested = " is left out, and " + tree.data.path("val") + " is what is tested on";
  QVERIFY2(has(stood_in.train.note, words + ": it" + tested), stood_in.train.note.c_str());
  // Of two with classes one is taken, and said.
  tree.add("valid/cat/1.png", grey_png(1, 1, 1));
  const ImageData of_two = tree.load();
  QVERIFY2(has(of_two.train.note, tree.data.path("valid") + tested), of_two.train.note.c_str());
  QVERIFY(!has(of_two.train.note, tree.data.path("val") + " is left out"));
}

void TestImageFolders::formats_that_are_not_read_are_named() {
  Tree tree;
  tree.request.validation = 0.5;
  tree.add("cat/1.gif", text("GIF89a"));
  tree.add("dog/1.GIF", text("GIF89a"));
  QVERIFY2(has(tree.refused(), "2 GIF images, as cat/1.gif; PNG, JPEG and PPM are read"),
           tree.refused().c_str());
  // One class of them would leave a single one.
  tree.add("cat/1.png", grey_png(1, 1, 1));
  std::filesystem::remove(tree.data.path("cat/1.gif"));
  QVERIFY2(has(tree.refused(), "1 GIF image, as dog/1.GIF"), tree.refused().c_str());
  tree.add("emu/1.png", grey_png(1, 1, 1));
  const ImageSet set = tree.load().train;
  QCOMPARE(set.classes, 2);
  QVERIFY2(has(set.note, "1 file that is not PNG, JPEG or PPM left out, as dog/1.GIF"), set.note.c_str());
  Tree web;
  web.add("train/cat/1.webp", text("RIFF0000WEBP"));
  web.add("train/dog/1.webp", text("RIFF0000WEBP"));
  QVERIFY2(has(web.refused(), "2 WebP images, as cat/1.webp"), web.refused().c_str());
}

QTEST_APPLESS_MAIN(TestImageFolders)
#include "test_image_folders.moc"
