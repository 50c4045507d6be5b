//! `docset supersede`.

use super::arguments::SupersedeArguments;
use super::{Console, Desk, Fault};
use crate::lifecycle;

pub(in crate::command) fn run(
    arguments: &SupersedeArguments,
    out: &mut Console,
) -> Result<u8, Fault> {
    let desk = Desk::open(&arguments.target)?;
    let mut old = desk.draft(&desk.find(&arguments.old)?.path)?;
    let mut new = desk.draft(&desk.find(&arguments.new)?.path)?;
    let catalogue = desk.checker.catalogue();
    let refusal = lifecycle::supersede(&mut old, &mut new, catalogue, &desk.records).err();
    desk.finish(&[old, new], refusal.as_slice(), out)
}
