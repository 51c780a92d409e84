// A file is taken in by what is in it, and what can't be says what can.
#include <QtTest>
#include <fstream>

#include "engine/runs/import_file.h"
#include "engine/weights/parameter_file.h"
#include "tests/runs/support.h"
#include "tests/support/refusal.h"

using namespace grapevine;

class TestImportFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void curves_for_numpy_are_not_called_parameters() {
    Folder folder;
    for (const char* name : {"test_accuracy", "12/cos_b_j[2]"}) {
      const std::string why = refused(folder, name);
      QVERIFY2(why.find("holds curves for NumPy") != std::string::npos, why.c_str());
      QVERIFY2(why.find("as CSV") != std::string::npos, why.c_str());
    }
  }
  void parameters_are_called_so() {
    Folder folder;
    const std::string why = refused(folder, "segments.0.0.weight");
    QVERIFY2(why.find("holds parameters") != std::string::npos, why.c_str());
  }
  void counts_add_up() {
    ImportedCurves all, one;
    all.taken = {1};
    one.taken = {2, 3};
    one.known = 4;
    one.notes = {"percent"};
    add_import(all, one);
    add_import(all, one);
    QCOMPARE(all.taken.size(), std::size_t{5});
    QCOMPARE(all.known, std::int64_t{8});
    QCOMPARE(all.notes.size(), std::size_t{2});
  }

 private:
  static std::string refused(const Folder& folder, const std::string& array) {
    const std::string file = folder.database() + ".npz";
    ParameterFile arrays;
    arrays.arrays.emplace_back(array, Array{"f64", {1}, std::vector<std::uint8_t>(8)});
    std::ofstream(file, std::ios::binary) << to_npz(arrays);
    return refusal([&] { import_file(folder.database(), file); });
  }
};

QTEST_GUILESS_MAIN(TestImportFile)
#include "test_import_file.moc"
