#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace fleetstatus {

/// A text with random access from several threads, in memory or in a file.
class TextSource {
 public:
  TextSource() = default;
  TextSource(const TextSource&) = delete;
  TextSource& operator=(const TextSource&) = delete;
  virtual ~TextSource() = default;

  [[nodiscard]] virtual std::size_t size() const noexcept = 0;

  /// The whole text, if it is in memory.
  [[nodiscard]] virtual std::optional<std::string_view> in_memory() const noexcept = 0;

  /// Reads from an offset.
  /// @return number of bytes read: `to.size()`, fewer only at the end
  /// @throws SourceError
  virtual std::size_t read(std::size_t offset, std::span<char> to) const = 0;
};

class TextInMemory final : public TextSource {
 public:
  explicit TextInMemory(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t size() const noexcept override { return text_.size(); }
  [[nodiscard]] std::optional<std::string_view> in_memory() const noexcept override {
    return text_;
  }
  std::size_t read(std::size_t offset, std::span<char> to) const override;

 private:
  std::string_view text_;
};

/// A regular file, which the caller opens and closes.
class TextInFile final : public TextSource {
 public:
  TextInFile(int descriptor, std::size_t size) : descriptor_(descriptor), size_(size) {}

  [[nodiscard]] std::size_t size() const noexcept override { return size_; }
  [[nodiscard]] std::optional<std::string_view> in_memory() const noexcept override {
    return std::nullopt;
  }
  std::size_t read(std::size_t offset, std::span<char> to) const override;

 private:
  int descriptor_;
  std::size_t size_;
};

/// A position in a source, with its line.
struct TextPlace {
  std::size_t offset = 0;
  std::size_t line = 1;
  std::size_t line_start = 0;  ///< offset of the line's first byte

  /// The position after `text`, which begins at this one.
  [[nodiscard]] TextPlace behind(std::string_view text) const noexcept;
};

/// Finds the lines of positions in a source by reading its text again. Thread-safe.
class TextLines {
 public:
  explicit TextLines(const TextSource& source) : source_(&source) {}

  [[nodiscard]] TextPlace place_of(std::size_t offset);

 private:
  const TextSource* source_;
  std::mutex mutex_;
  std::map<std::size_t, TextPlace> known_{{0, {}}};  ///< by offset
};

}  // namespace fleetstatus
