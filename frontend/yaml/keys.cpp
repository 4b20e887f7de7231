#include "frontend/yaml/keys.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

/// Maps of up to this many keys are searched linearly, larger ones by hash.
constexpr size_t kSmall = 16;

/// The keys of one map so far.
class FirstKeys {
 public:
  FirstKeys(const Tree& tree, bool is_routes) : tree_(tree), is_routes_(is_routes) {}

  /// The key equal to `key` that was added before; if there is none, adds `key` and returns an
  /// empty id.
  NodeId FindOrAdd(NodeId key) {
    const std::string_view text = tree_.text(key);
    if (keys_.size() < kSmall) {
      for (const NodeId other : keys_) {
        if (tree_.text(other) == text && IsSame(key, other)) return other;
      }
    } else {
      if (index_.empty()) {
        for (const NodeId other : keys_) index_.try_emplace(Ref(other), other);
      }
      const auto [at, added] = index_.try_emplace(Ref(key), key);
      if (!added && IsSame(key, at->second)) return at->second;
    }
    keys_.push_back(key);
    return {};
  }

 private:
  [[nodiscard]] bool IsSame(NodeId a, NodeId b) const {
    return !is_routes_ || tree_.kind(a) == tree_.kind(b);
  }
  [[nodiscard]] llvm::StringRef Ref(NodeId key) const { return tree_.text(key); }

  const Tree& tree_;
  bool is_routes_;
  std::vector<NodeId> keys_;
  llvm::DenseMap<llvm::StringRef, NodeId> index_;
};

void ReportDuplicate(ReadContext& context, NodeId key, NodeId before) {
  if (!context.MayReport()) return;
  context.sink.Report(diag::DuplicateKey, context.tree.span(key), context.tree.text(key))
      .AddNote(context.tree.span(before), "the first is here");
}

}  // namespace

uint8_t DropBadKeys(ReadContext& context, std::vector<NodeId>& children, size_t first,
                    bool is_routes) {
  const Tree& tree = context.tree;
  FirstKeys first_keys(tree, is_routes);
  size_t kept = first;
  uint8_t flags = 0;
  for (size_t i = first; i + 1 < children.size(); i += 2) {
    const NodeId key = children[i];
    const bool is_poison = tree.kind(key) == Kind::Poison;
    if (!is_poison && tree.style(key) == Style::Plain && tree.text(key) == "<<") {
      if (context.MayReport()) context.sink.Report(diag::MergeKey, tree.span(key));
      flags = kIncomplete;
      continue;
    }
    const NodeId before = is_poison ? NodeId() : first_keys.FindOrAdd(key);
    if (before.has_value()) {
      ReportDuplicate(context, key, before);
      continue;
    }
    children[kept++] = key;
    children[kept++] = children[i + 1];
  }
  children.resize(kept);
  return flags;
}

}  // namespace wfc::yaml
