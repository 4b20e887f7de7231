#include "backend-runtime/runtime/drive/branch.h"

#include <utility>

#include <fmt/format.h>

#include "backend-runtime/runtime/drive/bad_record.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/drive/run_start.h"

namespace wfc::runtime {
namespace {

/// Whether the new run has the fact, if it is about no stage.
bool IsTakenOfRun(FactType type) {
  return type == FactType::EpochBegan;  // interrupted calls were begun again after it
}

Value With(const Value& map, std::vector<MapEntry> entries) {
  for (const MapEntry& entry : map.entries()) {
    bool is_replaced = false;
    for (const MapEntry& own : entries) is_replaced = is_replaced || own.key == entry.key;
    if (!is_replaced) entries.push_back(entry);
  }
  return Value::Map(std::move(entries));
}

}  // namespace

std::set<NodeId> StagesFrom(const plan::PlanView& plan, NodeId from) {
  std::set<NodeId> found = {from};
  std::vector<NodeId> open = {from};
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    for (const uint32_t word : plan.edges_of(node)) {
      const NodeId target = plan::UnpackEdge(word).to;
      if (found.insert(target).second) open.push_back(target);
    }
  }
  return found;
}

Result<void> Branch::Take(const journal::Row& row, journal::Blobs& blobs) {
  if (!row.is_fact()) return {};
  Result<Record> record = ReadRecord(row, blobs);
  if (!record) return BadRecord(row.seq, record.error().message);
  if (run_ == nullptr) {
    Result<RunStart> start = ReadRunStart(plan_, *record);
    if (!start) return BadRecord(row.seq, start.error().message);
    *record = MakeStart(*record);
    identity_.mode = start->identity.mode;
    identity_.seed = start->identity.seed;
    start->identity = identity_;
    run_ = MakeRun(plan_, *std::move(start), silence_);
  } else if (!IsTaken(*record)) {
    has_ended_ = record->fact.type == FactType::RunEnded;
    return {};
  }
  const uint64_t old_sequence = row.seq;
  record->fact.sequence = records_.size() + 1;
  record->fact.time = 0;
  if (record->fact.type == FactType::EpochBegan) {
    record->value = Value::Timestamp(identity_.started_at);
  }
  if (record->fact.slot.body.sequence != 0) {
    record->fact.slot.body.sequence = bodies_.at(record->fact.slot.body.sequence);
  }
  if (record->fact.type == FactType::BodyEntered) bodies_[old_sequence] = record->fact.sequence;
  record->attempt = run_->AttemptOf(record->fact);
  const Contradiction contradiction = run_->Apply(*record);
  if (contradiction != Contradiction::None) {
    record->fact.sequence = old_sequence;
    return BadRecord(record->fact, contradiction);
  }
  records_.push_back(*std::move(record));
  return {};
}

/// The first record of the new run: the recorded one's, with another identity and a parent.
Record Branch::MakeStart(const Record& parent) const {
  Record start = parent;
  const Value* parent_id = parent.value.Find("run");
  start.value =
      With(parent.value, {{Value::String("folder"), Value::String(identity_.folder)},
                          {Value::String("parent"), *parent_id},
                          {Value::String("run"), Value::String(identity_.id)},
                          {Value::String("time"), Value::Timestamp(identity_.started_at)}});
  return start;
}

bool Branch::IsTaken(const Record& record) {
  const Fact& fact = record.fact;
  if (!fact.slot.node.has_value()) return IsTakenOfRun(fact.type);
  const NodeId ancestor = AncestorOf(fact.slot);
  if (fact.type == FactType::BodyEntered) ancestors_[fact.sequence] = ancestor;
  return ancestor.has_value() && !again_.contains(ancestor);
}

/// None if the body has not been entered, as in no whole record.
NodeId Branch::AncestorOf(const SlotName& slot) const {
  if (slot.body.sequence == 0) return slot.node;
  const auto found = ancestors_.find(slot.body.sequence);
  return found == ancestors_.end() ? NodeId() : found->second;
}

Result<std::vector<Record>> Branch::Finish() const {
  if (run_ == nullptr) return Error{"nothing of the run has been recorded"};
  if (!has_ended_) {
    return Error{"the run has not ended; go on with it first, or cancel it"};
  }
  const StateMachine& machine = run_->machine();
  const Instance& workflow = machine.instances().workflow();
  if (machine.run_status() == RunStatus::Running) return records_;
  const SlotId failed = workflow.failed_slot;
  return Error{
      fmt::format("{} had not succeeded, and would not run again: start from {}",
                  failed.has_value()
                      ? fmt::format("stage `{}`", plan_.name(machine.instances().node_of(failed)))
                      : "a stage before it",
                  failed.has_value() ? "that stage" : "an earlier one")};
}

}  // namespace wfc::runtime
