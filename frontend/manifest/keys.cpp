// Only the lookup that is made for every key uses a hash table. The others are linear, because
// sections have few keys and foreign keys are rare.
#include "frontend/manifest/keys.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

namespace wfc::manifest {
namespace {

constexpr KeyInfo kKeys[] = {
#define WFC_FIELD(section, key, member, type, need, since, owners, help) \
  {#section, key, #type, Need::need, Since::since, owners},
#include "frontend/manifest/fields.def"
};

constexpr ForeignKey kForeignKeys[] = {
#define WFC_FOREIGN_KEY(section, foreign, key) {#section, foreign, key, ForeignForm::Same},
#define WFC_FOREIGN_FORM(section, foreign, key, form) {#section, foreign, key, ForeignForm::form},
#include "frontend/manifest/fields.def"
};

struct ForeignWord {
  std::string_view type, foreign, word;
};
constexpr ForeignWord kForeignWords[] = {
#define WFC_FOREIGN_WORD(type, foreign, word) {#type, foreign, word},
#include "frontend/manifest/fields.def"
};

struct ForeignAdvice {
  std::string_view section, foreign, advice;
};
constexpr ForeignAdvice kForeignAdvice[] = {
#define WFC_FOREIGN_ADVICE(section, foreign, advice) {#section, foreign, advice},
#include "frontend/manifest/foreign_keys.def"
};

#define WFC_PLACE_RootOnly(key, singular)
#define WFC_PLACE_OwnFile(key, singular) {key, singular},
constexpr FileSection kFileSections[] = {
#define WFC_PROJECT_FIELD(key, member, type, need, since, place, singular, help) \
  WFC_PLACE_##place(key, singular)
#include "frontend/manifest/fields.def"
};
#undef WFC_PLACE_RootOnly
#undef WFC_PLACE_OwnFile

}  // namespace

std::span<const KeyInfo> FindKeys(std::string_view section) {
  const auto first = std::ranges::find(kKeys, section, &KeyInfo::section);
  const auto last = std::find_if(first, std::end(kKeys),
                                 [&](const KeyInfo& key) { return key.section != section; });
  return {first, last};
}

std::vector<KeyInfo> FindNeededKeys(std::string_view section) {
  std::vector<KeyInfo> needed;
  std::ranges::copy_if(FindKeys(section), std::back_inserter(needed),
                       [](const KeyInfo& info) { return info.need != Need::Optional; });
  return needed;
}

const ForeignKey* FindForeign(std::string_view section, std::string_view foreign) {
  for (const ForeignKey& row : kForeignKeys) {
    if (row.section == section && row.foreign == foreign) return &row;
  }
  return nullptr;
}

std::string_view FindForeignKey(std::string_view section, std::string_view foreign) {
  const ForeignKey* row = FindForeign(section, foreign);
  return row == nullptr ? std::string_view() : row->key;
}

std::string_view FindForeignAdvice(std::string_view section, std::string_view foreign) {
  for (const ForeignAdvice& row : kForeignAdvice) {
    if (row.section == section && row.foreign == foreign) return row.advice;
  }
  return {};
}

std::string_view FindForeignWord(std::string_view type, std::string_view foreign) {
  for (const ForeignWord& row : kForeignWords) {
    if (row.type == type && row.foreign == foreign) return row.word;
  }
  return {};
}

std::string_view FindApplicable(std::string_view section, std::string_view key) {
  using SectionKey = std::pair<llvm::StringRef, llvm::StringRef>;
  static const llvm::DenseMap<SectionKey, std::string_view> rows = [] {
    llvm::DenseMap<SectionKey, std::string_view> all;
    for (const KeyInfo& row : kKeys) {
      if (!row.owners.empty()) all.try_emplace({row.section, row.key}, row.owners);
    }
    return all;
  }();
  return rows.lookup({section, key});
}

bool IsAmongWords(std::string_view words, std::string_view word) {
  for (size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || words[at - 1] == ' ';
    if (begins && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool IsLater(std::string_view section, std::string_view key) {
  return std::ranges::any_of(FindKeys(section), [&](const KeyInfo& info) {
    return info.key == key && info.since == Since::Later;
  });
}

bool HasOwnFile(std::string_view section) {
  return std::ranges::find(kFileSections, section, &FileSection::section) !=
         std::end(kFileSections);
}

std::span<const FileSection> SectionsWithOwnFile() {
  return kFileSections;
}

}  // namespace wfc::manifest
