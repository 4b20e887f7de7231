#include "frontend/lower/freshness.h"

#include "frontend/lower/located.h"

namespace wfc::lower {

specs::FreshnessRules FreshnessRulesOf(const manifest::Syntax& syntax, Day today) {
  specs::FreshnessRules rules{.today = today};
  rules.inactive = specs::DefaultInactive();
  const Id<manifest::SpecsSyntax> id = syntax.project.specs.id;
  if (!id.has_value()) return rules;
  const manifest::SpecsSyntax& section = syntax.specs.all[id];
  for (const Located& glob : ListTexts(At(section, section.files))) {
    rules.files.push_back({glob.text(), glob.span()});
  }
  if (section.max_age.present()) rules.max_age_ns = section.max_age.decoded;
  if (!section.inactive.present()) return rules;
  rules.inactive.clear();
  for (const Located& status : ListTexts(At(section, section.inactive))) {
    rules.inactive.push_back(status.text());
  }
  return rules;
}

}  // namespace wfc::lower
