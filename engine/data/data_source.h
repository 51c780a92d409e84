// Where data sets can be fetched from: their entries (data_set.h) say it. Plain C++, immutable after
// start-up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

struct SourceFile {
  std::string name;
  std::vector<std::string> folders;  ///< addresses of the folders that hold it, tried in turn
  std::int64_t size = 0;             ///< as published; 0 = not known
  std::string md5;                   ///< as published, in hexadecimal digits; "" = not known
};

struct DataSource {
  std::string key;  ///< of data_sets()
  std::vector<SourceFile> files;
  bool archive =
      false;  ///< the one file is a .tar.gz or .zip with the data in it, else the files are the data
  std::int64_t unpacked = 0;  ///< about so many bytes when unpacked
};

/// nullptr for a data set that can't be fetched. The environment variable GRAPEVINE_DATA_SOURCES may name a
/// JSON file {"<key>": {"archive": …, "unpacked": …, "files": [{"name", "folders", "size", "md5"}]}} whose
/// entries come before the sets' own; any other file throws InputError.
const DataSource* find_source(std::string_view key);
/// The keys that find_source knows, in the order of data_sets().
std::vector<std::string> source_keys();
/// "grapevine-cli datasets get <key>", with --data-dir where one was given; "" for what can't be fetched.
std::string get_command(const std::string& key);

}  // namespace grapevine
