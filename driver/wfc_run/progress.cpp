#include "driver/wfc_run/progress.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/progress_line.h"
#include "driver/wfc_run/run_lines.h"
#include "ir/base/standard_streams.h"
#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

using runtime::Event;

void Write(const ProgressOptions& options, const std::string& text) {
  PrintMessage(options.stream, text);
}

class PlainProgress : public Progress {
 public:
  explicit PlainProgress(const ProgressOptions& options) : options_(options), lines_(options_) {}
  PlainProgress(const PlainProgress&) = delete;
  PlainProgress& operator=(const PlainProgress&) = delete;

  void Show(const Event& event, std::string_view stage) override {
    const bool is_start = event.type == EventType::RunStarted && options_.plan != nullptr;
    WriteLines(is_start ? StartLine(event, options_) : lines_.Of(event, stage));
  }
  void Tick(int64_t) override {}
  void Finish() override { WriteLines(lines_.Rest()); }

 private:
  void WriteLines(const std::string& lines) {
    if (!lines.empty()) Write(options_, lines);
  }

  ProgressOptions options_;
  RunLines lines_;
};

class JsonProgress : public Progress {
 public:
  explicit JsonProgress(const ProgressOptions& options) : options_(options) {}

  void Show(const Event& event, std::string_view stage) override {
    const Value record = ToValue(event, stage);
    Write(options_,
          WriteJson(options_.redactor == nullptr ? record : options_.redactor->Redact(record)) +
              "\n");
  }
  void Tick(int64_t) override {}
  void Finish() override {}

 private:
  ProgressOptions options_;
};

/// Keeps a block of running stages below all lines. The block is erased before anything is written,
/// and drawn again afterwards.
class LiveProgress : public Progress {
 public:
  LiveProgress(const ProgressOptions& options, int columns)
      : options_(options), lines_(options_), columns_(static_cast<size_t>(std::max(columns, 20))) {}
  LiveProgress(const LiveProgress&) = delete;
  LiveProgress& operator=(const LiveProgress&) = delete;

  void Show(const Event& event, std::string_view stage) override {
    now_ns_ = std::max(now_ns_, event.time_ns);
    const std::string path = VisibleLine(stage);
    if (event.type == EventType::StageStarted) running_.try_emplace(path, event.time_ns);
    if (event.type == EventType::StageFinished || event.type == EventType::StageSkipped) {
      running_.erase(path);
    }
    std::string text = Erase();
    // A start has no line here, because the block shows what runs.
    if (event.type != EventType::StageStarted) text += lines_.Of(event, stage);
    Write(options_, text + Draw());
  }

  void Tick(int64_t now_ns) override {
    now_ns_ = std::max(now_ns_, now_ns);
    if (running_.empty()) return;
    const std::string erased = Erase();  // before Draw, which counts the rows anew
    Write(options_, erased + Draw());
  }

  void Finish() override {
    running_.clear();
    Write(options_, Erase() + lines_.Rest());
  }

 private:
  static constexpr size_t kMostRows = 12;

  /// The escape sequences that move to the first line of the block and clear the screen from there.
  std::string Erase() {
    const size_t rows = std::exchange(row_count_, 0);
    return rows == 0 ? std::string() : fmt::format("\x1b[{}A\r\x1b[J", rows);
  }

  std::string Draw() {
    std::string text;
    for (const auto& [path, started_ns] : running_) {
      if (row_count_ == kMostRows) {
        text += fmt::format("           and {} more\n", running_.size() - kMostRows);
        ++row_count_;
        break;
      }
      text += Row(path, started_ns) + "\n";
      ++row_count_;
    }
    return text;
  }

  /// The row of a running stage. A stage of a body is indented below the stage that owns the body.
  [[nodiscard]] std::string Row(const std::string& path, int64_t started_ns) const {
    const auto depth = static_cast<size_t>(std::ranges::count(path, '.'));
    const std::string word = Painted("   running", "36", options_.paint);
    std::string rest =
        fmt::format(" {:{}}{}  {}", "", depth * 2, path, ShortDuration(now_ns_ - started_ns));
    constexpr size_t kWordWidth = 10;
    while (CountCodePoints(rest) + kWordWidth >= columns_) {
      do {
        rest.pop_back();
      } while (!rest.empty() && FindInvalidUtf8(rest) != std::string_view::npos);
    }
    return word + rest;
  }

  ProgressOptions options_;
  RunLines lines_;
  size_t columns_;
  std::map<std::string, int64_t> running_;  // by path: start of the first attempt, in nanoseconds
  size_t row_count_ = 0;
  int64_t now_ns_ = 0;
};

}  // namespace

std::unique_ptr<Progress> MakePlainProgress(const ProgressOptions& options) {
  return std::make_unique<PlainProgress>(options);
}

std::unique_ptr<Progress> MakeLiveProgress(const ProgressOptions& options, int columns) {
  return std::make_unique<LiveProgress>(options, columns);
}

std::unique_ptr<Progress> MakeJsonProgress(const ProgressOptions& options) {
  return std::make_unique<JsonProgress>(options);
}

}  // namespace wfc::driver
