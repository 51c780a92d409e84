// The processes of a pool: started, fed, listened to, stopped.
#include "app/cli/worker_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <list>
#include <string_view>
#include <vector>

#include "app/cli/bounded_output.h"
#include "app/cli/worker_lines.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/files/machine.h"
#include "engine/launch/gpu_shares.h"

namespace grapevine::cli {
namespace {

constexpr int look_ms = 200;

/// A pipe whose two ends no other process inherits.
struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw RunError(std::string("a worker can't be started: ") + std::strerror(errno));
    read = ends[0];
    write = ends[1];
  }
};

/// What a worker is started with: this program, with the same files.
std::vector<std::string> command_of(const Options& options) {
  std::vector<std::string> words{"grapevine-cli", "sweep", "-", "--worker", "--db", options.database_path()};
  if (!options.data_dir.empty()) {
    words.emplace_back("--data-dir");
    words.push_back(options.data_dir);
  }
  return words;
}

constexpr const char* visible_gpus = "CUDA_VISIBLE_DEVICES";

/// GPUs that runs may be computed on. LibTorch is opened only where the machine has some.
const std::vector<std::string>& gpus() {
  static const std::vector<std::string> names = [] {
    std::error_code none;
    if (!std::filesystem::exists("/dev/nvidia0", none)) return std::vector<std::string>{};
    for (const auto& [what, value] : load_engine().about())
      if (what == "gpus") return names_of_gpus(std::atoi(value.c_str()), std::getenv(visible_gpus));
    return std::vector<std::string>{};
  }();
  return names;
}

/// This program's, but that one GPU alone is seen: side by side all would take the first.
std::vector<std::string> environment_with(const std::string& gpu) {
  const std::string entry = std::string(visible_gpus) + "=";
  std::vector<std::string> all;
  for (char** variable = environ; *variable; ++variable)
    if (gpu.empty() || !std::string_view(*variable).starts_with(entry)) all.emplace_back(*variable);
  if (!gpu.empty()) all.push_back(entry + gpu);
  return all;
}

/// As exec() takes words; valid as long as they are.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

/// fork(), whose child is ended by a stop that comes before its program has begun: the pool's handlers, which
/// it has until then, would take the request and forget it.
pid_t fork_that_can_be_stopped() {
  sigset_t stops, before;
  sigemptyset(&stops);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stops, signal);
  pthread_sigmask(SIG_BLOCK, &stops, &before);
  const pid_t process = fork();
  if (process == 0)
    for (const int signal : {SIGINT, SIGTERM}) ::signal(signal, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return process;
}

class Worker {
 public:
  /// `gpu`: the one that it may use; "" = as this program.
  Worker(const Options& options, const std::string& gpu) : gpu_(gpu) {
    const Pipe orders, answers;
    std::vector<std::string> words = command_of(options), variables = environment_with(gpu);
    std::vector<char*> arguments = pointers_to(words), environment = pointers_to(variables);
    const pid_t parent = getpid();
    process_ = fork_that_can_be_stopped();
    if (process_ == 0) {
      // Where the pool is killed, what its workers train is stopped and stored.
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      setpgid(0, 0);  // Ctrl-C reaches the pool alone, which asks each worker once
      if (getppid() != parent) _exit(1);
      dup2(orders.read, STDIN_FILENO);
      dup2(answers.write, STDOUT_FILENO);
      // Failures come back in the answer, and are reported once, next to their cell.
      if (const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
      execve("/proc/self/exe", arguments.data(), environment.data());
      _exit(127);
    }
    ::close(orders.read);
    ::close(answers.write);
    orders_ = orders.write;
    answers_ = answers.read;
    if (process_ > 0) return;
    process_ = 0;
    close();
    throw RunError(std::string("a worker can't be started: ") + std::strerror(errno));
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    stop();  // where something was thrown
    close();
    if (answers_ >= 0) ::close(answers_);
    if (process_ > 0) waitpid(process_, nullptr, 0);
  }

  const std::optional<WorkerJob>& job() const { return job_; }
  int answers() const { return answers_; }
  const std::string& gpu() const { return gpu_; }
  /// Of its job, among all GPUs; -1 = none.
  int taken() const { return job_ ? taken_ : -1; }

  void begin(WorkerJob job, int gpu) {
    taken_ = gpu;
    std::string line = write_job(job.request) + "\n";
    job_ = std::move(job);
    run_ = 0;
    for (std::size_t sent = 0; sent < line.size();) {
      const ssize_t count = write(orders_, line.data() + sent, line.size() - sent);
      if (count > 0)
        sent += static_cast<std::size_t>(count);
      else if (errno != EINTR)
        break;  // it has ended: its answer's end says so
    }
  }
  void stop() {
    if (process_ <= 0 || !job_) return;
    asked_to_stop_ = true;
    kill(process_, SIGINT);
  }
  /// No more jobs: it ends after the present one.
  void close() {
    if (orders_ >= 0) ::close(orders_);
    orders_ = -1;
  }
  /// What came of the job, once there is an answer; after gone() no more comes. `begun` hears of its run.
  std::optional<WorkerEnd> listen(const std::function<void(std::int64_t)>& begun) {
    char bytes[4096];
    const ssize_t count = read(answers_, bytes, sizeof bytes);
    if (count > 0) text_.append(bytes, static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) gone_ = true;
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      const std::string line = text_.substr(0, end);
      text_.erase(0, end + 1);
      if (const std::optional<std::int64_t> run = read_begun(line)) {
        run_ = *run;
        begun(*run);
        continue;
      }
      job_.reset();
      return read_end(line);
    }
    if (!gone_ || !job_) return std::nullopt;
    job_.reset();
    return why_gone();
  }
  bool gone() const { return gone_; }
  bool is_open() const { return orders_ >= 0; }

