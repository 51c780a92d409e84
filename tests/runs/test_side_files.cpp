// What a stranger puts where side files lie: db check says what it is and what can be saved, and nothing of
// it is taken in or removed.
#include <sys/stat.h>

#include <QtTest>
#include <filesystem>
#include <fstream>

#include "engine/runs/checkpoint_file.h"
#include "engine/runs/database.h"
#include "engine/runs/lock_file.h"
#include "engine/runs/maintenance.h"
#include "engine/runs/merge.h"
#include "engine/runs/side_file.h"
#include "tests/runs/support.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestSideFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void what_is_no_database_is_told_and_left();
  void another_databases_is_told_and_left();
  void a_flaw_in_it_is_told_and_the_rest_can_be_saved();
  void it_never_takes_another_checkpoints_place();
  void a_child_does_not_replace_its_parents_state();
  void a_database_is_no_side_file_of_its_own();
  void what_was_kept_of_a_lost_database_is_told();
  void a_copy_does_not_take_its_originals();
  void they_are_taken_in_the_order_of_their_numbers();
  void what_a_run_came_to_is_counted_again();
  void what_no_row_names_is_told_and_goes();

 private:
  std::string database() const { return folder_->database(); }
  std::string place(const char* name) const { return database() + "-checkpoints/" + name; }
  /// A side file of `owner` at `path`, with a run of ten steps and its checkpoint.
  void put_side_file(const std::string& path, const std::string& owner, const std::string& uuid) const;
  std::string problems() const;
  /// Its files, and what the next opening for writing leaves of them.
  void opening_changes_nothing() const;

  std::unique_ptr<Folder> folder_;
};

namespace {

constexpr const char* stranger = "99999999-0000-4000-8000-000000000009";

void store(const std::string& path, const std::string& uuid, std::int64_t steps = 10) {
  RunWriter writer(path, single(uuid.c_str()));
  Observations news;
  for (std::int64_t step = 1; step <= steps; ++step)
    news.samples.push_back(sample(0, "train_loss", 0, step, 0.5));
  news.checkpoints.push_back({{checkpoint_at(steps)}});
  news.states = {SessionState::finished};
  news.step = steps;
  post(writer, news);
  writer.finish(RunStatus::finished, "");
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (const std::string name = entry.path().string(); !name.ends_with("-wal") && !name.ends_with("-shm"))
      all.push_back(name);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

void TestSideFiles::init() {
  folder_ = std::make_unique<Folder>();
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder_->path("cache")));
  store(database(), "11111111-0000-4000-8000-000000000001");
}

void TestSideFiles::put_side_file(const std::string& path, const std::string& owner,
                                  const std::string& uuid) const {
  store(path, uuid);
  SQLite::Database side(path, SQLite::OPEN_READWRITE, 5000);
  note_owner(side, owner,
             fs::exists(owner) ? ask(owner, "SELECT value FROM meta WHERE key = 'database_id'") : "", "");
}

std::string TestSideFiles::problems() const {
  std::string words;
  for (const std::string& problem : check_database_file(database()).problems) words += problem + "\n";
  return words;
}

void TestSideFiles::opening_changes_nothing() const {
  const std::vector<std::string> before = names_in(place(""));
  const std::string runs = ask(database(), "SELECT count(*) FROM runs");
  { open_for_writing(database()); }
  QVERIFY(names_in(place("")) == before);
  QCOMPARE(ask(database(), "SELECT count(*) FROM runs"), runs);
}

void TestSideFiles::what_is_no_database_is_told_and_left() {
  std::ofstream(place("unsaved-text.db")) << "This is a letter.";
  std::ofstream(place("unsaved-empty.db"));
  fs::create_directory(place("unsaved-folder.db"));
  fs::create_symlink("/etc/passwd", place("unsaved-link.db"));
  QCOMPARE(mkfifo(place("unsaved-pipe.db").c_str(), 0600), 0);
  tell(place("unsaved-stamps.db"), "CREATE TABLE stamps (country TEXT)");
  store(place("unsaved-plain.db"), stranger);  // a database, but nobody's side file
  const std::string words = problems();
  for (const auto& [name, why] : {std::pair{"text", "not a database"},
                                  {"empty", "holds no runs"},
                                  {"folder", "it is a folder"},
                                  {"link", "it is a link"},
                                  {"pipe", "it is a pipe"},
                                  {"stamps", "another program"},
                                  {"plain", "it names no database as its own"}}) {
    const std::size_t at = words.find(place(("unsaved-" + std::string(name) + ".db").c_str()));
    QVERIFY2(at != std::string::npos, name);
    const std::string line = words.substr(at, words.find('\n', at) - at);
    QVERIFY2(has(line, why) && has(line, "nothing of it is taken in"), line.c_str());
  }
  opening_changes_nothing();
}

