// Documents: what each getter accepts, what it says about the rest, and where.
#include "sim/core/document.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <limits>

using namespace hipspine;

namespace {
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr Range kAny{-kInf, kInf};
}  // namespace

TEST_SUITE("core/document") {
  TEST_CASE("values come back as written") {
    Diagnostics d;
    const Document doc = Document::parse(
        "title = \"a\"\nflag = true\nwhole = 3\nreal = -2.5\nlist = [1, 2.5, 3]\nnames = [\"x\", \"y\"]\n"
        "[part]\ndepth_m = 0.5\n[[row]]\nn = 1\n[[row]]\nn = 2\n",
        "t.toml", d);
    Table root = doc.root();
    CHECK(root.text("title") == "a");
    CHECK(root.boolean("flag"));
    CHECK(root.number("whole", kAny) == 3.0);
    CHECK(root.number("real", kAny) == -2.5);
    CHECK(root.number("absent", kAny, 7.0) == 7.0);
    CHECK(root.vec3("list", kAny) == Vec3(1, 2.5, 3));
    CHECK(root.texts("names") == std::vector<std::string>{"x", "y"});
    CHECK(root.table("part").number("depth_m", {0, 1}) == 0.5);
    const auto rows = root.tables("row");
    REQUIRE(rows.size() == 2);
    CHECK(Table(rows[1]).number("n", kAny) == 2.0);
    CHECK(root.tables("none", false).empty());
    root.finish();
    CHECK(d.text() == "");
    CHECK(root.keys() == std::vector<std::string>{"title", "flag", "whole", "real", "list", "names", "part", "row"});
  }

  TEST_CASE("every mistake is found in one reading, with its place") {
    Diagnostics d;
    const Document doc = Document::parse(
        "a_deg = 250\nb = \"text\"\nc = [1, 2]\nd = [1, \"x\", 9]\nspede = 1\ne = inf\nf = nan\n[part]\nx = 1\n",
        "t.toml", d);
    Table root = doc.root();
    CHECK(root.number("a_deg", {-30, 140}, 120.0) == 120.0);
    CHECK(root.number("b", kAny, 1.0) == 1.0);
    CHECK(root.numbers("c", 3, kAny).empty());
    CHECK(root.numbers("d", 3, {0, 5}) == std::vector<double>{1, 0, 0});
    root.number("speed", kAny, 1.0);
    root.number("e", kAny, 0.0);
    root.number("f", kAny, 0.0);
    root.number("g", kAny);
    root.text("part");
    root.table("h");
    root.table("h").number("silent", kAny);
    root.finish();
    CHECK(d.text() ==
          "t.toml:1:9: error E203: a_deg = 250 is outside -30 .. 140 deg\n"
          "t.toml:2:5: error E201: 'b' must be a number, not text\n"
          "t.toml:3:5: error E204: 'c' has 2 numbers, it needs 3\n"
          "t.toml:4:9: error E201: 'd[1]' must be a number, not text\n"
          "t.toml:4:14: error E203: d[2] = 9 is outside 0 .. 5\n"
          "t.toml:6:5: error E203: e = inf is not a finite number\n"
          "t.toml:7:5: error E203: f = nan is not a finite number\n"
          "t.toml: error E110: missing key 'g'\n"
          "t.toml:8:1: error E201: 'part' must be text in quotes, not a table\n"
          "t.toml: error E110: missing table 'h'\n"
          "t.toml: error E110: missing table 'h'\n"
          "t.toml:5:1: error E105: unknown key 'spede'\n"
          "  hint: did you mean 'speed'?\n");
  }

  TEST_CASE("of very many mistakes the first are shown, the rest are counted") {
    Diagnostics d;
    for (int i = 0; i < 250; ++i) d.add({"a.toml", i + 1, 1}, "E105", "unknown key");
    const std::string text = d.text();
    CHECK(std::count(text.begin(), text.end(), '\n') == 101);
    CHECK(text.find("a.toml:100:1: ") != std::string::npos);
    CHECK(text.find("a.toml:101:1: ") == std::string::npos);
    CHECK(text.substr(text.size() - 22) == "and 150 more findings\n");
  }

  TEST_CASE("text of all languages, in quotes and comments") {
    Diagnostics d;
    const Document doc = Document::parse(
        "# Hüfte steif, 髋关节\nname = \"Größe 10°\"\n\"Schlüssel\" = 1\nlong = \"\"\"a\\\n  é\"\"\"\n", "t.toml", d);
    Table root = doc.root();
    CHECK(root.text("name") == "Größe 10°");
    CHECK(root.number("Schlüssel", kAny) == 1);
    CHECK(root.text("long") == "aé");
    CHECK(d.text() == "");
  }

  TEST_CASE("an absent optional table lends its place to its required keys") {
    Diagnostics d;
    const Document doc = Document::parse("[a]\nx = 1\n", "t.toml", d);
    Table root = doc.root();
    Table a = root.table("a");
    Table b = a.table("b", false);
    CHECK_FALSE(b.has("y"));
    CHECK(b.number("y", {2, 3}) == 2.0);  // the nearest allowed value to zero
    CHECK(d.text() == "t.toml:1:1: error E110: missing key 'a.b.y'\n");
  }

  TEST_CASE("faults of the text itself") {
    const auto says = [](std::string_view text) {
      Diagnostics d;
      const Document doc = Document::parse(text, "t.toml", d);
      Table root = doc.root();
      root.number("quiet", kAny);  // a document that could not be read says so once
      root.table("quiet too");
      root.finish();
      CHECK(root.keys().empty());
      return d.text();
    };
    using namespace std::string_view_literals;
    CHECK(says("").starts_with("t.toml: error E104: the file is empty"));
    CHECK(says("# only words\n\t\r\n ").starts_with("t.toml: error E104"));
    CHECK(says("a\0b"sv).starts_with("t.toml: error E103: this is not UTF-8 text (byte 2)"));
    CHECK(says("a = \"\xff\"").starts_with("t.toml: error E103: this is not UTF-8 text (byte 6)"));
    CHECK(says("a = \"\xc3").starts_with("t.toml: error E103: this is not UTF-8 text (byte 6)"));
    CHECK(says("a = 1\nb = = 2\n").starts_with("t.toml:2:5: error E106: this is not valid TOML: "));
    CHECK(says("a = 1\na = 2\n").starts_with("t.toml:2:5: error E106: this is not valid TOML: "));
    CHECK(says("[[[\n").starts_with("t.toml:1:3: error E106"));
    CHECK(says("a = 1\xc2\xb0\n").starts_with("t.toml:1:6: error E106"));
    CHECK(says("\xc3\xbc = 1\n").starts_with("t.toml:1:1: error E106"));
    CHECK(says(std::string(5000, '[')).starts_with("t.toml:1:"));
  }

  TEST_CASE("files that cannot be read are findings") {
    const auto says = [](const std::filesystem::path& path) {
      Diagnostics d;
      Document::load(path, d);
      REQUIRE(d.findings().size() == 1);
      return d.findings()[0].code + ": " + d.findings()[0].message;
    };
    const auto folder = std::filesystem::temp_directory_path() / "hipspine_document_test";
    std::filesystem::create_directories(folder);
    CHECK(says(folder / "none.toml") == "E101: there is no such file");
    CHECK(says(folder) == "E101: this is a folder, not a file");
    CHECK(says("/dev/zero") == "E101: this is not a regular file");
    std::ofstream(folder / "huge.toml") << std::string((4u << 20) + 1, '#');
    CHECK(says(folder / "huge.toml") == "E102: the file is larger than 4 MiB");
    std::ofstream(folder / "full.toml") << "a = 1 " << std::string((4u << 20) - 6, ' ');
    Diagnostics d;
    Document::load(folder / "full.toml", d);
    CHECK(d.text() == "");
    std::filesystem::remove_all(folder);
  }

  TEST_CASE("the hash is FNV-1a of the bytes") {
    Diagnostics d;
    // Reference values of the algorithm's authors for "" and "a".
    CHECK(Document::parse("", "t", d).hash() == "cbf29ce484222325");
    CHECK(Document::parse("a", "t", d).hash() == "af63dc4c8601ec8c");
  }

  TEST_CASE("hints name what is near, or what there is") {
    const std::vector<std::string> known{"strategy", "speed_m_s", "task"};
    CHECK(hint_for_unknown("stratgy", known) == "did you mean 'strategy'?");
    CHECK(hint_for_unknown("zzz", known) == "known: strategy, speed_m_s, task");
    CHECK(hint_for_unknown("zzz", {}) == "");
  }
}
