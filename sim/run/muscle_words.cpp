// A muscle name is stem + part + side: "glmed" "2" "_r". Longer stems stand before shorter ones that begin alike.
#include "sim/run/muscle_words.h"

#include <algorithm>
#include <utility>

namespace hipspine {
namespace {

constexpr std::pair<std::string_view, std::string_view> kStems[] = {
    {"addbrev", "adductor brevis"},
    {"addlong", "adductor longus"},
    {"addmag", "adductor magnus"},
    {"bflh", "biceps femoris, long head"},
    {"bfsh", "biceps femoris, short head"},
    {"edl", "long toe extensor"},
    {"ehl", "long extensor of the great toe"},
    {"fdl", "long toe flexor"},
    {"fhl", "long flexor of the great toe"},
    {"gaslat", "gastrocnemius, outer head"},
    {"gasmed", "gastrocnemius, inner head"},
    {"glmax", "gluteus maximus"},
    {"glmed", "gluteus medius"},
    {"glmin", "gluteus minimus"},
    {"grac", "gracilis"},
    {"iliacus", "iliacus"},
    {"peroneals", "peroneal muscles"},
    {"perbrev", "peroneus brevis"},
    {"perlong", "peroneus longus"},
    {"piri", "piriformis"},
    {"psoas", "psoas"},
    {"quadfem", "quadratus femoris"},
    {"gem", "gemelli"},
    {"pect", "pectineus"},
    {"recfem", "rectus femoris"},
    {"sart", "sartorius"},
    {"semimem", "semimembranosus"},
    {"semiten", "semitendinosus"},
    {"soleus", "soleus"},
    {"tfl", "tensor fasciae latae"},
    {"toe_ext", "long toe extensors"},
    {"toe_flex", "long toe flexors"},
    {"tibant", "tibialis anterior"},
    {"tibpost", "tibialis posterior"},
    {"vasint", "vastus intermedius"},
    {"vaslat", "vastus lateralis"},
    {"vasmed", "vastus medialis"},
    {"ESlumb", "erector spinae, lumbar"},
    {"ESthor", "erector spinae, thoracic"},
    {"LTpT", "longissimus, thoracic"},
    {"ILpT", "iliocostalis, thoracic"},
    {"LTpL", "longissimus, lumbar"},
    {"LT", "longissimus, thoracic"},
    {"LL", "longissimus, lumbar"},
    {"ILpL", "iliocostalis, lumbar"},
    {"IL", "iliocostalis"},
    {"MF", "multifidus"},
    {"QL", "quadratus lumborum"},
    {"RA", "rectus abdominis"},
    {"rect_abd", "rectus abdominis"},
    {"EO", "external oblique"},
    {"IO", "internal oblique"},
    {"TrA", "transversus abdominis"},
};

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

}  // namespace

std::string muscle_words(std::string_view name) {
  std::string_view part = name;
  std::string side;
  if (name.size() > 2 && name.substr(name.size() - 2) == "_r") side = ", right";
  if (name.size() > 2 && name.substr(name.size() - 2) == "_l") side = ", left";
  if (!side.empty()) part.remove_suffix(2);
  for (const auto& [stem, words] : kStems) {
    if (!starts_with(part, stem)) continue;
    std::string rest(part.substr(stem.size()));
    for (char& c : rest)
      if (c == '_') c = ' ';
    if (!rest.empty() && rest.front() != ' ') rest.insert(0, 1, ' ');
    return std::string(words) + rest + side;
  }
  return std::string(part) + side;
}

std::string level_words(std::string level) {
  std::replace(level.begin(), level.end(), '_', '/');
  return level;
}

std::string structure_words(const std::string& column) {
  const std::size_t end = column.find('_', column.find('_') + 1);
  const std::string level = level_words(column.substr(0, end)), rest = column.substr(end + 1);
  return rest == "facet_r"   ? level + ", right facet joint"
         : rest == "facet_l" ? level + ", left facet joint"
                             : level + ", disc";
}

}  // namespace hipspine
