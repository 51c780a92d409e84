#include "engine/data/fetch.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr int look_up_ms = 50;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

/// Bytes a second over the last few seconds.
class Rate {
 public:
  double of(std::int64_t bytes) {
    const auto now = Clock::now();
    if (seen_.empty() || now - seen_.back().first > std::chrono::milliseconds(200))
      seen_.push_back({now, bytes});
    while (seen_.size() > 2 && now - seen_.front().first > std::chrono::seconds(5)) seen_.pop_front();
    const double passed = seconds_since(seen_.front().first);
    return passed > 0.5 ? static_cast<double>(bytes - seen_.front().second) / passed : 0;
  }

 private:
  std::deque<std::pair<Clock::time_point, std::int64_t>> seen_;
};

/// The part of a file that is there, and how the server named its version.
class Part {
 public:
  Part(const std::string& file, const std::string& address)
      : path_(file + ".part"), note_(file + ".part.json"), address_(address) {
    std::error_code none;
    const auto size = fs::file_size(path_, none);
    std::ifstream in(note_);
    const Json note = Json::parse(in, nullptr, false);
    // Without the version's name nobody can say whether the rest would fit.
    const auto word = [&](const char* key) {
      return note.is_object() && note.contains(key) && note[key].is_string() ? note[key].get<std::string>()
                                                                             : std::string();
    };
    if (none || word("address") != address || word("version").empty()) return;
    size_ = static_cast<std::int64_t>(size);
    version_ = word("version");
  }
  ~Part() {
    if (out_ >= 0) ::close(out_);
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  std::int64_t size() const { return size_; }
  /// What lies there came from this address, or is being written.
  bool is_own() const { return size_ > 0 || out_ >= 0; }
  const std::string& version() const { return version_; }

  /// Begins to write: behind what is there, or again.
  void begin(bool goes_on, const std::string& version) {
    if (!goes_on) size_ = 0;
    write_carefully(note_, Json{{"address", address_}, {"version", version}}.dump());
    out_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (goes_on ? O_APPEND : O_TRUNC), 0644);
    if (out_ < 0) fail();
  }
  void add(const char* data, std::size_t count) {
    while (count > 0) {
      const ssize_t written = ::write(out_, data, count);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      data += written;
      count -= static_cast<std::size_t>(written);
      size_ += written;
    }
  }
  void finish(const std::string& file) {
    if (out_ >= 0 && ::close(std::exchange(out_, -1)) != 0) fail();
    if (::rename(path_.c_str(), file.c_str()) != 0) fail();
    ::unlink(note_.c_str());
  }
  void forget() {
    if (out_ >= 0) ::close(std::exchange(out_, -1));
    ::unlink(path_.c_str());
    ::unlink(note_.c_str());
    size_ = 0;
    version_.clear();
  }

 private:
  [[noreturn]] void fail() const {
    throw RunError(path_ + ": can't be written: " + std::strerror(errno) +
                   "; free some space and try again: the download continues from where it ended");
  }
  std::string path_, note_, address_, version_;
  std::int64_t size_ = 0;
  int out_ = -1;
};

/// What an attempt came to.
struct Outcome {
  enum { done, again, another_address } what = done;
  std::string words;
};

class Attempt {
 public:
  Attempt(const FetchRequest& request, const std::string& address, const WorkHooks& hooks)
      : request_(request), address_(address), hooks_(hooks), part_(request.file, address) {
    if (request.size > 0 && part_.size() > request.size) part_.forget();
  }

  std::int64_t size() const { return part_.size(); }
  Outcome run();

 private:
  static std::size_t on_header(char* data, std::size_t, std::size_t count, void* self) {
    return static_cast<Attempt*>(self)->header({data, count}) ? count : 0;
  }
  static std::size_t on_body(char* data, std::size_t, std::size_t count, void* self) {
    return static_cast<Attempt*>(self)->body(data, count) ? count : 0;
  }
  bool header(std::string_view line) noexcept;
  void note(std::string_view line);
  bool body(const char* data, std::size_t count) noexcept;
  void begin();
  CURLcode transfer();
  Outcome judge(CURLcode code);
  std::string too_much() const {
    return "the server sends more than " + with_separators(request_.most) +
           " bytes, more than this data set has; it is another file";
  }
  void tell();

