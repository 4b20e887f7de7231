// Plans that someone changed and whose checksum fits: refused with a message, or everything that
// the view offers can be walked.
#include <cstdlib>

#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "tests/support/sample_plan.h"
#include "tests/support/simulated_run.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using namespace wfc;
using namespace wfc::plan;

class AbsentContext : public LoadContext {
 public:
  const Value& Load(const Root&, Value& made) override {
    return made = Value::Absent("nothing runs here");
  }
};

void Require(bool condition) {
  if (!condition) std::abort();
}

/// Whatever the verifier let through.
void Walk(const PlanView& plan) {
  Require(!DumpText(plan).empty());
  Require(!DumpJson(plan).empty());
  AbsentContext context;
  for (const ProgramId program : plan.programs.ids()) {
    if (program.index() == 64) break;
    static_cast<void>(Evaluate(plan.program(program), context, {.steps = 10'000}));
  }
  for (const fb::Schema& schema : plan.schemas) {
    for (const Value& value : plan.constants()) {
      static_cast<void>(plan.validator().Validate(schema.entry(), value, {.steps = 10'000}));
    }
  }
}

/// Lengths that fit the data, so that what is behind them is reached.
void Fit(std::span<std::byte> file) {
  Header header = ReadHeader(file);
  header.magic = kMagic;
  header.version = kFormatVersion;
  header.total_length = file.size();
  const size_t rest = file.size() - kHeaderLength;
  if (header.content_length > rest) header.content_length = static_cast<uint32_t>(rest);
  header.content_length -= header.content_length % 8;
  WriteHeader(header, file);
  Reseal(file, FakeSha256);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> bytes(begin, begin + size);
  if (bytes.size() >= kHeaderLength) Fit(bytes);
  const Result<PlanView, VerifyError> plan = Verify(std::move(bytes));
  if (plan.ok()) {
    Walk(*plan);
    Require(runtime::RunSimulated(*plan, size) != runtime::SimulatedEnd::Stuck);
  } else {
    Require(!plan.error().message.empty());
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  static_cast<void>(seed);
  size = LLVMFuzzerMutate(data, size, max_size);
  if (size >= kHeaderLength) Fit(std::as_writable_bytes(std::span(data, size)));
  return size;
}
