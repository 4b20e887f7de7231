#include "backend-runtime/plan/verifier.h"

#include <utility>

#include <fmt/core.h>

#include "backend-runtime/plan/check.h"

namespace wfc::plan {
namespace {

/// The largest buffer that FlatBuffers can address, in bytes.
constexpr size_t kMaxBufferLength = (1u << 31) - 1;

template <class T>
std::span<const T> SpanOf(const flatbuffers::Vector<const T*>& vector) {
  return {reinterpret_cast<const T*>(vector.Data()), vector.size()};
}
template <class T>
std::span<const T> SpanOf(const flatbuffers::Vector<T>& vector) {
  return {reinterpret_cast<const T*>(vector.Data()), vector.size()};
}

PlanTables TablesOf(const fb::Plan& root) {
  PlanTables tables;
#define WFC_PLAN_TABLE(name) tables.name = SpanOf(*root.name());
#include "backend-runtime/plan/tables.def"
  return tables;
}

template <class Root>
bool IsStructurallySound(std::span<const std::byte> buffer) {
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(buffer.data()), buffer.size());
  return verifier.VerifyBuffer<Root>(nullptr);
}

VerifyError Malformed(std::string message) {
  return {.kind = VerifyError::Kind::Malformed,
          .message = "the plan is malformed: " + std::move(message)};
}

Result<Header, VerifyError> CheckHeader(std::span<const std::byte> file) {
  using Kind = VerifyError::Kind;
  const size_t magic_length = std::min(file.size(), kMagic.size());
  if (file.empty() || std::memcmp(file.data(), kMagic.data(), magic_length) != 0) {
    return VerifyError{.kind = Kind::NotAPlan, .message = "not a plan"};
  }
  if (file.size() < kHeaderLength) {
    return VerifyError{.kind = Kind::Truncated,
                       .message = "the plan is truncated: it ends within its header"};
  }
  const Header header = ReadHeader(file);
  if (header.version != kFormatVersion) {
    return VerifyError{
        .kind = Kind::OtherVersion,
        .message = fmt::format(
            "the plan has version {} of the format, this wfc reads version {}; compile it "
            "again",
            header.version, kFormatVersion)};
  }
  if (file.size() < header.total_length) {
    return VerifyError{.kind = Kind::Truncated,
                       .message = fmt::format("the plan is truncated: {} of {} bytes are there",
                                              file.size(), header.total_length)};
  }
  if (file.size() > header.total_length || Checksum(file) != header.checksum) {
    return VerifyError{.kind = Kind::Damaged,
                       .message = "the plan is damaged: its checksum does not fit"};
  }
  const size_t rest = file.size() - kHeaderLength;
  if (header.content_length > rest || header.content_length % 8 != 0 || rest > kMaxBufferLength) {
    return Malformed("lengths in its header do not fit");
  }
  return header;
}

Result<void> CheckSourceMap(const fb::SourceMap& map, size_t node_count) {
  const size_t file_count = map.files() == nullptr ? 0 : map.files()->size();
  const size_t digest_count = map.digests() == nullptr ? 0 : map.digests()->size();
  if (digest_count != file_count) return Error{"source map: a file without a digest"};
  if (map.places() == nullptr || map.places()->size() == 0) return {};
  if (map.places()->size() != node_count) return Error{"source map: not a place for each node"};
  for (const fb::NodePlace& place : SpanOf(*map.places())) {
    if (!IsIn(place.file(), file_count)) return Error{"source map: no such file"};
  }
  return {};
}

/// Whether the entries of a vector are aligned for their type; the generated verifier checks only
/// the alignment of its length field.
template <class T>
bool IsAligned(std::span<const T> table) {
  return table.empty() || reinterpret_cast<uintptr_t>(table.data()) % alignof(T) == 0;
}

Result<void> CheckAlignment(const PlanTables& tables) {
#define WFC_PLAN_TABLE(name) \
  if (!IsAligned(tables.name)) return Error{#name ": its entries are not aligned"};
#include "backend-runtime/plan/tables.def"
  return {};
}

}  // namespace

/// Builds the view step by step. It is the only class that can make one.
class PlanVerifier {
 public:
  static Result<PlanView, VerifyError> Run(std::vector<std::byte> bytes) {
    Result<Header, VerifyError> header = CheckHeader(bytes);
    if (!header.ok()) return header.error();
    PlanView view;
    view.bytes_ = std::move(bytes);
    view.header_ = *header;
    if (Result<void> sound = Fill(view); !sound.ok()) return Malformed(sound.error().message);
    return view;
  }

 private:
  static Result<void> Fill(PlanView& view) {
    const std::span<const std::byte> content = view.content();
    const std::span<const std::byte> map = view.bytes().subspan(kHeaderLength + content.size());
    if (!IsStructurallySound<fb::Plan>(content)) return Error{"its tables do not lie inside it"};
    if (!IsStructurallySound<fb::SourceMap>(map))
      return Error{"its source map does not lie inside it"};
    view.root_ = flatbuffers::GetRoot<fb::Plan>(content.data());
    view.source_map_ = flatbuffers::GetRoot<fb::SourceMap>(map.data());
    static_cast<PlanTables&>(view) = TablesOf(*view.root_);

    Result<void> result = CheckAlignment(view);
    if (result.ok()) result = CheckPools(view);
    if (!result.ok()) return result;
    Result<std::vector<Value>> constants = ReadConstants(view);
    if (!constants.ok()) return constants.error();
    view.constants_ = std::move(*constants);

    result = CheckTables(view, *view.root_, view.constants_);
    if (result.ok()) result = CheckSecurity(view);
    if (result.ok()) result = CheckGraph(view, view.constants_);
    if (result.ok()) result = CheckPrograms(view, *view.root_, view.constants_);
    if (result.ok()) result = FillValidator(view);
    if (result.ok()) result = CheckSourceMap(*view.source_map_, view.nodes.size());
    return result;
  }

  /// Verifies the validator programs and compiles their regular expressions.
  static Result<void> FillValidator(PlanView& view) {
    for (const uint32_t constant : view.schema_constants) {
      if (!IsIn(constant, view.constants_.size())) return Error{"schemas: no such constant"};
      view.schema_constants_.push_back(view.constants_[constant]);
    }
    for (const uint32_t pattern : view.schema_patterns) {
      if (!IsIn(pattern, view.string_ends.size())) return Error{"schemas: no such string"};
      view.schema_patterns_.emplace_back(view.text(StringId(pattern)));
    }
    std::vector<uint32_t> entries;
    for (const fb::Schema& schema : view.schemas) entries.push_back(schema.entry());
    const types::SchemaCode code{.code = view.schema_code,
                                 .constants = view.schema_constants_,
                                 .patterns = view.schema_patterns_};
    if (Result<void> sound = types::VerifySchemaCode(code, entries); !sound.ok()) {
      return Error{"schemas: " + sound.error().message};
    }
    Result<types::Validator> validator = types::Validator::Make(code);
    if (!validator.ok()) return Error{"schemas: " + validator.error().message};
    view.validator_ = std::move(*validator);
    return {};
  }
};

Result<PlanView, VerifyError> Verify(std::vector<std::byte> bytes) {
  return PlanVerifier::Run(std::move(bytes));
}

}  // namespace wfc::plan