 private:
  WorkerEnd why_gone() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    // Asked before it listens to signals, it is ended by this one: nothing of its job was begun.
    const bool stopped = WIFEXITED(status) ? WEXITSTATUS(status) == stopped_status
                                           : asked_to_stop_ && WTERMSIG(status) == SIGINT;
    if (stopped) return {run_, RunStatus::stopped, "", stopped_status};
    const std::string how = WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                                                : "ended with status " + std::to_string(WEXITSTATUS(status));
    return {run_, RunStatus::failed, "the process that trained it " + how + "; its run can be resumed", 1};
  }

  std::string gpu_;  ///< that it sees alone, or ""
  int taken_ = -1;
  pid_t process_ = 0;
  int orders_ = -1, answers_ = -1;
  std::optional<WorkerJob> job_;
  std::string text_;
  std::int64_t run_ = 0;  ///< of the job
  bool gone_ = false, asked_to_stop_ = false;
};

class Pool {
 public:
  Pool(const Options& options, int workers, const StopRequests& stops, const WorkerOrders& orders)
      : options_(options), most_(workers), stops_(stops), orders_(orders) {}

  bool run() {
    for (;;) {
      if (stops_.stop_asked()) stop_all();
      if (!stopping_) hand_out();
      const int busy = busy_workers();
      if (busy == 0 && (stopping_ || !orders_.wait_for_more || !orders_.wait_for_more())) break;
      listen();
      if (orders_.idle) orders_.idle(busy_workers());
    }
    return !stopping_;
  }

 private:
  int busy_workers() const {
    return static_cast<int>(std::count_if(workers_.begin(), workers_.end(),
                                          [](const Worker& one) { return one.job().has_value(); }));
  }

  void hand_out() {
    while (busy_workers() < most_) {
      std::optional<WorkerJob> job = orders_.next();
      if (!job) return;
      const GpuShare share = most_ > 1 ? share_for(job->device, busy_gpus()) : GpuShare{};
      const auto worker = worker_with(share.alone ? gpus()[static_cast<std::size_t>(share.gpu)] : "");
      if (orders_.begun) orders_.begun(*job);
      worker->begin(std::move(*job), share.gpu);
    }
  }

  /// How many jobs each GPU has.
  std::vector<int> busy_gpus() const {
    std::vector<int> busy(gpus().size(), 0);
    for (const Worker& worker : workers_)
      if (worker.taken() >= 0) ++busy[static_cast<std::size_t>(worker.taken())];
    return busy;
  }

  /// A free one that sees this GPU alone ("": as this program), or a new one. Those that are free and see
  /// another would only hold that one's memory.
  std::list<Worker>::iterator worker_with(const std::string& gpu) {
    const auto is_free = [](const Worker& one) { return !one.job() && !one.gone() && one.is_open(); };
    const auto free = std::find_if(workers_.begin(), workers_.end(),
                                   [&](const Worker& one) { return is_free(one) && one.gpu() == gpu; });
    if (free != workers_.end()) return free;
    for (Worker& other : workers_)
      if (is_free(other)) other.close();
    return workers_.emplace(workers_.end(), options_, gpu);
  }

  void stop_all() {
    if (stopping_) return;
    stopping_ = true;
    for (Worker& worker : workers_) {
      worker.close();
      worker.stop();
    }
  }

  void listen() {
    std::vector<pollfd> ears;
    for (const Worker& worker : workers_) ears.push_back({worker.answers(), POLLIN, 0});
    if (poll(ears.data(), ears.size(), look_ms) <= 0) return;
    auto worker = workers_.begin();
    for (const pollfd& ear : ears) {
      const auto here = worker++;
      if (ear.revents == 0) continue;
      const std::optional<WorkerJob> job = here->job();
      const auto begun = [&](std::int64_t run) {
        if (job && orders_.begun_run) orders_.begun_run(*job, run);
      };
      if (const std::optional<WorkerEnd> end = here->listen(begun); end && job && orders_.ended)
        orders_.ended(*job, *end);
      if (here->gone()) workers_.erase(here);
    }
  }

  const Options& options_;
  const int most_;
  const StopRequests& stops_;
  const WorkerOrders& orders_;
  std::list<Worker> workers_;
  bool stopping_ = false;
};

}  // namespace

bool carry_out_beside(const Options& options, int workers, const StopRequests& stops,
                      const WorkerOrders& orders) {
  const StillStoring others_are;
  return Pool(options, std::max(1, workers), stops, orders).run();
}

int workers_that_fit(int threads, const std::vector<std::string>& devices) {
  return runs_at_once(devices, static_cast<int>(gpus().size()), usable_cores(), threads);
}

}  // namespace grapevine::cli