void TestSideFiles::another_databases_is_told_and_left() {
  const std::string other = folder_->path("other.db");
  store(other, "22222222-0000-4000-8000-000000000002");
  put_side_file(place("unsaved-a.db"), other, stranger);
  const std::string words = problems();
  QVERIFY2(has(words, "is not this database's, but that of " + other) && has(words, "db merge"),
           words.c_str());
  opening_changes_nothing();
  // Its owner's words reach nobody as they are, and of the shared folder nothing is said.
  tell(place("unsaved-a.db"), "UPDATE meta SET value = '/nowhere' WHERE key = 'side_of_path'");
  QVERIFY(has(problems(), "but that of /nowhere"));
  // This one was moved to the place of another, which wrote it: the name alone would say nothing.
  const auto note = [&](const char* key, const std::string& value) {
    tell(place("unsaved-a.db"), "UPDATE meta SET value = '" + value + "' WHERE key = '" + key + "'");
  };
  note("side_of_path", database());
  note("side_stranger", ask(database(), "SELECT value FROM meta WHERE key = 'database_id'"));
  QVERIFY2(has(problems(), "but that of another database, which was here before under the same name"),
           problems().c_str());
  note("side_of_path", "/nowhere");
  const std::string shared = folder_->path("cache/grapevine/unsaved");
  fs::create_directories(shared);
  fs::rename(place("unsaved-a.db"), shared + "/unsaved-a.db");
  fs::remove_all(place("unsaved-a.db-checkpoints"));
  fs::remove_all(place("unsaved-a.db-locks"));
  for (const char* rest : {"-wal", "-shm"}) fs::remove(place("unsaved-a.db") + rest);
  QCOMPARE(problems(), std::string());
}

void TestSideFiles::a_flaw_in_it_is_told_and_the_rest_can_be_saved() {
  const std::string side = place("unsaved-a.db");
  put_side_file(side, database(), stranger);
  store(side, "88888888-0000-4000-8000-000000000008");
  QVERIFY2(has(problems(), "2 of 2 runs can be read in full: the next run takes it in"), problems().c_str());
  tell(side, "UPDATE runs SET uuid = '../victim' WHERE id = 1");
  const std::string words = problems();
  QVERIFY2(
      has(words, side) && has(words, "it can't be taken in (its uuid is invalid)") && has(words, "db merge"),
      words.c_str());
  opening_changes_nothing();
  const std::string saved = folder_->path("saved.db");
  const MergeResult result = merge_database(saved, side);
  QVERIFY(result.taken.size() == 1 && result.left.size() == 1);
  QCOMPARE(ask(saved, "SELECT uuid FROM runs"), std::string("88888888-0000-4000-8000-000000000008"));
  // Bits of it are gone.
  fs::resize_file(side, 20000);
  const std::string damaged = problems();
  QVERIFY2(has(damaged, side) && (has(damaged, "damaged") || has(damaged, "malformed")), damaged.c_str());
  opening_changes_nothing();
}

// It says another step of a run that is here, and the name of the file that the run here continues from.
void TestSideFiles::it_never_takes_another_checkpoints_place() {
  const std::string uuid = "11111111-0000-4000-8000-000000000001", side = place("unsaved-a.db");
  put_side_file(side, database(), uuid);
  tell(side, "UPDATE checkpoints SET step = 11; UPDATE runs SET heartbeat = '2999-01-01T00:00:00.000Z'");
  opening_changes_nothing();
  QCOMPARE(RunReader(database()).checkpoint({1}).racers[0].step, std::int64_t{10});
}

// A run of theirs says that it began with the state that a run here continues from, and brings another one.
void TestSideFiles::a_child_does_not_replace_its_parents_state() {
  const std::string theirs = folder_->path("theirs.db");
  store(theirs, "22222222-0000-4000-8000-000000000002");
  const std::string parent = "11111111-0000-4000-8000-000000000001", name = parent + "-step-10.checkpoint";
  const std::string forged = theirs + "-checkpoints/" + name;
  const CheckpointFile written = write_checkpoint(forged, checkpoint_at(10, 7.5F));
  tell(theirs, "UPDATE runs SET parent_uuid = '" + parent + "', parent_step = 10, parent_sha256 = '" +
                   written.sha256 + "'");
  QCOMPARE(merge_database(database(), theirs).taken.size(), std::size_t{1});
  QCOMPARE(RunReader(database()).checkpoint({1}).racers[0].step, std::int64_t{10});
  QCOMPARE(problems(), std::string());
}

void TestSideFiles::a_database_is_no_side_file_of_its_own() {
  const std::string shared = folder_->path("cache/grapevine/unsaved"), self = shared + "/unsaved-self.db";
  fs::create_directories(shared);
  put_side_file(self, self, stranger);
  { open_for_writing(self); }
  QVERIFY(fs::exists(self));
  QCOMPARE(check_database_file(self).problems.size(), std::size_t{0});
}

