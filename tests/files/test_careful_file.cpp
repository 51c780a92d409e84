// Files are replaced whole or not at all, behind links too; what can't be replaced is refused or, where it is
// made to be written to, written straight.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/files/home.h"
#include "engine/files/whole_file.h"

using namespace grapevine;
namespace fs = std::filesystem;

class TestCarefulFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_is_there_when_it_is_placed();
  void without_place_the_old_content_stays();
  void a_file_of_the_temporary_name_is_left_alone();
  void a_link_is_followed_and_stays();
  void a_link_to_nowhere_is_refused();
  void what_is_no_file_is_refused();
  void what_a_database_has_next_to_it_is_refused();
  void a_pipe_is_written_straight();
  void rights_stay_and_new_files_obey_the_umask();
  void a_name_as_long_as_names_may_be();
  void a_tilde_is_the_home_folder();
  void a_file_is_read_to_its_end_or_refused();

 private:
  std::string path(const char* name) const { return folder_->filePath(name).toStdString(); }
  int entries() const {
    return static_cast<int>(std::distance(fs::directory_iterator(path("")), fs::directory_iterator()));
  }
  std::unique_ptr<QTemporaryDir> folder_;

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
};

namespace {

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

std::string refusal_of(const std::string& path) {
  try {
    write_carefully(path, "new");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

void TestCarefulFile::it_is_there_when_it_is_placed() {
  CarefulFile file(path("a"));
  file.put("one ");
  file.put("two");
  QVERIFY(!fs::exists(path("a")));
  file.place();
  QCOMPARE(content(path("a")), std::string("one two"));
  QCOMPARE(entries(), 1);
}

void TestCarefulFile::without_place_the_old_content_stays() {
  std::ofstream(path("a")) << "old";
  {
    CarefulFile file(path("a"));
    file.put("new");
  }
  QCOMPARE(content(path("a")), std::string("old"));
  QCOMPARE(entries(), 1);
}

void TestCarefulFile::a_file_of_the_temporary_name_is_left_alone() {
  std::ofstream(path("a.tmp")) << "the user's own";
  fs::create_symlink(path("victim"), path("a.link"));
  write_carefully(path("a"), "new");
  QCOMPARE(content(path("a.tmp")), std::string("the user's own"));
  QVERIFY(!fs::exists(path("victim")));
}

void TestCarefulFile::a_link_is_followed_and_stays() {
  fs::create_directory(path("far"));
  std::ofstream(path("far/target")) << "old";
  fs::create_symlink("far/target", path("link"));
  write_carefully(path("link"), "new");
  QVERIFY(fs::is_symlink(path("link")));
  QVERIFY(!fs::is_symlink(path("far/target")));
  QCOMPARE(content(path("far/target")), std::string("new"));
}

void TestCarefulFile::a_link_to_nowhere_is_refused() {
  fs::create_symlink(path("nowhere"), path("link"));
  QVERIFY(refusal_of(path("link")).find("link to nowhere") != std::string::npos);
  QVERIFY(!fs::exists(path("nowhere")));
}

void TestCarefulFile::what_is_no_file_is_refused() {
  fs::create_directory(path("folder"));
  QVERIFY(refusal_of(path("folder")).find("folder") != std::string::npos);
  QVERIFY(refusal_of("/dev/null").find("device") != std::string::npos);
  fs::create_symlink("/dev/null", path("link"));
  QVERIFY(refusal_of(path("link")).find("device") != std::string::npos);
  QVERIFY(!refusal_of(path("none/a")).empty());
  QVERIFY(!refusal_of("").empty());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path("s");
  if (name.size() < sizeof address.sun_path) {
    std::copy(name.begin(), name.end(), address.sun_path);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    QVERIFY(refusal_of(name).find("socket") != std::string::npos);
  }
  ::close(socket);
}

// SQLite would take such a file for its own, whether there was one or not.
void TestCarefulFile::what_a_database_has_next_to_it_is_refused() {
  std::ofstream(path("g.db")) << "SQLite format 3";
  fs::create_directory(path("g.db-locks"));
  std::ofstream(path("g.db-wal")) << "log";
  std::ofstream(path("g.db-locks/a.lock"));
  fs::create_symlink("g.db-wal", path("link"));
  const int before = entries();
  for (const char* name : {"g.db-wal", "g.db-shm", "g.db-journal", "g.db-checkpoints", "link"})
    QVERIFY2(refusal_of(path(name)).find("belongs to the database") != std::string::npos, name);
  for (const char* name : {"g.db-locks/a.lock", "g.db-locks/new.csv"})
    QVERIFY2(refusal_of(path(name)).find("locks") != std::string::npos, name);
  QCOMPARE(entries(), before);
  QCOMPARE(content(path("g.db-wal")), std::string("log"));
  write_carefully(path("other.db-wal"), "new");  // of no database
  QCOMPARE(content(path("other.db-wal")), std::string("new"));
}

void TestCarefulFile::a_pipe_is_written_straight() {
  QCOMPARE(mkfifo(path("pipe").c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = content(path("pipe")); });
  write_carefully(path("pipe"), "through");
  reader.join();
  QCOMPARE(read, std::string("through"));
  QVERIFY(fs::is_fifo(path("pipe")));
  // What the program holds open already, by its number.
  int ends[2];
  QCOMPARE(::pipe(ends), 0);
  write_carefully("/dev/fd/" + std::to_string(ends[1]), "abc");
  ::close(ends[1]);
  char text[8] = "";
  QCOMPARE(::read(ends[0], text, sizeof text), ssize_t(3));
  QCOMPARE(std::string(text), std::string("abc"));
  ::close(ends[0]);
}

void TestCarefulFile::rights_stay_and_new_files_obey_the_umask() {
  std::ofstream(path("a")) << "old";
  fs::permissions(path("a"), fs::perms(0664));
  const mode_t before = ::umask(0027);
  write_carefully(path("a"), "new");
  write_carefully(path("b"), "new");
  ::umask(before);
  QCOMPARE(static_cast<int>(fs::status(path("a")).permissions()), 0664);
  QCOMPARE(static_cast<int>(fs::status(path("b")).permissions()), 0640);
}

void TestCarefulFile::a_name_as_long_as_names_may_be() {
  const std::string name = path(std::string(255, 'n').c_str());
  write_carefully(name, "new");
  QCOMPARE(content(name), std::string("new"));
  QCOMPARE(entries(), 1);
}

void TestCarefulFile::a_tilde_is_the_home_folder() {
  qputenv("HOME", "/homes/anyone");
  QCOMPARE(with_home("~/x.db"), std::string("/homes/anyone/x.db"));
  QCOMPARE(with_home("~"), std::string("/homes/anyone"));
  for (const char* literal : {"~x", "a/~/b", "x~", ""}) QCOMPARE(with_home(literal), std::string(literal));
}

void TestCarefulFile::a_file_is_read_to_its_end_or_refused() {
  std::string bytes(3 << 20, 'a');
  bytes.back() = 'z';
  std::ofstream(path("a")) << bytes;
  std::string read;
  const auto size =
      read_in_pieces(path("a"), [&](const char* piece, std::size_t count) { read.append(piece, count); });
  QCOMPARE(size, static_cast<std::int64_t>(bytes.size()));
  QVERIFY(read == bytes);
  // No end of file: opened, but not to be read; and not to be opened.
  for (const char* name : {"", "nowhere"}) {
    try {
      read_in_pieces(path(name), [](const char*, std::size_t) {});
      QFAIL("took an error of reading for the end");
    } catch (const RunError& error) {
      QVERIFY2(std::string(error.what()).find(path(name)) != std::string::npos, error.what());
    }
  }
}

QTEST_GUILESS_MAIN(TestCarefulFile)
#include "test_careful_file.moc"
