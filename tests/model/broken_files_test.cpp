// Broken files and exactly what is said about them.
//   tests/files/scenario/NAME.toml   a scenario; NAME.expected beside it holds the findings, word for word
//   tests/files/model/NAME.toml      file, find, replace: one change that breaks a copy of tests/files/model/base
// The words after "this is not valid TOML:" are those of toml++ 3.3, as in Debian 12.
// Files that cannot be kept in a repository (huge, binary, unreadable) are made here.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "sim/core/document.h"
#include "sim/model/model_file.h"
#include "sim/model/scenario.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::vector<fs::path> cases(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// `text` with every `what` taken out.
std::string without(std::string text, const std::string& what) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) text.erase(at, what.size());
  return text;
}

std::string expected(fs::path file) { return read(file.replace_extension(".expected")); }

/// Everything that reading a scenario and its model says.
std::string said_of_scenario(const fs::path& file) {
  Diagnostics d;
  const Scenario scenario = load_scenario(file, {}, d);
  if (!d.has_errors()) load_model(default_model_folder(), scenario, d);
  return d.text();
}

/// A folder of its own for this process, gone afterwards.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("hipspine_broken_" + std::to_string(getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

std::string said_of_model(const fs::path& folder) {
  Diagnostics d;
  load_model(folder, Scenario{}, d);
  return without(d.text(), folder.generic_string() + "/");
}

}  // namespace

TEST_SUITE("files") {
  TEST_CASE("broken scenarios") {
    const auto files = cases("tests/files/scenario");
    CHECK(files.size() >= 45);
    for (const fs::path& file : files) {
      CAPTURE(file.string());
      CHECK(without(said_of_scenario(file), "tests/files/scenario/") == expected(file));
    }
  }

  TEST_CASE("broken models") {
    const Folder folder;
    REQUIRE(said_of_model("tests/files/model/base") == "");
    const auto files = cases("tests/files/model");
    CHECK(files.size() >= 40);
    for (const fs::path& file : files) {
      CAPTURE(file.string());
      Diagnostics d;
      const Document change = Document::load(file, d);
      Table root = change.root();
      const std::string name = root.text("file"), find = root.text("find"), replace = root.text("replace");
      root.finish();
      REQUIRE(d.text() == "");
      for (const char* part : {"body.toml", "muscles.toml"})
        fs::copy_file(fs::path("tests/files/model/base") / part, folder.path / part,
                      fs::copy_options::overwrite_existing);
      std::string text = read(folder.path / name);
      const size_t at = text.find(find);
      REQUIRE(at != std::string::npos);
      write(folder.path / name, text.replace(at, find.size(), replace));
      CHECK(said_of_model(folder.path) == expected(file));
    }
  }

  TEST_CASE("scenario files that are no text at all") {
    const Folder folder;
    const auto says = [&](const std::string& name) {
      return without(said_of_scenario(folder.path / name), folder.path.generic_string() + "/");
    };
    CHECK(says("none.toml") == "none.toml: error E101: there is no such file\n");
    fs::create_directory(folder.path / "folder.toml");
    CHECK(says("folder.toml") == "folder.toml: error E101: this is a folder, not a file\n");
    write(folder.path / "empty.toml", "");
    CHECK(says("empty.toml") == "empty.toml: error E104: the file is empty\n");
    write(folder.path / "huge.toml", std::string((4u << 20) + 1, 'x'));
    CHECK(says("huge.toml") ==
          "huge.toml: error E102: the file is larger than 4 MiB\n  hint: is this a scenario or model file?\n");
    std::string noise;
    for (unsigned i = 0, x = 1; i < 4096; ++i, x = x * 1664525u + 1013904223u) noise += static_cast<char>(x >> 24);
    write(folder.path / "binary.toml", noise);
    CHECK(says("binary.toml").starts_with("binary.toml: error E103: this is not UTF-8 text (byte "));
    write(folder.path / "utf16.toml", std::string("\xff\xfet\0i\0t\0l\0e\0", 12));
    CHECK(says("utf16.toml") ==
          "utf16.toml: error E103: this is not UTF-8 text (byte 1)\n  hint: save the file as plain text in UTF-8\n");
    write(folder.path / "nested.toml", "title = " + std::string(100000, '['));
    CHECK(says("nested.toml").starts_with("nested.toml:1:"));
    write(folder.path / "locked.toml", "speed_m_s = 1\n");
    fs::permissions(folder.path / "locked.toml", fs::perms::none);
    if (access((folder.path / "locked.toml").c_str(), R_OK) != 0)  // root may read everything
      CHECK(says("locked.toml") == "locked.toml: error E101: the file cannot be opened for reading\n");
    fs::create_symlink(folder.path / "loop.toml", folder.path / "loop.toml");
    CHECK(says("loop.toml") == "loop.toml: error E101: there is no such file\n");
    CHECK(says("/dev/zero") == "/dev/zero: error E101: this is not a regular file\n");
  }

  TEST_CASE("model folders without their files") {
    const Folder folder;
    CHECK(said_of_model(folder.path) == "body.toml: error E101: there is no such file\n");
    write(folder.path / "body.toml", "\n");
    CHECK(said_of_model(folder.path) == "body.toml: error E104: the file is empty\n");
    fs::copy_file("tests/files/model/base/body.toml", folder.path / "body.toml", fs::copy_options::overwrite_existing);
    CHECK(said_of_model(folder.path) == "muscles.toml: error E101: there is no such file\n");
  }

  TEST_CASE("any cut of a sound scenario or body is survived") {
    for (const char* file : {"scenarios/fused_r.toml", "tests/files/model/base/body.toml"}) {
      const Folder folder;
      const std::string text = read(file);
      const bool body = std::string(file).ends_with("body.toml");
      for (size_t length = 0; length < text.size(); length += 1 + text.size() / 97) {
        CAPTURE(length);
        write(folder.path / "body.toml", text.substr(0, length));
        Diagnostics d;
        if (body)
          load_model(folder.path, Scenario{}, d);
        else
          load_scenario(folder.path / "body.toml", {}, d);
        for (const Finding& f : d.findings()) CHECK(f.place.file.ends_with(".toml"));
        if (body) CHECK(d.has_errors());
      }
    }
  }
}
