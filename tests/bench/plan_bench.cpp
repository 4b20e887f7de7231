// A plan of 1,000,000 nodes and 3,000,000 edges: how long it takes to verify from memory, and how
// large it is.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include <time.h>

#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/plan/writer.h"
#include "ir/expr/vm/bytecode.h"
#include "tests/bench/bounds.h"
#include "tests/support/policies.h"

namespace wfc::plan {
namespace {

constexpr uint32_t kNodes = 1'000'000;
constexpr uint32_t kEdges = 3'000'000;
constexpr uint32_t kPrograms = 1000;
constexpr int kRepeats = 9;

Sha256Digest NoDigest(std::span<const std::byte> bytes) {
  static_cast<void>(bytes);
  return {};
}

/// Random edges, each to a higher number: one from every node that has one after it, the others
/// anywhere.
std::vector<std::vector<uint32_t>> MakeRows() {
  std::mt19937 random(1);
  std::vector<std::vector<uint32_t>> rows(kNodes);
  for (uint32_t i = 0; i < kEdges; ++i) {
    const uint32_t from = i < kNodes - 1 ? i : static_cast<uint32_t>(random() % (kNodes - 1));
    const auto to = static_cast<uint32_t>(from + 1 + random() % (kNodes - from - 1));
    rows[from].push_back(PackEdge({.to = NodeId(to), .kind = fb::EdgeKind::HardAfter}));
  }
  for (std::vector<uint32_t>& row : rows) {
    std::ranges::sort(row);
    row.erase(std::ranges::unique(row).begin(), row.end());
  }
  return rows;
}

PlanBuilder MakePlan() {
  PlanBuilder builder;
  fb::PlanT& plan = builder.tables;
  plan.project = plan.workflow = plan.compiler = builder.AddString("bench");
  plan.modes = 0b1000;
  plan.default_mode = fb::Mode::Implement;
  plan.scopes.emplace_back(fb::Range(0, 0), fb::Range(0, 0), kAllBits<Capability>);
  plan.scope_lists = {0};
  plan.authorities.emplace_back(fb::Range(0, 1));
  plan.policies.push_back(MakePolicy());
  for (uint32_t i = 0; i < kPrograms; ++i) {
    const uint32_t words[] = {MakeWord(Opcode::Const), builder.AddConstant(Value::Int(i)),
                              MakeWord(Opcode::Return)};
    builder.AddProgram(words);
  }
  const std::vector<std::vector<uint32_t>> rows = MakeRows();
  std::vector<uint32_t> in_degrees(kNodes);
  for (const std::vector<uint32_t>& row : rows) {
    for (const uint32_t word : row) ++in_degrees[UnpackEdge(word).to.index()];
  }
  for (uint32_t i = 0; i < kNodes; ++i) {
    plan.nodes.emplace_back(
        builder.AddString("stage_" + std::to_string(i)), fb::Verb::Transform, fb::Join::All, 0,
        in_degrees[i], static_cast<uint32_t>(plan.edges.size()), 0, i % kPrograms, kNone, 0, kNone);
    plan.edges.insert(plan.edges.end(), rows[i].begin(), rows[i].end());
    builder.source_map.places.emplace_back(i + 1, 3, 0);
  }
  plan.regions.emplace_back(fb::Range(0, kNodes), kNone, kNone, fb::Range(0, 0),
                            fb::RegionKind::Workflow, false);
  builder.source_map.files = {"wfc.yaml"};
  builder.source_map.digests = {std::string(64, '0')};
  return builder;
}

/// Milliseconds of this thread alone: verifying waits for nothing, and what else runs on the
/// machine is not measured.
double ThreadMilliseconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

double VerifyOnce(const std::vector<std::byte>& bytes) {
  std::vector<std::byte> copy = bytes;
  const double started = ThreadMilliseconds();
  const Result<PlanView, VerifyError> plan = Verify(std::move(copy));
  const double took = ThreadMilliseconds() - started;
  if (!plan.ok()) {
    fmt::print("the plan was refused: {}\n", plan.error().message);
    std::exit(1);
  }
  return took;
}

int Main() {
  const PlanBuilder builder = MakePlan();
  const std::vector<std::byte> bytes = WritePlan(builder, NoDigest);
  double best = VerifyOnce(bytes);
  for (int i = 1; i < kRepeats; ++i) best = std::min(best, VerifyOnce(bytes));
  bench::Bounds bounds;
  bounds.Keep("plan of 1,000,000 nodes: verify from memory", best, 30, "ms");
  const auto names = static_cast<double>(builder.tables.string_bytes.size());
  bounds.Keep("plan of 1,000,000 nodes: bytes a node beyond names",
              (static_cast<double>(bytes.size()) - names) / kNodes, 64, "bytes");
  return bounds.exit_code();
}

}  // namespace
}  // namespace wfc::plan

int main() {
  return wfc::plan::Main();
}
