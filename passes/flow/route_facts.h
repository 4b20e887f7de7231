// Finds what is known where a route of a decide was taken, as facts for the types of what stands
// there.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include "ir/base/id_range.h"
#include "ir/expr/infer.h"
#include "ir/project.h"
#include "ir/support/id_keys.h"
#include "passes/flow/held_before.h"

namespace wfc::passes {

/// Whether conditions are kept as they are written, in addition to the facts that follow from them.
enum class Kept : uint8_t { Facts, FactsAndConditions };

/// Adds facts to inference. Its work is bounded (kMaxWork and kMaxWorkOfDecide): beyond that, fewer
/// facts are added, and the types are wider.
class RouteFacts {
 public:
  RouteFacts(const ir::Project& project, Kept kept);

  /// Adds what holds in the body of the decide's route `index`. The decide's own expressions must
  /// have been inferred; `facts` hold where the decide stands.
  void AddOfRoute(const expr::InferContext& context, const ir::Stage& decide, uint32_t index,
                  expr::Facts& facts);
  /// Adds what holds where the decide's case `index` does not match, so that the next one is tried.
  void AddNotTaken(const expr::InferContext& context, const ir::Stage& decide, uint32_t index,
                   expr::Facts& facts);
  /// Adds what is certain before stage `reader`, for what its fields and its bodies read.
  void AddCertain(const expr::InferContext& context, std::span<const Certainty> certainties,
                  ir::StageId reader, expr::Facts& facts);
  /// The same for `reader`, the output of a body.
  void AddCertain(const expr::InferContext& context, std::span<const Certainty> certainties,
                  ir::ExprId reader, expr::Facts& facts);

 private:
  // The budget for the negations of earlier cases, in parts of types that are copied. Beyond it,
  // less is known of the values.
  static constexpr uint64_t kMaxWorkOfDecide = 400'000;
  static constexpr uint64_t kMaxWork = 2'000'000;
  // Cases far down a long list would exclude much, but at a high price.
  static constexpr uint32_t kMaxEarlier = 8;

  /// The part of a root that is read: one of its fields, or all of it ("").
  struct Part {
    RootKind kind = RootKind::Input;
    uint32_t a = 0;
    std::string_view field;
  };
  /// Kinds of roots, one bit each.
  using RootKinds = uint32_t;
  static constexpr RootKinds kEveryRoot = ~RootKinds{0};
  static constexpr RootKinds SetOf(RootKind kind) {
    return RootKinds{1} << static_cast<uint32_t>(kind);
  }
  using Parts = llvm::SmallVector<Part, 4>;
  /// A filter for quick answers: one bit per part, chosen by hash, or all bits for a whole root.
  /// Sets of parts without a common bit have no part in common. What is read has kPassedOn too.
  using Bits = uint64_t;
  /// The bit of conditions that may also say something about other parts than those they read.
  static constexpr Bits kPassedOn = Bits{1} << 63;
  struct Reads {
    Parts parts;
    RootKinds kinds = 0;  ///< of the parts; of every root: anything may be read
    Bits bits = 0;        ///< of the parts, once all are there
  };

  void AddCertain(const expr::InferContext& context, std::span<const Certainty> certainties,
                  Reads&& read, expr::Facts& facts);
  /// A condition with alternatives tells something about one of them if the others are denied.
  /// Where it mentions what is read, and other conditions deny the other alternatives, what these
  /// are about is added to `read`.
  void AddLinked(std::span<const Certainty> certainties, Reads& read);
  [[nodiscard]] bool IsLink(ir::ExprId condition, std::span<const Certainty> certainties,
                            const Reads& read);
  [[nodiscard]] bool IsDenied(ir::ExprId claim, std::span<const Certainty> certainties) const;
  /// Adds what holds where the condition does. If the condition is not about anything that is read,
  /// only its text is added. `held` collects the conditions whose facts were added, each once.
  void AddHeld(const expr::InferContext& context, ir::ExprId condition, const Reads& read,
               llvm::SmallVectorImpl<ir::ExprId>& held, expr::Facts& facts);
  /// Adds the condition as it is written, without facts, if conditions are kept.
  void AddUnread(ir::ExprId condition, expr::Facts& facts) const;
  /// Whether some part of the condition may say something about what is read; false is certain.
  [[nodiscard]] bool MayMatterInPart(ir::ExprId condition, const Reads& read);
  [[nodiscard]] Bits FindBits(ir::ExprId condition) const;
  [[nodiscard]] bool MayMatter(ir::ExprId condition, const Reads& read);
  [[nodiscard]] bool Matters(ir::ExprId condition, const Reads& read);
  [[nodiscard]] bool IsDecided(const Part& part) const;
  [[nodiscard]] bool IsCopied(const Part& part) const;
  [[nodiscard]] static Bits BitsOf(const Parts& parts);
  void AddReads(ir::ExprId id, Reads& reads) const;
  void AddReads(ir::BodyId id, uint32_t depth, Reads& reads) const;
  /// Adds what the fields and the bodies of the stage read.
  void AddReads(const ir::Stage& stage, uint32_t depth, Reads& reads) const;
  [[nodiscard]] const Reads& ReadsOf(ir::ExprId condition);
  [[nodiscard]] bool ChargeBudget(const expr::InferContext& context, const ir::Stage& decide,
                                  ir::ExprId condition);
  void AddOfCase(const expr::InferContext& context, const ir::Stage& decide, uint32_t index,
                 RootKinds read, expr::Facts& facts);
  void AddOfChoice(const expr::InferContext& context, ir::StageId stage, expr::Facts& facts);
  void AddOfSubject(const expr::InferContext& context, const ir::Stage& decide,
                    std::span<const uint32_t> taken, RootKinds read, expr::Facts& facts) const;
  /// The indices of the decide's routes that lead to the stage by its id.
  [[nodiscard]] std::vector<uint32_t> FindRoutes(const ir::Stage& decide, ir::StageId stage) const;

  const ir::Project& project_;
  const Kept kept_;
  bool has_denials_ = false;  // by some condition, of what another one may claim
  /// Indices into `Project::routes`, grouped by the stage that they lead to.
  std::vector<uint32_t> routes_;
  std::vector<uint32_t> first_route_;               // by StageId; one more at the end
  llvm::DenseMap<ir::SchemaId, uint64_t> entries_;  // what narrowing it copies
  llvm::DenseMap<uint32_t, uint64_t> work_;         // by a decide's first route
  uint64_t all_work_ = 0;
  llvm::DenseMap<ir::ExprId, Reads> reads_;  // by condition
  /// By condition, or part of one: the parts that it reads; 0: not known.
  IdVector<ir::ExprId, Bits> bits_;
  std::vector<std::pair<RootKind, uint32_t>> deciding_;  // roots that some decide looks at, sorted
  std::vector<std::pair<RootKind, uint32_t>> copied_;  // roots of which a stage passes something on
};

}  // namespace wfc::passes
