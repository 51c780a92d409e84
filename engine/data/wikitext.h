// What the WikiText sets share: three files of text, the same validation and test. Plain C++; any thread.
#pragma once

#include "engine/data/data_set.h"

namespace grapevine {

/// `train_words`: as published.
DataDescriptor describe_wikitext(const char* key, const char* name, const char* help, long train_words);
/// `archive`: its name at its publisher's; `unpacked` bytes.
DataSet wikitext_set(const char* key, const char* archive, const char* sum, std::int64_t unpacked);

}  // namespace grapevine
