#include "backend-runtime/plan/writer.h"

#include <cstring>

#include "ir/base/check.h"
#include "ir/value/binary.h"

namespace wfc::plan {
namespace {

constexpr size_t kAlignment = 8;

/// The bytes of one finished buffer, padded so that the next one is aligned as well.
template <class Pack>
std::vector<std::byte> Finish(Pack pack) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(pack(builder));
  const auto* data = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  std::vector<std::byte> bytes(data, data + builder.GetSize());
  bytes.resize((bytes.size() + kAlignment - 1) / kAlignment * kAlignment);
  return bytes;
}

}  // namespace

PlanBuilder::PlanBuilder() {
  tables.input = kNone;
  tables.output = kNone;
  tables.returns = kNone;
  tables.workspace = kNone;
  tables.path = kNone;
  tables.concurrency = 1;
}

uint32_t PlanBuilder::AddString(std::string_view text) {
  const auto [entry, is_new] = string_index_.try_emplace(
      std::string(text), static_cast<uint32_t>(tables.string_ends.size()));
  if (is_new) {
    tables.string_bytes.insert(tables.string_bytes.end(), text.begin(), text.end());
    tables.string_ends.push_back(static_cast<uint32_t>(tables.string_bytes.size()));
  }
  return entry->second;
}

uint32_t PlanBuilder::AddConstant(const Value& value) {
  AppendBinary(tables.constant_bytes, value);
  tables.constant_ends.push_back(static_cast<uint32_t>(tables.constant_bytes.size()));
  return static_cast<uint32_t>(tables.constant_ends.size() - 1);
}

uint32_t PlanBuilder::AddProgram(std::span<const uint32_t> code) {
  tables.programs.emplace_back(static_cast<uint32_t>(tables.code.size()),
                               static_cast<uint32_t>(code.size()));
  tables.code.insert(tables.code.end(), code.begin(), code.end());
  return static_cast<uint32_t>(tables.programs.size() - 1);
}

std::vector<std::byte> WritePlan(const PlanBuilder& builder, Sha256Function sha256) {
  const std::vector<std::byte> content =
      Finish([&](auto& out) { return fb::CreatePlan(out, &builder.tables); });
  const std::vector<std::byte> map =
      Finish([&](auto& out) { return fb::CreateSourceMap(out, &builder.source_map); });

  Header header;
  header.content_length = static_cast<uint32_t>(content.size());
  header.total_length = kHeaderLength + content.size() + map.size();
  std::vector<std::byte> file(kHeaderLength);
  file.reserve(header.total_length);
  file.insert(file.end(), content.begin(), content.end());
  file.insert(file.end(), map.begin(), map.end());
  WriteHeader(header, file);
  Reseal(file, sha256);
  return file;
}

void Reseal(std::span<std::byte> file, Sha256Function sha256) {
  Header header = ReadHeader(file);
  WFC_CHECK(header.content_length <= file.size() - kHeaderLength);
  header.identity = sha256(file.subspan(kHeaderLength, header.content_length));
  WriteHeader(header, file);
  header.checksum = Checksum(file);
  WriteHeader(header, file);
}

}  // namespace wfc::plan