  const FetchRequest& request_;
  std::string address_;
  const WorkHooks& hooks_;
  Part part_;
  std::unique_ptr<CURL, void (*)(CURL*)> curl_{curl_easy_init(), curl_easy_cleanup};
  long status_ = 0;
  std::string etag_, modified_;
  std::int64_t length_ = -1, range_begin_ = -1, total_ = 0;
  bool begun_ = false;
  std::int64_t looked_ = 0;     ///< size at which the disk was last looked at
  std::exception_ptr trouble_;  ///< of writing; thrown after libcurl has returned
  std::string refusal_;         ///< why what the server sends can't be the file
  Rate rate_;
};

std::string value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size()) return "";
  for (std::size_t i = 0; i < name.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(line[i])) != name[i]) return "";
  line.remove_prefix(name.size());
  const auto begin = line.find_first_not_of(" \t");
  const auto end = line.find_last_not_of(" \t\r\n");
  return begin == std::string_view::npos ? "" : std::string(line.substr(begin, end - begin + 1));
}

// libcurl's code lies between: nothing is thrown through it.
bool Attempt::header(std::string_view line) noexcept {
  try {
    note(line);
    return true;
  } catch (...) {
    trouble_ = std::current_exception();
    return false;
  }
}

void Attempt::note(std::string_view line) {
  if (line.starts_with("HTTP/")) {  // a redirection's headers came before
    etag_.clear(), modified_.clear();
    length_ = range_begin_ = -1;
  }
  if (auto value = value_of(line, "etag:"); !value.empty()) etag_ = value;
  if (auto value = value_of(line, "last-modified:"); !value.empty()) modified_ = value;
  if (auto value = value_of(line, "content-length:"); !value.empty()) length_ = std::atoll(value.c_str());
  if (auto value = value_of(line, "content-range:"); value.starts_with("bytes "))
    range_begin_ = std::atoll(value.c_str() + 6);
}

// The first byte of the body, or the end of an empty one: the headers are known.
void Attempt::begin() {
  begun_ = true;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status_);
  const bool goes_on = status_ == 206;
  if (goes_on && range_begin_ != part_.size()) {
    refusal_ = "the server sends another part than the one asked for";
    return;
  }
  const std::int64_t before = goes_on ? part_.size() : 0;
  if (length_ >= 0) total_ = before + length_;
  if (request_.size > 0 && total_ > 0 && total_ != request_.size) {
    refusal_ = "the server offers " + with_separators(total_) + " bytes, the published file has " +
               with_separators(request_.size);
    return;
  }
  if (total_ == 0) total_ = request_.size;
  if (request_.most > 0 && total_ > request_.most) {
    refusal_ = too_much();
    return;
  }
  demand_space(fs::path(request_.file).parent_path().string(), total_ - before + request_.space);
  // If-Range takes no weak tags.
  part_.begin(goes_on, !etag_.empty() && !etag_.starts_with("W/") ? etag_ : modified_);
}

bool Attempt::body(const char* data, std::size_t count) noexcept {
  try {
    if (!begun_) begin();
    if (!refusal_.empty()) return false;
    if (request_.size > 0 && part_.size() + static_cast<std::int64_t>(count) > request_.size) {
      refusal_ =
          "the server sends more than the " + with_separators(request_.size) + " bytes of the published file";
      return false;
    }
    if (request_.most > 0 && part_.size() + static_cast<std::int64_t>(count) > request_.most) {
      refusal_ = too_much();
      return false;
    }
    if (part_.size() >= looked_ + disk_reserve / 4) {
      looked_ = part_.size();
      demand_space(fs::path(request_.file).parent_path().string(), disk_reserve);
    }
    part_.add(data, count);
    return true;
  } catch (...) {
    trouble_ = std::current_exception();
    return false;
  }
}

void Attempt::tell() {
  WorkProgress now;
  now.what = "downloading";
  now.file = fs::path(request_.file).filename().string();
  now.done = part_.size();
  now.total = total_ > 0 ? total_ : request_.size;
  now.rate = rate_.of(now.done);
  hooks_.tell(now);
}

// libcurl's multi interface: the transfer continues while we look up for a stop.
CURLcode Attempt::transfer() {
  const std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi(curl_multi_init(), curl_multi_cleanup);
  curl_multi_add_handle(multi.get(), curl_.get());
  CURLcode result = CURLE_OK;
  auto last_news = Clock::now();
  std::int64_t last_size = part_.size();
  for (int running = 1;;) {
    curl_multi_perform(multi.get(), &running);
    int left = 0;
    if (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      result = message->data.result;
      break;
    }
    if (running == 0) break;
    if (part_.size() != last_size) last_size = part_.size(), last_news = Clock::now();
    if (seconds_since(last_news) > request_.stall) {
      result = CURLE_OPERATION_TIMEDOUT;
      break;
    }
    tell();
    if (hooks_.stopped()) {
      curl_multi_remove_handle(multi.get(), curl_.get());
      throw WorkStopped{};
    }
    curl_multi_poll(multi.get(), nullptr, 0, look_up_ms, nullptr);
  }
  curl_multi_remove_handle(multi.get(), curl_.get());
  return result;
}

