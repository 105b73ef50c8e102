//! The worst that is between each two sides.

use crate::model::overlap::{Overlap, OverlapKind};

/// The worst kind of overlap between each two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    sides: usize,
    cells: Vec<Option<OverlapKind>>,
}

impl Matrix {
    /// The matrix of so many sides. Overlaps that name a side beyond them are left out.
    pub fn new<'o>(sides: usize, overlaps: impl IntoIterator<Item = &'o Overlap>) -> Matrix {
        Matrix::of(sides, overlaps.into_iter().map(|overlap| (overlap.between, overlap.kind)))
    }

    /// The same from pairs and kinds.
    pub fn of(sides: usize, kinds: impl IntoIterator<Item = ((usize, usize), OverlapKind)>) -> Matrix {
        let mut matrix = Matrix { sides, cells: vec![None; sides * sides] };
        for ((one, other), kind) in kinds {
            for (row, column) in [(one, other), (other, one)] {
                if row < sides && column < sides {
                    let cell = &mut matrix.cells[row * sides + column];
                    *cell = (*cell).max(Some(kind));
                }
            }
        }
        matrix
    }

    /// How many sides it has.
    pub fn sides(&self) -> usize {
        self.sides
    }

    /// The worst between two sides; `None` where they have no file in common.
    pub fn worst(&self, one: usize, other: usize) -> Option<OverlapKind> {
        if one < self.sides && other < self.sides { self.cells[one * self.sides + other] } else { None }
    }

    /// Whether a side has a file in common with any other.
    pub fn collides(&self, side: usize) -> bool {
        (0..self.sides).any(|other| self.worst(side, other).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_holds_the_worst_of_its_pair() {
        let matrix = Matrix::of(
            3,
            [((0, 1), OverlapKind::File), ((0, 1), OverlapKind::Conflict), ((1, 0), OverlapKind::Lines), ((1, 9), OverlapKind::File)],
        );
        assert_eq!(matrix.worst(0, 1), Some(OverlapKind::Conflict));
        assert_eq!(matrix.worst(1, 0), Some(OverlapKind::Conflict));
        assert_eq!(matrix.worst(0, 2), None);
        assert!(matrix.collides(1) && !matrix.collides(2));
        assert_eq!(matrix.worst(7, 0), None);
    }
}
