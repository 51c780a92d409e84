// Small disks of every size: what a refused beginning made is gone, and messages name the file that the user
// named.
#include <signal.h>

#include <QtTest>
#include <filesystem>
#include <fstream>

#include "engine/runs/curve_import.h"
#include "engine/runs/run_file.h"
#include "tests/runs/full_disk.h"

using namespace grapevine;

class TestSmallDisks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_refused_beginning_leaves_nothing();
  void an_export_names_the_file_that_was_asked_for();
  void an_import_names_the_file_that_was_given();
};

namespace {

std::size_t entries_in(const std::string& folder) {
  std::size_t count = 0;
  for (auto it = std::filesystem::recursive_directory_iterator(folder);
       it != std::filesystem::recursive_directory_iterator(); ++it)
    ++count;
  return count;
}

/// Disks of every size up to one that holds a run: what a refused beginning made is gone, with its folders.
int small_at_start(const std::string& database) {
  const std::string folder = std::filesystem::path(database).parent_path();
  const std::string curves = folder + ".csv";
  std::ofstream(curves) << "step,train_loss\n1,0.5\n2,0.25\n";
  bool refused = false, began = false;
  for (int kilobytes = 4; !began; kilobytes += 4) {
    if (!mount_disk(folder, kilobytes)) return 77;
    for (const std::string below : {"/runs.db", "/a/b/runs.db"}) {
      const Told told = error_of([&] { RunWriter(folder + below, single()).finish(RunStatus::stopped, ""); });
      began = told.status == 0;
      refused = refused || !began;
      if (began) break;
      CLAIM(told.status == 1);
      CLAIM(entries_in(folder) == 0);
      const Told import = error_of([&] { import_curves(folder + below, curves); });
      CLAIM(import.status == 0 || entries_in(folder) == 0);
      if (import.status == 0) std::filesystem::remove_all(folder + below);
    }
    umount(folder.c_str());
  }
  CLAIM(refused);
  std::filesystem::remove(curves);
  return 0;
}

/// A disk that fills up while a run's file is put together, at whatever moment: its name is in the message.
int export_on_small_disk(const std::string& database) {
  const std::string folder = std::filesystem::path(database).parent_path() / "disk";
  std::filesystem::create_directory(folder);
  {
    RunWriter writer(database, single());
    post(writer, steps(1, 100));
    Observations news;
    Checkpoint state = checkpoint_at(100);
    state.arrays["weights/2"] = {"f32", {50000}, std::vector<std::uint8_t>(200000)};
    news.checkpoints.push_back({{state}});
    post(writer, news);
    writer.finish(RunStatus::stopped, "");
  }
  bool refused = false, done = false;
  for (int kilobytes = 4; !done; kilobytes += 12) {
    if (!mount_disk(folder, kilobytes)) return 77;
    const Told told = error_of([&] { write_run_file(database, single().uuids, folder + "/a.run", true); });
    done = told.status == 0;
    if (!done) {
      refused = true;
      if (told.status != 1 || told.words.find(folder + "/a.run") == std::string::npos ||
          told.words.find(".grapevine-") != std::string::npos)
        std::cout << kilobytes << " kB, " << told.status << ": " << told.words << std::endl;
      CLAIM(told.status == 1);
      CLAIM(entries_in(folder) == 0);
    }
    umount(folder.c_str());
  }
  CLAIM(refused);
  return 0;
}

/// The same of a run's file that is taken in.
int import_on_small_disk(const std::string& database) {
  const std::string home = std::filesystem::path(database).parent_path();
  const std::string folder = home + "/disk", file = home + "/a.run";
  std::filesystem::create_directory(folder);
  {
    RunWriter writer(database, single());
    post(writer, steps(1, 100));
    post_checkpoint(writer, 100);
    writer.finish(RunStatus::stopped, "");
  }
  write_run_file(database, single().uuids, file, true);
  bool refused = false, done = false;
  for (int kilobytes = 4; !done; kilobytes += 12) {
    if (!mount_disk(folder, kilobytes)) return 77;
    std::vector<std::string> left;
    const Told told = error_of([&] { left = import_run_file(folder + "/other.db", file).left; });
    done = told.status == 0 && left.empty();
    refused = refused || !done;
    for (const std::string& words : left) CLAIM(words.find(".grapevine-") == std::string::npos);
    if (told.status == 2 || told.words.find(".grapevine-") != std::string::npos)
      std::cout << kilobytes << " kB, " << told.status << ": " << told.words << std::endl;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      CLAIM(entry.path().filename().string().find(".grapevine") == std::string::npos);
    umount(folder.c_str());
  }
  CLAIM(refused);
  return 0;
}

}  // namespace

void TestSmallDisks::a_refused_beginning_leaves_nothing() {
  run_child("--small-at-start");
}
void TestSmallDisks::an_export_names_the_file_that_was_asked_for() {
  run_child("--export-on-small-disk");
}
void TestSmallDisks::an_import_names_the_file_that_was_given() {
  run_child("--import-on-small-disk");
}

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]).starts_with("--")) {
    const std::string what = argv[1];
    if (what == "--small-at-start") return small_at_start(argv[2]);
    if (what == "--export-on-small-disk") return export_on_small_disk(argv[2]);
    if (what == "--import-on-small-disk") return import_on_small_disk(argv[2]);
  }
  QCoreApplication application(argc, argv);
  TestSmallDisks test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_small_disks.moc"