Outcome Attempt::judge(CURLcode code) {
  if (trouble_) std::rethrow_exception(trouble_);
  if (!refusal_.empty()) {
    if (part_.is_own()) part_.forget();  // else what lies there is another address's
    return {Outcome::another_address, refusal_};
  }
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status_);
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    if (status_ == 416 && part_.is_own()) part_.forget();  // there is no such part: start over
    const bool may_pass = status_ == 408 || status_ == 416 || status_ == 429 || status_ >= 500;
    return {may_pass ? Outcome::again : Outcome::another_address,
            "the server answers with status " + std::to_string(status_)};
  }
  switch (code) {
    case CURLE_OK:
      break;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
      return {Outcome::again, curl_easy_strerror(code)};
    default:
      return {Outcome::another_address, curl_easy_strerror(code)};
  }
  if (!begun_) begin();  // an empty body
  if (!refusal_.empty()) return {Outcome::another_address, refusal_};
  if (total_ > 0 && part_.size() != total_)
    return {Outcome::again, "the connection ended after " + with_separators(part_.size()) + " of " +
                                with_separators(total_) + " bytes"};
  part_.finish(request_.file);
  tell();
  return {};
}

Outcome Attempt::run() {
  if (request_.size > 0 && part_.size() == request_.size) {
    part_.finish(request_.file);
    return {};
  }
  CURL* curl = curl_.get();
  if (!curl) throw RunError("libcurl can't be started");
  curl_slist* list = nullptr;
  if (part_.size() > 0) {
    list = curl_slist_append(list, ("Range: bytes=" + std::to_string(part_.size()) + "-").c_str());
    list = curl_slist_append(list, ("If-Range: " + part_.version()).c_str());
  }
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
  curl_easy_setopt(curl, CURLOPT_URL, address_.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "grapevine/" GRAPEVINE_VERSION);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a stop doesn't wait for a name server
#endif
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  return judge(transfer());
}

void wait(double seconds, const WorkHooks& hooks) {
  const auto begin = Clock::now();
  while (seconds_since(begin) < seconds) {
    if (hooks.stopped()) throw WorkStopped{};
    std::this_thread::sleep_for(std::chrono::milliseconds(look_up_ms));
  }
}

/// "" when the file is there, else why it can't be had from this address.
std::string fetch_from(const std::string& address, const FetchRequest& request, const WorkHooks& hooks) {
  std::int64_t most = 0;
  double pause = request.pause;
  for (int attempt = 1;; ++attempt) {
    Attempt one(request, address, hooks);
    const Outcome outcome = one.run();
    if (outcome.what == Outcome::done) return "";
    if (outcome.what == Outcome::another_address) return outcome.words;
    if (one.size() > most) {  // slow and torn lines get there too
      most = one.size();
      attempt = 1;
      pause = request.pause;
    }
    if (attempt >= request.attempts) return outcome.words;
    hooks.tell(
        {"waiting to try again:", fs::path(request.file).filename().string(), one.size(), request.size, 0});
    wait(pause, hooks);
    pause *= 2;
  }
}

}  // namespace

void demand_space(const std::string& folder, std::int64_t bytes) {
  std::error_code none;
  fs::path place = folder;
  while (!place.empty() && !fs::exists(place, none) && place.has_relative_path()) place = place.parent_path();
  const fs::space_info space = fs::space(place.empty() ? fs::path(".") : place, none);
  if (none || bytes <= 0 || static_cast<std::uint64_t>(bytes) <= space.available) return;
  const auto megabytes = [](std::uint64_t size) {
    return with_separators(static_cast<std::int64_t>(size / 1'000'000)) + " MB";
  };
  throw RunError("the data set needs " + megabytes(static_cast<std::uint64_t>(bytes)) + " in " + folder +
                 ", where " + megabytes(space.available) +
                 " are free; free some, or name another folder with --data-dir");
}

void fetch(const FetchRequest& request, const WorkHooks& hooks) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw RunError("libcurl can't be started");
  std::string failures;
  for (const std::string& address : request.addresses) {
    const std::string words = fetch_from(address, request, hooks);
    if (words.empty()) return;
    failures += (failures.empty() ? "" : "; ") + address + ": " + words;
  }
  throw RunError(failures);
}

}  // namespace grapevine
