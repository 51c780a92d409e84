// Every data set's entry says where its files lie and how they become images, or is made on the fly.
#include <QtTest>

#include "engine/data/data_set.h"

using namespace grapevine;

class TestEntries : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void entries_are_complete();
  void only_what_has_files_has_a_source();
};

void TestEntries::entries_are_complete() {
  for (const DataDescriptor& data : data_sets()) {
    const DataSet* set = find_data_set(data.key);
    QVERIFY2(set, data.key.c_str());
    QVERIFY2((set->read == nullptr) == data.text, data.key.c_str());
    QVERIFY2(set->layouts.empty() == (data.train_count == 0), data.key.c_str());
    for (const Layout& layout : set->layouts)
      for (const auto& names : layout.roles) QVERIFY2(!names.empty() && !names[0].empty(), data.key.c_str());
  }
  QVERIFY(!find_data_set("no such set"));
}

void TestEntries::only_what_has_files_has_a_source() {
  for (const DataDescriptor& data : data_sets()) {
    const std::optional<DataSource>& source = find_data_set(data.key)->source;
    if (!source) continue;
    QCOMPARE(source->key, data.key);
    QVERIFY2(!find_data_set(data.key)->layouts.empty(), data.key.c_str());
    QVERIFY2(!source->archive || source->files.size() == 1, data.key.c_str());
    for (const SourceFile& file : source->files)
      QVERIFY2(!file.name.empty() && !file.folders.empty() && file.md5.size() == 32, data.key.c_str());
  }
}

QTEST_APPLESS_MAIN(TestEntries)
#include "test_entries.moc"
