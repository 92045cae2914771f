#pragma once
/// A matrix with many columns that each touch few rows, packed so that its products run four wide.
///
/// Columns with the same rows stand together as a group; of each only those rows are kept, padded to a multiple of
/// four. Vectors over rows are as long as the matrix is high or longer; rows that no group names are left alone.
#include <Eigen/Core>
#include <vector>

namespace hipspine {

struct RowRange {
  Eigen::Index first = 0, count = 0;
};

/// Neighbouring columns that touch only some rows: two ranges in ascending order, the second may be empty.
struct ColumnGroup {
  Eigen::Index first = 0, count = 0;  ///< columns
  Eigen::Index row = 0, rows = 0;
  Eigen::Index row2 = 0, rows2 = 0;
  bool operator==(const ColumnGroup&) const = default;
};

/// Columns sorted by what they touch: packed column k is column order[k] of the matrix.
struct ColumnOrder {
  std::vector<Eigen::Index> order;
  std::vector<ColumnGroup> groups;
};

/// @param touches  (parts x columns) true where a column has anything in that part of the rows; at least one part each
/// @param parts    row ranges in ascending order, at most three; no column may touch three of them
[[nodiscard]] ColumnOrder group_columns(const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>& touches,
                                        const std::vector<RowRange>& parts);

/// One per thread; no allocation once used with the largest size.
class PackedColumns {
 public:
  /// @param groups  cover all columns in order, at most 64 rows each; elsewhere P is zero and never read
  void pack(const Eigen::MatrixXd& P, const std::vector<ColumnGroup>& groups);
  /// The same of P's columns in another order, each times its `factor` (by column of P).
  void pack(const Eigen::MatrixXd& P, const Eigen::VectorXd& factor, const ColumnOrder& order);
  /// out += sign P x.
  void add_product(const Eigen::VectorXd& x, double sign, Eigen::VectorXd& out) const;
  /// out = P'y.
  void transposed_product(const Eigen::VectorXd& y, Eigen::VectorXd& out) const;
  /// H += P diag(weight) P', lower triangle.
  void add_gram(const Eigen::VectorXd& weight, Eigen::MatrixXd& H);

 private:
  struct Block {
    ColumnGroup group;
    Eigen::Index size, offset;  // padded rows, where it starts in packed_
  };
  void lay_out(const std::vector<ColumnGroup>& groups);
  std::vector<Block> blocks_;
  Eigen::VectorXd packed_, scaled_;
  std::vector<const double*> column_;  // those that count in add_gram, of one group
};

}  // namespace hipspine
