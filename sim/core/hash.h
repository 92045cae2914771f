#pragma once
/// FNV-1a, 64 bit: tells files and records apart; no protection against anybody who wants them confused.
#include <cstdint>
#include <string>
#include <string_view>

namespace hipspine {

[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

/// 16 hexadecimal digits.
[[nodiscard]] inline std::string hex_digits(std::uint64_t hash) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; hash >>= 4) text[i] = "0123456789abcdef"[hash & 15];
  return text;
}

}  // namespace hipspine
