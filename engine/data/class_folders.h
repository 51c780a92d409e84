// Images in folders of classes: where the parts and classes lie, and the message about folders that are
// arranged otherwise. Any thread may call.
#pragma once

#include <string>
#include <vector>

#include "engine/data/data_request.h"

namespace grapevine {

/// Folders with classes: training, and test or "".
struct ClassParts {
  std::string train, test;
};

/// The parts in data.dir. Throws InputError where the images lie in another way: one folder too high or too
/// low, directly in train, in formats that are not read, nowhere.
ClassParts class_parts(const DataRequest& request);
/// Images in a class's folder and those below it.
std::vector<std::string> pictures_of_class(const std::string& folder);
/// Classes with images in one part or the other, in the order of their names. Throws InputError for fewer
/// than two.
std::vector<std::string> class_names(const DataRequest& request, const ClassParts& parts);
/// "test holds 6 images in no class folder …": images directly in the test part, which say no class; "" where
/// there are none.
std::string unsorted_test_images(const ClassParts& parts);
/// The message about parts other than `parts.test` that hold images, too: they are left out; "" where there
/// are none.
std::string other_parts_note(const ClassParts& parts);
/// Names in class folders that are neither files nor folders, as links that lead nowhere; "" for none.
std::string not_files_note_of(const std::string& part);
/// Files in class folders that are not images: "2 files that are not PNG, JPEG or PPM left out, as
/// cat/a.gif".
std::string left_out_note(const std::string& part);

}  // namespace grapevine
