// What the tests of downloads share: a server, a folder for the caches, and small data sets to serve.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QtTest>
#include <atomic>
#include <exception>
#include <thread>

#include "engine/data/download.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "engine/experiment/registry.h"
#include "tests/data/http_server.h"
#include "tests/data/packed.h"
#include "tests/data/support.h"

namespace grapevine {

inline std::string md5(const QByteArray& content) {
  return QCryptographicHash::hash(content, QCryptographicHash::Md5).toHex().toStdString();
}

inline QByteArray from(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

/// A server, a data folder of our own, and a download that runs during the server's event loop.
struct Bench {
  Folder folder;
  HttpServer server;
  DownloadOptions options;
  WorkHooks hooks;

  Bench() {
    use_data_dir(folder.root());
    options.attempts = 3;
    options.pause = 0.01;
  }

  /// A source of one archive that the server has.
  DataSource archive(const QByteArray& content, const std::string& key = "cifar10",
                     const char* name = "a.tar.gz") {
    server.files[name] = {content};
    return {key, {{name, {server.address()}, content.size(), md5(content)}}, true, 1'000'000};
  }

  Downloaded run(const DataSource& source) {
    Downloaded result;
    std::exception_ptr trouble;
    std::atomic<bool> done = false;
    std::thread worker([&] {
      try {
        result = download(source, options, hooks);
      } catch (...) {
        trouble = std::current_exception();
      }
      done = true;
    });
    while (!done) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    worker.join();
    if (trouble) std::rethrow_exception(trouble);
    return result;
  }
  /// The words of the error, of whichever kind.
  std::string failure(const DataSource& source) {
    try {
      run(source);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  bool installed(const std::string& key) const { return std::filesystem::exists(download_folder(key)); }
  /// The files that are left of a download that isn't complete.
  std::vector<std::string> left(const std::string& key) const {
    std::vector<std::string> names;
    const std::filesystem::path work = cache_root() + "/partial/" + key;
    if (std::filesystem::exists(work))
      for (const auto& entry : std::filesystem::directory_iterator(work))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

/// MNIST with two training images and one of the test, as four files on the server.
inline DataSource small_mnist(Bench& bench) {
  DataSource source{"mnist", {}, false, 0};
  const auto add = [&](const char* name, const Bytes& bytes) {
    const QByteArray content = from(bytes);
    bench.server.files[QByteArray("m/") + name] = {content};
    source.files.push_back({name, {bench.server.address() + "/m"}, content.size(), md5(content)});
  };
  add("train-images-idx3-ubyte.gz", idx({2, 28, 28}, pattern(2 * 28 * 28)));
  add("train-labels-idx1-ubyte.gz", idx({2}, {7, 8}));
  add("t10k-images-idx3-ubyte.gz", idx({1, 28, 28}, pattern(28 * 28)));
  add("t10k-labels-idx1-ubyte.gz", idx({1}, {9}));
  return source;
}

inline ImageData load(const std::string& key) {
  DataRequest request;
  request.name = key;
  return load_images(request);
}

}  // namespace grapevine
