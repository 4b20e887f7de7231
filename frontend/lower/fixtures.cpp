// Lowers the fixtures of scripted models: files that map the paths of stages to the answers that
// the model gives them.
#include "llvm/ADT/DenseSet.h"

#include "frontend/lower/entities.h"
#include "frontend/lower/files.h"
#include "frontend/yaml/read.h"
#include "ir/diag/messages.h"
#include "ir/value/text.h"

namespace wfc::lower {

namespace {

using Paths = llvm::DenseSet<uint32_t>;

/// Reads fixtures and checks them. `paths` are the paths of the stages that a model may answer.
class FixtureReader {
 public:
  FixtureReader(Context& context, const Paths& paths) : context_(context), paths_(paths) {}

  /// The answers of a fixture by path, without those that are wrong; null if it cannot be read.
  Value Read(Located path, ir::ModelId model);

 private:
  void RecordAnswers(ir::ModelId model, Located key, Located entries);
  bool CheckIsMap(Located root);
  void CheckStage(Located key);
  bool CheckEntries(Located key, Located entries);
  void CheckEntry(Located entry);
  void ReportKind(Span span, std::string_view what, std::string_view expected, Located found);

  Context& context_;
  const Paths& paths_;
};

Value FixtureReader::Read(Located path, ir::ModelId model) {
  FileId file = ReadProjectFile(context_, path, "fixture");
  if (!file.has_value()) return {};
  yaml::Tree tree = yaml::Read(context_.sources, file, context_.sink);
  Located root = {&tree, tree.root()};
  if (!root.present() || !CheckIsMap(root)) return {};
  std::vector<MapEntry> entries;
  std::span<const yaml::NodeId> children = tree.children(root.node);
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    CheckStage(root.At(children[i]));
    if (!CheckEntries(root.At(children[i]), root.At(children[i + 1]))) continue;
    RecordAnswers(model, root.At(children[i]), root.At(children[i + 1]));
    entries.push_back({Value::String(tree.text(children[i])), ToValue(root.At(children[i + 1]))});
  }
  return Value::Map(std::move(entries));
}

/// Records the answers for the passes, which compare them with what the stage returns.
void FixtureReader::RecordAnswers(ir::ModelId model, Located key, Located entries) {
  uint32_t index = 0;
  for (yaml::NodeId item : entries.tree->children(entries.node)) {
    const Located entry = entries.At(item);
    if (entry.kind() == yaml::Kind::Poison) continue;
    context_.project.scripted_answers.push_back({.model = model,
                                                 .path = context_.Intern(key.text()),
                                                 .index = index++,
                                                 .entry = ToValue(entry),
                                                 .span = entry.span()});
  }
}

bool FixtureReader::CheckIsMap(Located root) {
  if (root.kind() == yaml::Kind::Map) return true;
  bool is_empty = root.kind() == yaml::Kind::Null || root.kind() == yaml::Kind::Poison;
  if (!is_empty) ReportKind(root.span(), "a fixture", "a map of stage paths to lists", root);
  return false;
}

void FixtureReader::CheckStage(Located key) {
  const ir::Project& project = context_.project;
  StringId path = project.strings.Find(key.text());
  if (path.has_value() && paths_.contains(path.index())) return;
  // A manifest with a part that could not be read may define the stage.
  for (const yaml::TreePtr& tree : context_.syntax.trees) {
    if (tree->has_errors()) return;
  }
  std::string_view suggestion =
      Suggest(context_, key.text(), project.stages.size(), [&](auto consider) {
        for (const ir::Stage& stage : project.stages) {
          if (project.FindAgentCall(stage) != nullptr) consider(project.text(stage.path));
        }
      });
  ReportUndefined(context_, key.span(), "agent stage", key.text(), suggestion);
}

bool FixtureReader::CheckEntries(Located key, Located entries) {
  if (entries.kind() == yaml::Kind::Poison) return false;
  if (entries.kind() != yaml::Kind::List) {
    ReportKind(entries.span(), key.text(), "a list with one entry per call", entries);
    return false;
  }
  for (yaml::NodeId item : entries.tree->children(entries.node)) CheckEntry(entries.At(item));
  return true;
}

/// Checks an answer. The provider interprets `{error: CODE}` and `{delay: TIME, value: …}`; any
/// other value is itself the answer.
void FixtureReader::CheckEntry(Located entry) {
  if (entry.kind() != yaml::Kind::Map) return;
  uint32_t count = entry.tree->entry_count(entry.node);
  Located error = entry.At(entry.tree->FindValue(entry.node, "error"));
  if (count == 1 && error.present()) {
    if (ParseWord<FailureCode>(error.text())) return;
    context_.sink.Report(diag::BadValue, error.span(), error.text(), "an error code");
    return;
  }
  Located delay = entry.At(entry.tree->FindValue(entry.node, "delay"));
  bool is_delayed =
      count == 2 && delay.present() && entry.tree->FindValue(entry.node, "value").has_value();
  if (is_delayed && !ParseDuration(delay.text())) {
    context_.sink.Report(diag::BadValue, delay.span(), delay.text(), "a duration such as `50ms`");
  }
}

void FixtureReader::ReportKind(Span span, std::string_view what, std::string_view expected,
                               Located found) {
  context_.sink.Report(diag::WrongKind, span, what, expected, yaml::GetName(found.kind()));
}

}  // namespace

void LowerFixtures(Context& context) {
  Paths paths;
  for (const ir::Stage& stage : context.project.stages) {
    // A stage that is not supported yet may be one that a model answers.
    bool is_asked = context.project.FindAgentCall(stage) != nullptr || stage.is_poison();
    if (is_asked) paths.insert(stage.path.index());
  }
  FixtureReader reader(context, paths);
  for (ir::ModelId id : context.project.models.ids()) {
    const ir::Model& model = context.project.models[id];
    if (model.is_implicit) continue;
    const ms::ModelGroupSyntax* group = context.model_syntax[id.index()];
    std::span<const Id<ms::ModelMemberSyntax>> members =
        View(context.syntax.model_members, group->members.range);
    for (uint32_t i = 0; i < members.size(); ++i) {
      const ms::ModelMemberSyntax& member = context.syntax.model_members.all[members[i]];
      if (!member.fixture.present()) continue;
      context.project.model_members[model.members.first + i].fixture =
          reader.Read(At(member, member.fixture), id);
    }
  }
}

}  // namespace wfc::lower
