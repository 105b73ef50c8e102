//! What the order of the lines proves about when each agent ran.

use super::{Block, Builder};
use crate::model::session::{Dispatch, Extent, Status, Timing};

impl Builder {
    /// Gives each dispatch its extent: from its line to where its stretch of the text is over.
    pub(super) fn place_dispatches(&mut self) {
        let first_line = |dispatches: &[Dispatch], block: &Block| block.members.first().map_or(0, |index| dispatches[*index].line);
        for (number, block) in self.blocks.iter().enumerate() {
            let begin = first_line(&self.dispatches, block);
            let stretch_end = self.separations.get(block.stretch).copied().unwrap_or(u64::MAX);
            // Blocks without anything between them may have run in turn or together: for sure only in turn.
            let next = self.blocks.get(number + 1).filter(|next| next.stretch == block.stretch);
            let sure_end = next.map_or(stretch_end, |next| first_line(&self.dispatches, next)).max(begin + 1);
            for index in &block.members {
                let dispatch = &mut self.dispatches[*index];
                let ended = self.ends.get(index).copied();
                dispatch.extent = match dispatch.status {
                    Status::Rejected => None,
                    // What is said of an agent's end in the background is believed, as in other logs.
                    _ if dispatch.background => {
                        let surely = (begin, ended.unwrap_or_default().max(begin + 1));
                        Some(Extent { surely, possibly: (begin, ended.unwrap_or(u64::MAX)) })
                    }
                    _ => Some(Extent { surely: (begin, sure_end), possibly: (begin, stretch_end.max(begin + 1)) }),
                };
                if let (Some(extent), Some(seen)) = (&mut dispatch.extent, self.at_work.get(index)) {
                    extent.surely.1 = extent.surely.1.max(seen + 1);
                    extent.possibly.1 = extent.possibly.1.max(seen + 1);
                }
                if dispatch.requested.is_some() && dispatch.returned.is_some() {
                    dispatch.timing = Timing::Bounds;
                }
            }
        }
    }
}
