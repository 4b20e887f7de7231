#include "backend-runtime/runtime/redact/decoded_view.h"

#include <algorithm>
#include <iterator>

#include "backend-runtime/runtime/redact/escapes.h"

namespace wfc::redact {

namespace {

/// Whether an escape must be undone. An escape that yields nothing must, because it joins the bytes
/// around it.
bool HasAny(std::string_view meaning, const DecodedView::Bytes& bytes) {
  return meaning.empty() ||
         std::ranges::any_of(meaning, [&](char c) { return bytes[static_cast<unsigned char>(c)]; });
}

}  // namespace

const DecodedView::Run& DecodedView::RunOf(size_t index) const {
  const auto after = std::ranges::upper_bound(runs_, index, {}, &Run::begin);
  return *std::prev(after);
}

size_t DecodedView::begin_of(size_t index) const {
  if (parent_ == nullptr) return index;
  const Run& run = RunOf(index);
  return parent_->begin_of(run.escape > 0 ? run.source : run.source + (index - run.begin));
}

size_t DecodedView::end_of(size_t index) const {
  if (parent_ == nullptr) return index + 1;
  const Run& run = RunOf(index);
  return parent_->end_of(run.escape > 0 ? run.source + run.escape - 1
                                        : run.source + (index - run.begin));
}

void DecodedView::AddBytes(std::string_view bytes, size_t source) {
  if (bytes.empty()) return;
  runs_.push_back({.begin = static_cast<uint32_t>(owned_.size()),
                   .source = static_cast<uint32_t>(source),
                   .escape = 0});
  owned_.append(bytes);
}

std::optional<DecodedView> DecodedView::Without(Encoding encoding, const Bytes* relevant) const {
  const std::string_view bytes = this->bytes();
  const char mark = MarkOf(encoding);
  DecodedView view("");
  size_t copied = 0;
  for (size_t at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at)) {
    const Escape escape = ReadEscape(encoding, bytes.substr(at));
    // The mark does not begin an escape, or begins one that must stay, so it stands for itself.
    if (escape.length == 0 || (relevant != nullptr && !HasAny(escape.meaning, *relevant))) {
      ++at;
      continue;
    }
    if (view.owned_.empty()) view.owned_.reserve(bytes.size());
    if (at > copied) view.AddBytes(bytes.substr(copied, at - copied), copied);
    if (!escape.meaning.empty()) {
      view.runs_.push_back({.begin = static_cast<uint32_t>(view.owned_.size()),
                            .source = static_cast<uint32_t>(at),
                            .escape = static_cast<uint32_t>(escape.length)});
      view.owned_ += escape.meaning;
    }
    at += escape.length;
    copied = at;
  }
  if (copied == 0) return std::nullopt;
  view.AddBytes(bytes.substr(copied), copied);
  view.parent_ = this;
  return view;
}

}  // namespace wfc::redact