void TestSideFiles::what_was_kept_of_a_lost_database_is_told() {
  const std::string lost = folder_->path("lost/g.db"), shared = folder_->path("cache/grapevine/unsaved");
  fs::create_directories(shared);
  put_side_file(shared + "/unsaved-a.db", lost, stranger);
  const DatabaseCheck found = check_database_file(lost);
  QVERIFY(found.problems.size() == 2 && has(found.problems[0], "there is no database " + lost));
  QVERIFY(has(found.problems[1], shared + "/unsaved-a.db") && has(found.problems[1], "1 of 1 run"));
  QVERIFY(has(found.problems[1], "the next run takes it in"));
  QVERIFY(!fs::exists(lost));
  // So does who only wants to see the runs.
  mark_interrupted(lost);
  QCOMPARE(ask(lost, "SELECT uuid FROM runs"), std::string(stranger));
  QCOMPARE(ask(lost, "SELECT count(*) FROM checkpoints"), std::string("1"));
  QVERIFY(side_files_of(lost).empty() && check_database_file(lost).problems.empty());
}

// Both bear one id; the copy may be a backup that nobody looks into again.
void TestSideFiles::a_copy_does_not_take_its_originals() {
  const std::string shared = folder_->path("cache/grapevine/unsaved"), side = shared + "/unsaved-a.db";
  const std::string copy = folder_->path("copy.db");
  fs::create_directories(shared);
  put_side_file(side, database(), stranger);
  fs::copy_file(database(), copy);
  { open_for_writing(copy); }
  QVERIFY(side_files_of(copy).empty() && fs::exists(side));
  QCOMPARE(ask(copy, "SELECT count(*) FROM runs"), std::string("1"));
  { open_for_writing(database()); }
  QVERIFY(!fs::exists(side));
  QCOMPARE(ask(database(), "SELECT count(*) FROM runs"), std::string("2"));
  // Where the original is gone, it was moved to where the copy is.
  put_side_file(side, database(), "88888888-0000-4000-8000-000000000008");
  fs::remove(database());
  { open_for_writing(copy); }
  QCOMPARE(ask(copy, "SELECT count(*) FROM runs"), std::string("2"));
}

void TestSideFiles::they_are_taken_in_the_order_of_their_numbers() {
  for (const char* name : {"unsaved-a-10.db", "unsaved-a-2.db", "unsaved-a.db"})
    put_side_file(place(name), database(), stranger);
  const std::vector<std::string> expected = {place("unsaved-a.db"), place("unsaved-a-2.db"),
                                             place("unsaved-a-10.db")};
  QVERIFY(side_files_of(database()) == expected);
}

void TestSideFiles::what_a_run_came_to_is_counted_again() {
  // A program that listed the runs while the rest lay beside the database has summed up what was there: ten
  // steps.
  const std::string uuid = "11111111-0000-4000-8000-000000000001";
  const char* counted = "SELECT n FROM run_values WHERE measure = 'train_loss'";
  QCOMPARE(ask(database(), counted), std::string("10"));
  const std::string side = place(("unsaved-" + uuid + ".db").c_str());
  store(side, uuid, 25);
  {
    SQLite::Database notes(side, SQLite::OPEN_READWRITE, 5000);
    note_owner(notes, database(), ask(database(), "SELECT value FROM meta WHERE key = 'database_id'"), "");
  }
  { open_for_writing(database()); }
  QVERIFY(!fs::exists(side));
  QCOMPARE(ask(database(), "SELECT count(*) FROM samples"), std::string("25"));
  QVERIFY(fill_run_values(database()));
  QCOMPARE(ask(database(), counted), std::string("25"));
}

// A disk that turned read-only takes no row, and lets no file go.
void TestSideFiles::what_no_row_names_is_told_and_goes() {
  const std::string uuid = "11111111-0000-4000-8000-000000000001";
  const std::string left = place((uuid + "-step-7.checkpoint").c_str());
  const std::string anothers = place((std::string(stranger) + "-step-7.checkpoint").c_str());
  for (const std::string& file : {left, anothers}) write_checkpoint(file, checkpoint_at(7));
  const DatabaseCheck found = check_database_file(database());
  QVERIFY(found.problems.empty());
  QCOMPARE(found.notes.size(), std::size_t{1});
  QVERIFY2(has(found.notes.front(), left) && has(found.notes.front(), "run 1 "), found.notes.front().c_str());

  const std::string side = place(("unsaved-" + uuid + ".db").c_str());
  put_side_file(side, database(), uuid);
  {
    RunLock other(database(), uuid, "", "");  // in progress: it may be about to get its row
    QVERIFY(other.take(std::chrono::milliseconds(0)));
    QVERIFY(check_database_file(database()).notes.empty());
    { open_for_writing(database()); }
    QVERIFY(fs::exists(left) && fs::exists(side));
  }
  { open_for_writing(database()); }
  QVERIFY(!fs::exists(side) && !fs::exists(left) && fs::exists(anothers));
  QCOMPARE(RunReader(database()).checkpoint({1}).racers.front().step, std::int64_t{10});
}

QTEST_GUILESS_MAIN(TestSideFiles)
#include "test_side_files.moc"
